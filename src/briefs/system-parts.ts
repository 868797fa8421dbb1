import {
  type Addressee,
  type Brief,
  type BriefDraft,
  fitted,
  languageParts,
  systemPartsOf,
} from "../domain/brief-fit.ts";
import { mapForms } from "../domain/brief-map.ts";
import { type BriefPart, fixedPart } from "../domain/brief-parts.ts";
import { LANGUAGE_PAGE } from "../domain/goal-files/goal-paths.ts";
import type { Role } from "../domain/model-call.ts";
import type { TreeId } from "../domain/work.ts";
import type { RunContext } from "../engine/context.ts";
import type { Repository } from "../engine/ports.ts";

/** What a role's system part is made of: one tree for a whole plan, and the skills that its tasks name. */
export interface SystemSource {
  readonly repository: Repository;
  readonly tree: TreeId;
  readonly skills: readonly { readonly name: string; readonly own: boolean }[];
}

/** A role's prompt alone: judges know the task and the difference, nothing else. */
export async function rolePart(role: Role, { ports }: RunContext): Promise<readonly BriefPart[]> {
  return [fixedPart("", (await ports.library.role(role)).text)];
}

/** A judge's prompt, and the words that the target keeps to, where it has written them down. */
export async function judgeSystem(
  role: Role,
  { repository, tree }: Pick<SystemSource, "repository" | "tree">,
  context: RunContext,
): Promise<readonly BriefPart[]> {
  return [...(await rolePart(role, context)), ...languageParts(await repository.git.read(tree, LANGUAGE_PAGE))];
}

/** A role's prompt, then what the target says of itself at one tree: the same for every question of that role in a plan. */
export async function systemParts(
  role: Role,
  source: SystemSource,
  { ports }: RunContext,
): Promise<readonly BriefPart[]> {
  const { repository, tree } = source;
  const { git, retrieval } = repository;
  const { text: prompt } = await ports.library.role(role);
  if (tree === "") return [fixedPart("", prompt)];
  const read = async (path: string) => (await git.read(tree, path)) ?? "";
  const skills = source.skills.map(async (skill) => ({
    ...skill,
    text: (await ports.library.skill(skill.name)) ?? "",
  }));
  const paths = (await git.list(tree)).map((file) => file.path);
  return systemPartsOf({
    prompt,
    rules: await read("AGENTS.md"),
    goals: [await read("GOALS.md"), await read("agents/GOALS.md")].filter((text) => text !== "").join("\n\n"),
    skills: await Promise.all(skills),
    map: mapForms(await retrieval.outline(tree), paths),
  });
}

/**
 * The brief within the context of the model that answers.
 * @throws StepFailure `prompt-too-large` when even the least does not fit.
 */
export async function fittedBrief(role: Role, said: BriefDraft, context: RunContext): Promise<Brief> {
  return fitted(said, await addressee(role, context));
}

/** Not a step: it bears on how a question is put, and a model with more room may take over on resume. */
export async function addressee(role: Role, { ports }: RunContext): Promise<Addressee> {
  const model = ports.models.identify(role).name;
  return { role, model, size: await ports.models.contextOf(model) };
}
