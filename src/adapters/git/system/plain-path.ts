const PLAIN = /^(?:[\w@+=,()[\]{}$!#%&'^; -]|\.(?!git|\.|$))[\w@+=,.()[\]{}$!#%&'^; -]*$/i;

/** True for paths that no file system takes for something else, such as `.git`. What is not plain, git itself judges. */
export function isPlain(path: string): boolean {
  return path.split("/").every((name) => PLAIN.test(name));
}
