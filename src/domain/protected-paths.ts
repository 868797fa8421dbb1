import { folded, matches } from "./paths.ts";

/** Why no task may write a path. `toolchain`: a task of kind `config` that names the file exactly may. */
export interface Protection {
  readonly kind: "git" | "mill" | "ci" | "agents" | "shell" | "secrets" | "toolchain" | "configured";
  readonly why: string;
}

/** The built-in protected paths; earlier entries win. */
export const PROTECTED: readonly (Protection & { readonly globs: readonly string[] })[] = [
  {
    kind: "git",
    why: "it steers git itself, and git must behave the same before and after a task",
    globs: ["**/.git", "**/.git/**", "**/.git{ignore,attributes,modules,config}", "**/.githooks/**", "**/.husky/**"],
  },
  {
    kind: "git",
    why: "it runs on every commit of every developer",
    globs: ["**/.pre-commit-config.y{a,}ml", "**/lefthook*.y{a,}ml", "**/.lefthook/**", "**/.lintstagedrc*"],
  },
  {
    kind: "mill",
    why: "it steers the mill, and the mill does not let a model change its own rules",
    globs: ["**/millwright.y{a,}ml", "**/.millwright/**", "**/.agents/**", "corrections/**"],
  },
  {
    kind: "ci",
    why: "it runs with the project's secrets on its build server",
    globs: [
      "**/.github/**",
      "**/.gitlab-ci.yml",
      "**/.gitlab/**",
      "**/.circleci/**",
      "**/.ci/**",
      "**/.buildkite/**",
      "**/.forgejo/**",
      "**/.gitea/**",
      "**/Jenkinsfile*",
      "**/azure-pipelines*.y{a,}ml",
      "**/bitbucket-pipelines.yml",
      "**/.{travis,drone,appveyor,cirrus,woodpecker}.y{a,}ml",
      "**/{appveyor,cloudbuild}.y{a,}ml",
    ],
  },
  {
    kind: "agents",
    why: "it gives orders to editors and agents on a developer's machine",
    globs: [
      "**/.{claude,cursor,codex,gemini,opencode,vscode,idea,zed,devcontainer,windsurf}/**",
      "**/.mcp.json",
      "**/.{cursorrules,windsurfrules}",
    ],
  },
  {
    kind: "shell",
    why: "a shell runs it when somebody opens the folder",
    globs: ["**/.envrc", "**/.{bash,zsh,fish}rc", "**/.{bash_profile,profile,zprofile,zshenv}", "**/.mise.toml"],
  },
  {
    kind: "secrets",
    why: "it holds secrets or settings of one machine",
    globs: ["**/.env", "**/.env.*", "**/.{netrc,pypirc}"],
  },
  {
    kind: "toolchain",
    why: "it steers what tests, linters or installs do; that takes a task of kind config that names it",
    globs: [
      "**/.npmrc",
      "**/.yarnrc*",
      "**/.pnpmfile.*",
      "**/pip.conf",
      "**/{vitest,vite,jest,babel,playwright,cypress,karma}.config.*",
      "**/vitest.workspace.*",
      "**/jest.setup.*",
      "**/.{mocha,nyc,babel,swc}rc*",
      "**/{pytest,tox,mypy}.ini",
      "**/.pytest.ini",
      "**/eslint.config.*",
      "**/.{eslint,prettier,stylelint,oxlint,jshint,pylint}rc*",
      "**/.{eslint,prettier}ignore",
      "**/{biome,deno}.json{c,}",
      "**/{ts,js}config.json",
      "**/{ts,js}config.*.json",
      "**/{pyrightconfig,basedpyrightconfig}.json",
      "**/{ruff,.ruff}.toml",
      "**/.{flake8,pylintrc,coveragerc}",
    ],
  },
];

const TEMPLATES = ["**/.env.{example,sample,template,dist}"];

/** Why `path` may not be written by a task, or undefined; `configured` are the globs of the config, beside the built-in ones. */
export function protectedReason(path: string, configured: readonly string[]): Protection | undefined {
  const spellings = [path, folded(path)];
  const names = (globs: readonly string[]) => spellings.some((spelling) => matches(globs, spelling));
  const builtIn = PROTECTED.find((entry) => names(entry.globs) || names(entry.globs.map(folded)));
  if (builtIn && builtIn.kind !== "toolchain" && !names(TEMPLATES)) return { kind: builtIn.kind, why: builtIn.why };
  if (names(configured)) return { kind: "configured", why: "the config names it under `protected`" };
  return builtIn && !names(TEMPLATES) ? { kind: builtIn.kind, why: builtIn.why } : undefined;
}
