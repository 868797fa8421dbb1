/** How a failure is made: files, and the command that fails on them. */

export const all = (label, tool, cases) =>
  Object.entries(cases).map(([name, made]) => {
    const { run, files = {} } = typeof made === "string" ? { run: made } : made;
    return { label, tool, name: `${tool}: ${name}`, run, files };
  });

export const py = (body) => ({ run: "$PY main.py", files: { "main.py": `${body}\n` } });
export const pytest = (body, more = {}) => ({ run: "$PYTEST -q", files: { "test_it.py": `${body}\n`, ...more } });
export const js = (body) => ({ run: "$NODE main.mjs", files: { "main.mjs": `${body}\n` } });
export const cjs = (body) => ({ run: "$NODE main.cjs", files: { "main.cjs": `${body}\n` } });
export const vitest = (body, more = {}) => ({
  run: "$VITEST run",
  files: { "it.test.ts": `import { expect, test } from "vitest";\n${body}\n`, ...more },
});
export const nodeTest = (body) => ({
  run: "$NODE --test it.test.mjs",
  files: { "it.test.mjs": `import assert from "node:assert/strict";\nimport { test } from "node:test";\n${body}\n` },
});
export const tsc = (body) => ({
  run: "$TSC --noEmit --strict --module nodenext main.ts",
  files: { "main.ts": `${body}\n` },
});
