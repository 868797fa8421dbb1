import { describe, expect, test } from "vitest";
import { kindOfPath, matches, normalisePath, sameFile } from "./paths.ts";
import { protectedReason } from "./protected-paths.ts";
import type { ToolProfile } from "./tool-profile.ts";

describe("a path that a model wrote", () => {
  test.each([
    "src/pricing.ts",
    "README.md",
    "app/[id]/page.tsx",
    "src/app/(shop)/cart page.tsx",
    "docs/größe/日本.md",
    "-odd/--name.ts",
    ".eslintrc.json",
    "src/.gitkeep",
    "a/b~",
    "..a/b..c",
    "git~tilde.txt",
    "src/console.ts",
    "console/com.ts",
  ])("%s may be written as it stands", (path) => {
    expect(normalisePath(path)).toEqual({ kind: "ok", path });
  });

  test("./ in front is dropped", () => {
    expect(normalisePath("././src/a.ts")).toEqual({ kind: "ok", path: "src/a.ts" });
  });

  test.each([
    ["../x.ts", "climbs"],
    ["src/../../x.ts", "climbs"],
    ["src/..", "climbs"],
    ["src/．．/x.ts", "climbs"],
    ["src/.. /x.ts", "climbs"],
    ["/etc/passwd", "absolute"],
    ["C:/Windows/x", "drive"],
    ["c:x", "drive"],
    ["src\\a.ts", "backslash"],
    ["\\\\server\\share", "backslash"],
    ["~/x", "home"],
    ["~root/x", "home"],
    ["", "empty"],
    ["src//a.ts", "empty segment"],
    ["src/", "folder"],
    ["src/./a.ts", "dots"],
    ["a\0b", "NUL"],
    ["a\nb", "control"],
    ["a\u001b[31m", "control"],
    [".git/config", "git's own"],
    [".GIT/hooks/post-commit", "git's own"],
    ["sub/.Git/x", "git's own"],
    [".git", "git's own"],
    [".git./config", "git's own"],
    [".git /config", "git's own"],
    ["GIT~1/config", "git's own"],
    [".gi\u200ct/config", "invisible"],
    [".\u200dgit/config", "invisible"],
    ["\uFEFF.git/config", "invisible"],
    [".git::$INDEX_ALLOCATION/config", "colon"],
    ["．git/config", "git's own"],
    ["a.txt:stream", "colon"],
    ["src/a.ts ", "dot or a space"],
    ["src/a./b", "dot or a space"],
    ["src/aux.ts", "device"],
    ["NUL", "device"],
    ["com1.txt", "device"],
    ["x".repeat(401), "longer"],
    [`${"y".repeat(256)}/a`, "longer"],
  ])("%j is refused", (path, why) => {
    expect(normalisePath(path)).toMatchObject({ kind: "refused", why: expect.stringContaining(why) });
  });
});

test("two spellings of one file are the same file", () => {
  expect(sameFile("src/Pricing.ts", "src/pricing.ts")).toBe(true);
  expect(sameFile("caf\u00e9.ts", "cafe\u0301.ts")).toBe(true);
  expect(sameFile("straße.ts", "STRASSE.ts")).toBe(true);
  expect(sameFile("src/a.ts", "src/b.ts")).toBe(false);
});

describe("globs", () => {
  test.each([
    [["src/**"], "src/a/b.ts", true],
    [["src/*.ts"], "src/a/b.ts", false],
    [["src/"], "src/a/b.ts", true],
    [["**/*.{ts,tsx}"], ".storybook/main.ts", true],
    [["app/[id]/page.tsx"], "app/[id]/page.tsx", true],
    [["app/[id]/page.tsx"], "app/i/page.tsx", false],
    [["app/[id]/*.tsx"], "app/[id]/page.tsx", true],
    [["app/[id]/*.tsx"], "app/d/page.tsx", false],
    [["app/(shop)/**"], "app/(shop)/cart.tsx", true],
    [["**/?(*.)+(spec|test).[jt]s?(x)"], "src/a.test.tsx", true],
    [["**/?(*.)+(spec|test).[jt]s?(x)"], "src/a.ts", false],
    [["test_*.py", "!test_old.py"], "test_old.py", false],
    [["./src/a.ts"], "src/a.ts", true],
    [["src"], "src/a.ts", false],
    [[], "src/a.ts", false],
  ])("%j names %s: %s", (globs, path, expected) => {
    expect(matches(globs, path)).toBe(expected);
  });
});

test("a path is a test, infrastructure, a manifest or code", () => {
  const profile: ToolProfile = {
    suites: [
      {
        name: "tests",
        runner: "pytest",
        version: "pytest 8",
        dir: ".",
        tests: ["tests/**/test_*.py"],
        infrastructure: ["**/conftest.py", "pyproject.toml"],
      },
    ],
    manifests: ["pyproject.toml", "poetry.lock"],
  };
  const kinds = ["tests/test_a.py", "tests/conftest.py", "pyproject.toml", "poetry.lock", "app/main.py"];
  expect(kinds.map((path) => kindOfPath(path, profile))).toEqual([
    "test",
    "infrastructure",
    "manifest",
    "manifest",
    "code",
  ]);
});

describe("protected paths", () => {
  test.each([
    [".github/workflows/ci.yml", "ci"],
    [".GitHub/workflows/ci.yml", "ci"],
    ["packages/a/.gitlab-ci.yml", "ci"],
    ["Jenkinsfile", "ci"],
    ["jenkinsfile", "ci"],
    [".gitattributes", "git"],
    [".gitignore", "git"],
    ["sub/.gitmodules", "git"],
    [".husky/pre-commit", "git"],
    [".pre-commit-config.yaml", "git"],
    ["millwright.yaml", "mill"],
    [".millwright/journal.db", "mill"],
    [".agents/roles/reviewer.md", "mill"],
    [".claude/settings.json", "agents"],
    [".mcp.json", "agents"],
    [".vscode/tasks.json", "agents"],
    [".envrc", "shell"],
    [".bashrc", "shell"],
    [".env", "secrets"],
    [".env.production", "secrets"],
    [".npmrc", "toolchain"],
    ["tsconfig.json", "toolchain"],
    ["packages/a/tsconfig.build.json", "toolchain"],
    ["vitest.config.ts", "toolchain"],
    ["jest.config.js", "toolchain"],
    ["eslint.config.mjs", "toolchain"],
    [".eslintrc.cjs", "toolchain"],
    ["ruff.toml", "toolchain"],
    ["pytest.ini", "toolchain"],
    ["infra/main.tf", "configured"],
  ])("%s is protected (%s)", (path, kind) => {
    expect(protectedReason(path, ["infra/**"])).toMatchObject({ kind });
  });

  test.each([
    "src/git.ts",
    "src/env.ts",
    ".env.example",
    "AGENTS.md",
    "package.json",
    "docs/ci.md",
    "src/tsconfig/read.ts",
    "src/vite.ts",
  ])("%s is not", (path) => {
    expect(protectedReason(path, ["infra/**"])).toBeUndefined();
  });

  test("the config can take a toolchain file out of every task's reach", () => {
    expect(protectedReason("tsconfig.json", ["tsconfig.json"])?.kind).toBe("configured");
  });
});
