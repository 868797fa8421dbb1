/**
 * Answers a question once for as long as its answer is among the last `most`: for what can have one answer only, such as
 * the id of a content. A question that failed is asked again.
 */
export function knownResults<Result>(most: number): (key: string, find: () => Promise<Result>) => Promise<Result> {
  const kept = new Map<string, Promise<Result>>();
  return (key, find) => {
    const result = kept.get(key) ?? find();
    kept.delete(key);
    kept.set(key, result);
    result.catch(() => {
      if (kept.get(key) === result) kept.delete(key);
    });
    const [oldest] = kept.keys();
    if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    return result;
  };
}
