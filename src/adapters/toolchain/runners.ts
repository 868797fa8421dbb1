import type { Runner } from "../../domain/config.ts";
import { type LaunchOptions, type RunnerAdapter, titlePattern } from "./runner.ts";

const JS = "{js,jsx,ts,tsx,mjs,cjs,mts,cts}";
const SET_UP = [
  `**/{test,vitest,jest,mocha}{.,-,_}{setup,global-setup,globalSetup}.${JS}`,
  `**/{setup,global}{Tests,Test,-tests,-test,Setup,-setup}.${JS}`,
];

const vitest: RunnerAdapter = {
  package: "vitest",
  tests: [`**/*.{test,spec}.${JS}`],
  infrastructure: [
    `**/{vitest,vite}.{config,workspace,setup}.${JS}`,
    "**/vitest.workspace.json",
    "**/__snapshots__/**",
    "**/__mocks__/**",
    ...SET_UP,
  ],
  launch: ({ suite, reporters, files, titles }) => ({
    command: suite.command ?? "vitest run",
    flags: [
      `--reporter=${reporters}/vitest.mjs`,
      "--watch=false",
      "--bail=0",
      "--retry=0",
      "--allowOnly=false",
      "--passWithNoTests=false",
      "--coverage.enabled=false",
      ...(titles ? [`--testNamePattern=${titlePattern(titles, " ")}`] : []),
      ...(files ?? []),
    ],
    env: {},
  }),
};

const jest: RunnerAdapter = {
  package: "jest",
  tests: [`**/*.{test,spec}.${JS}`, `**/__tests__/**/*.${JS}`],
  infrastructure: [
    `**/jest.{config,setup}*.${JS}`,
    "**/jest.config.json",
    "**/__snapshots__/**",
    "**/__mocks__/**",
    ...SET_UP,
  ],
  launch: ({ suite, reporters, scratch, files, titles, testMilliseconds }) => ({
    command: suite.command ?? "jest",
    flags: [
      "--ci",
      `--reporters=${reporters}/jest.cjs`,
      `--cacheDirectory=${scratch}/jest`,
      "--watchAll=false",
      "--bail=0",
      "--coverage=false",
      "--passWithNoTests=false",
      "--colors=false",
      ...(testMilliseconds === undefined ? [] : [`--testTimeout=${testMilliseconds}`]),
      ...(titles ? [`--testNamePattern=${titlePattern(titles, " ")}`] : []),
      ...(files ? ["--runTestsByPath", ...files] : []),
    ],
    env: {},
  }),
};

const mocha: RunnerAdapter = {
  package: "mocha",
  tests: [`test/*.{js,cjs,mjs}`, `**/*.{test,spec}.${JS}`],
  infrastructure: ["**/.mocharc.{js,cjs,mjs,json,jsonc,yml,yaml}", "test/mocha.opts", "**/__snapshots__/**", ...SET_UP],
  launch: ({ suite, reporters, files, titles }) => ({
    command: suite.command ?? "mocha",
    flags: [
      `--reporter=${reporters}/mocha.cjs`,
      "--no-color",
      "--forbid-only",
      "--retries=0",
      "--no-bail",
      ...(titles ? [`--grep=${titlePattern(titles, " ")}`] : []),
      ...(files ?? []),
    ],
    env: {},
  }),
};

const nodeTest: RunnerAdapter = {
  tests: [
    "**/*.test.{js,mjs,cjs}",
    "**/*-test.{js,mjs,cjs}",
    "**/*_test.{js,mjs,cjs}",
    "**/test-*.{js,mjs,cjs}",
    "**/test.{js,mjs,cjs}",
    "**/test/**/*.{js,mjs,cjs}",
  ],
  infrastructure: ["**/node.config.json", ...SET_UP],
  needsFiles: true,
  launch: ({ suite, reporters, files }) => ({
    command: suite.command ?? "node --test",
    flags: [`--test-reporter=${reporters}/node-test.mjs`, "--test-reporter-destination=stdout", ...(files ?? [])],
    env: {},
  }),
};

const pytest: RunnerAdapter = {
  tests: ["**/test_*.py", "**/*_test.py"],
  infrastructure: [
    "**/conftest.py",
    "**/pytest.ini",
    "**/.pytest.ini",
    "**/tox.ini",
    "**/setup.cfg",
    "**/pyproject.toml",
    "**/__snapshots__/**",
    "**/sitecustomize.py",
  ],
  launch: ({ suite, reporters, python, files, titles }) => ({
    command: suite.command ?? `${python} -m pytest`,
    flags: [
      "-p",
      "millwright_pytest",
      "-p",
      "no:cacheprovider",
      "--color=no",
      "--maxfail=0",
      "--continue-on-collection-errors",
      ...pytestTargets(files, titles),
    ],
    env: { PYTHONPATH: reporters },
  }),
};

/** Single tests when one file was asked for: a node id names its file. */
function pytestTargets(files: LaunchOptions["files"], titles: LaunchOptions["titles"]): readonly string[] {
  const [file] = files ?? [];
  if (file === undefined) return [];
  if (titles === undefined || files?.length !== 1) return files ?? [];
  return titles.map((path) => [file, ...path].join("::"));
}

/** The runners that report test by test through a reporter of ours. */
export const RUNNER_ADAPTERS: Readonly<Partial<Record<Runner, RunnerAdapter>>> = {
  vitest,
  jest,
  mocha,
  "node-test": nodeTest,
  pytest,
};
