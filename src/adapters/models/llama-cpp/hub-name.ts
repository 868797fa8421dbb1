/** `hf:owner/repo:quant`: a model of a hub, in one quantisation. */
export interface HubName {
  readonly owner: string;
  readonly repo: string;
  /** Such as `Q4_K_M`, or a file's whole name; undefined: `Q4_K_M`, or the only one that there is. */
  readonly quant: string | undefined;
}

const USUAL = "Q4_K_M";

/** Undefined when it is no such name. */
export function parseHubName(text: string): HubName | undefined {
  const parts = /^hf:([A-Za-z0-9][\w.-]*)\/([A-Za-z0-9][\w.-]*)(?::([\w.-]+))?$/.exec(text);
  if (parts === null || text.includes("..")) return undefined;
  const [, owner = "", repo = "", quant] = parts;
  return { owner, repo, quant };
}

/** The file of a quantisation, or its parts in order; none when there is no such file. Paths may have folders. */
export function pickFiles(paths: readonly string[], quant: string | undefined): readonly string[] {
  const models = paths.filter((path) => path.endsWith(".gguf") && !/(^|\/)mmproj/i.test(path));
  const whole = models.filter((path) => path.split("/").at(-1) === quant);
  if (whole.length > 0) return whole;
  const wanted = (quant ?? USUAL).toLowerCase();
  const named = models.filter((path) => quantOf(path).toLowerCase() === wanted);
  const only = new Set(models.map(quantOf)).size === 1 ? models : [];
  return onceEach(named.length === 0 && quant === undefined ? only : named);
}

/** Every quantisation that the files are of, sorted. */
export function quantsIn(paths: readonly string[]): readonly string[] {
  const models = paths.filter((path) => path.endsWith(".gguf") && !/(^|\/)mmproj/i.test(path));
  return [...new Set(models.map(quantOf))].sort();
}

/** Of a model that is there both whole and in parts, the whole one. */
function onceEach(paths: readonly string[]): readonly string[] {
  const whole = paths.filter((path) => !PART.test(path)).slice(0, 1);
  return whole.length > 0 ? whole : [...paths].sort();
}

const PART = /-\d{5}-of-\d{5}\.gguf$/;
const QUANT = /(?:^|[-._])((?:UD-)?(?:I?Q\d+(?:_\w+)?|TQ\d_\d|BF16|F16|F32|FP16|MXFP4(?:_MOE)?))$/i;

function quantOf(path: string): string {
  const name = (path.split("/").at(-1) ?? "").replace(PART, "").replace(/\.gguf$/, "");
  return QUANT.exec(name)?.[1]?.toUpperCase() ?? name;
}
