/** The corpus as a project of node:test: one file `src/kit.js`, to which each task adds a function. */
export const fileOf = () => "src/kit.js";

const KEEP = `export function keep(value) {
  return value;
}

export function hold(value) {
  return value;
}
`;

/** `src/kit.js` with the task's function in it. */
export function codeOf({ name, parameters, body }) {
  return `${KEEP}\nexport function ${name}(${parameters}) {\n${body}\n}\n`;
}

/** The task's test file: one test a criterion, which shows its cases; `more` are tests of further cases. */
export function testsOf({ name, shown }, more = []) {
  const lines = ([input, output]) =>
    `  assert.deepEqual(${name}(${input.map((one) => JSON.stringify(one)).join(", ")}), ${JSON.stringify(output)});`;
  const one = (title, cases) => `test(${JSON.stringify(title)}, () => {\n${cases.map(lines).join("\n")}\n});\n`;
  const tests = Object.entries(shown).map(([id, cases]) => one(`${id} ${name}`, cases));
  if (more.length > 0) tests.push(one(`${Object.keys(shown)[0]} ${name}, further cases`, more));
  return `import assert from "node:assert/strict";\nimport { test } from "node:test";\nimport { ${name} } from "../src/kit.js";\n\n${tests.join("\n")}`;
}

/** The repository's files before the task. */
export function filesOf({ name, accept }) {
  return {
    "package.json": '{ "name": "kit", "type": "module", "private": true }\n',
    "specs/kit.md": `# ${name}\n\n${accept.map(([, text]) => `- ${text}`).join("\n")}\n`,
    "src/kit.js": KEEP,
    "test/kit.test.js":
      'import assert from "node:assert/strict";\nimport { test } from "node:test";\nimport { keep } from "../src/kit.js";\n\ntest("keeps", () => assert.equal(keep(1), 1));\n',
    "millwright.yaml":
      "models: { default: mailbox }\nindependence: none\nsuites: [{ runner: node-test }]\ndependencies: { install: none }\nlimits: { testSeconds: 20, attempts: 4 }\n",
  };
}
