import { openCorrections } from "../adapters/corrections/local/open-corrections.ts";
import { InputError } from "../domain/step-failure.ts";
import type { OpenedRepository } from "./open-repository.ts";

type Repositories = ReadonlyMap<string | undefined, OpenedRepository>;

/**
 * The repositories with their corrections: the main one's as they stand at `commit`, those of others at their heads.
 * @throws InputError with every problem of every correction
 */
export async function correctedRepositories(repositories: Repositories, commit: string): Promise<Repositories> {
  const corrected = new Map<string | undefined, OpenedRepository>();
  const problems: string[] = [];
  for (const [name, opened] of repositories)
    try {
      corrected.set(name, await withCorrections(opened, name === undefined ? commit : "HEAD"));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems.map((problem) => (name === undefined ? problem : `${name}: ${problem}`)));
    }
  if (problems.length > 0) throw new InputError(problems);
  return corrected;
}

async function withCorrections(opened: OpenedRepository, ref: string): Promise<OpenedRepository> {
  const { repository } = opened;
  const found = await repository.git.resolve(ref);
  if (found === undefined) return opened;
  const corrections = await openCorrections({ ...repository, tree: found.tree });
  return corrections.active.length === 0 ? opened : { ...opened, repository: { ...repository, corrections } };
}

/** Ids of the corrections that are switched on; those of another repository as `name/id`. */
export function activeCorrections(repositories: Repositories): readonly string[] {
  return [...repositories].flatMap(([name, { repository }]) =>
    (repository.corrections?.active ?? []).map(({ id }) => (name === undefined ? id : `${name}/${id}`)),
  );
}
