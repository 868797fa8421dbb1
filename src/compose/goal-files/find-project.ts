import { basename } from "node:path";
import type { Suite } from "../../domain/config.ts";
import { type FoundProject, offeredIn, wordsIn } from "../../domain/goal-files/found-project.ts";
import { hasWiki } from "../../domain/wiki/wiki-paths.ts";

const SOURCE = /\.(?:[cm]?[jt]sx?|py)$/;
const NOT_SOURCE =
  /(?:^|\/)(?:node_modules|dist|build|vendor|coverage|\.[^/]+|tests?|__tests__|fixtures|examples?)\/|\.d\.[cm]?ts$|\.min\.js$|[._](?:test|spec)\.|(?:^|\/)test_/;
/** Source files that are read for their names, and words that are kept. */
const MOST = { files: 400, words: 12, folders: 15 } as const;

/** What a repository says of itself: its manifests, its readme, its folders, the names of its code. Nothing of it is run. */
export async function findProject(
  root: string,
  paths: readonly string[],
  suites: readonly Suite[],
  read: (path: string) => Promise<string | undefined>,
): Promise<FoundProject> {
  const manifest = manifestOf(await read("package.json"));
  const readme = paths.find((path) => /^readme(?:\.(?:md|markdown|rst|txt))?$/i.test(path));
  const sources = paths.filter((path) => SOURCE.test(path) && !NOT_SOURCE.test(path)).slice(0, MOST.files);
  const names = await Promise.all(sources.map(async (path) => offeredIn(path, (await read(path)) ?? "")));
  return {
    name: manifest.name ?? basename(root),
    purpose: manifest.description || firstSentence(readme === undefined ? "" : ((await read(readme)) ?? "")),
    commands: commandsOf(manifest.scripts, suites),
    folders: foldersOf(paths),
    words: wordsIn(names.flat(), MOST.words),
    hasWiki: hasWiki(paths),
  };
}

interface Manifest {
  readonly name?: string;
  readonly description: string;
  readonly scripts: readonly string[];
}

function manifestOf(text: string | undefined): Manifest {
  const nothing = { description: "", scripts: [] };
  try {
    const read: unknown = JSON.parse(text ?? "{}");
    if (typeof read !== "object" || read === null) return nothing;
    const { name, description, scripts } = read as Readonly<Record<string, unknown>>;
    return {
      ...(typeof name === "string" && name !== "" ? { name: oneLine(name) } : {}),
      description: typeof description === "string" ? oneLine(description) : "",
      scripts: typeof scripts === "object" && scripts !== null ? Object.keys(scripts) : [],
    };
  } catch {
    return nothing;
  }
}

const PROVES: Readonly<Record<string, string>> = {
  test: "the tests pass",
  typecheck: "the types hold",
  "type-check": "the types hold",
  tsc: "the types hold",
  lint: "the linter has nothing to say",
  build: "it builds",
  check: "what is checked holds",
};

/** Scripts whose names say what they prove; else what the suites run. */
function commandsOf(scripts: readonly string[], suites: readonly Suite[]): FoundProject["commands"] {
  const known = Object.entries(PROVES)
    .filter(([script]) => scripts.includes(script))
    .map(([script, proves]) => ({ run: script === "test" ? "npm test" : `npm run ${script}`, proves }));
  if (known.some(({ run }) => run === "npm test")) return known;
  const tests = suites.flatMap(({ runner, command, dir }) => {
    const run = command ?? USUAL[runner];
    if (run === undefined) return [];
    return [{ run: dir === "." ? run : `cd ${dir} && ${run}`, proves: "the tests pass" }];
  });
  return [...tests, ...known];
}

const USUAL: Readonly<Partial<Record<Suite["runner"], string>>> = {
  vitest: "npx vitest run",
  jest: "npx jest",
  mocha: "npx mocha",
  "node-test": "node --test",
  pytest: "python3 -m pytest",
};

function foldersOf(paths: readonly string[]): FoundProject["folders"] {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const [top, ...rest] = path.split("/");
    if (top === undefined || rest.length === 0) continue;
    counts.set(`${top}/`, (counts.get(`${top}/`) ?? 0) + 1);
  }
  return [...counts]
    .map(([path, files]) => ({ path, files }))
    .sort((one, other) => other.files - one.files || (one.path < other.path ? -1 : 1))
    .slice(0, MOST.folders);
}

/** The first sentence of a readme that is prose: no heading, badge, quote, table or code. */
function firstSentence(text: string): string {
  const prose = text
    .replace(/```[\s\S]*?```/g, "")
    .split(/\n\s*\n/)
    .map((paragraph) => oneLine(paragraph.replace(/<[^>]*>/g, "").replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")))
    .find(
      (paragraph) => /^[A-Za-z`*]/.test(paragraph) && paragraph.split(" ").length > 4 && !/^[-=]+$/.test(paragraph),
    );
  return /^.*?[.!?](?=\s|$)/.exec(prose ?? "")?.[0] ?? prose?.slice(0, 300) ?? "";
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, 300);
}
