/** The rooms of the house and the doors between them. Read the comments: they are the architecture. */
const TESTS = "[.](test|contract)[.]ts$";
const PORTS = "^src/engine/ports([.]ts$|/)";
const COMPOSE = "^src/(compose([.]ts$|/)|mill[.]ts$)";
const NPM = ["npm", "npm-dev", "npm-optional", "npm-peer", "npm-no-pkg", "npm-unknown"];
const DOMAIN_PACKAGES = [
  "zod",
  "@noble/hashes",
  "picomatch",
  "diff",
  "yaml",
  "fastest-levenshtein",
  "mdast",
  "mdast-util-from-markdown",
];

const room = (name) => `^src/${name}/`;

/** A room may import itself and the doors named; its tests may import anything. */
const only = (name, from, comment, ...doors) => ({
  name,
  comment,
  severity: "error",
  from: { path: from, pathNot: TESTS },
  to: { path: "^src/", pathNot: [from, ...doors] },
});

const forbid = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

export default {
  forbidden: [
    forbid("no-circular", "Two files that need each other are one file, or three.", {}, { circular: true }),
    forbid(
      "no-orphans",
      "Nobody imports it and it imports nobody: delete it.",
      { orphan: true, path: "^src/", pathNot: ["^src/apps/cli/main[.]ts$", "^src/index[.]ts$", TESTS, "[.]d[.]ts$"] },
      {},
    ),
    forbid("no-lost-imports", "An import that leads nowhere fails at the user's.", {}, { couldNotResolve: true }),

    only(
      "domain-knows-nothing",
      room("domain"),
      "Nouns and rules: testable with a literal, because no other room is in it.",
    ),
    forbid(
      "domain-packages",
      "The rules stand on a few pure, small packages. Another one needs an ADR.",
      { path: room("domain"), pathNot: TESTS },
      { dependencyTypes: NPM, pathNot: DOMAIN_PACKAGES.map((name) => `node_modules/(@types/)?${name}/`) },
    ),
    only(
      "engine-sees-domain",
      room("engine"),
      "The loop sees the world only through ports, so that a replay walks the same path.",
      room("domain"),
      room("briefs"),
    ),
    only(
      "briefs-are-words",
      room("briefs"),
      "What a role is told, read through ports. A brief decides nothing: it knows where the loop stands, not how it goes on.",
      room("domain"),
      "^src/engine/(ports|context|delivery|step)[.]ts$",
    ),
    only(
      "ports-are-promises",
      PORTS,
      "A port says what is promised. It knows the nouns and never the loop that calls it.",
      room("domain"),
    ),
    forbid(
      "engine-packages",
      "The loop is ours: a package here would be a second author of what happens next.",
      { path: [room("engine"), room("briefs")], pathNot: TESTS },
      { dependencyTypes: NPM },
    ),
    only(
      "views-fold-events",
      room("views"),
      "Views are pure functions of the journal: the same fold feeds terminal and browser.",
      room("domain"),
    ),
    forbid(
      "pure-rooms-touch-no-world",
      "No node:fs, no node:child_process, no node:crypto here. Ask a port.",
      { path: [room("domain"), room("engine"), room("briefs"), room("views")], pathNot: TESTS },
      { dependencyTypes: ["core"] },
    ),

    only(
      "adapters-implement-ports",
      room("adapters"),
      "An adapter keeps a port's promise. It may not call the loop, draw a screen, or choose its neighbours.",
      room("domain"),
      PORTS,
    ),
    forbid(
      "adapters-do-not-know-each-other",
      "Docker must not know Ollama. Two adapters meet in compose.ts; siblings share the files directly in their port's folder.",
      { path: "^src/adapters/([^/]+)/([^/]+)/", pathNot: TESTS },
      { path: "^src/adapters/", pathNot: ["^src/adapters/$1/$2/", "^src/adapters/$1/[^/]+$"] },
    ),
    forbid(
      "shared-pieces-choose-no-adapter",
      "What the implementations of a port share may not depend on one of them, nor on another port's.",
      { path: "^src/adapters/([^/]+)/[^/]+$", pathNot: TESTS },
      { path: "^src/adapters/", pathNot: "^src/adapters/$1/[^/]+$" },
    ),

    only(
      "apps-are-thin",
      room("apps"),
      "Parse, compose, show. Whatever else an app needs is offered by compose.ts.",
      room("views"),
      room("domain"),
      COMPOSE,
    ),
    forbid(
      "nobody-below-knows-the-apps",
      "Arrows only point down.",
      { path: ["^src/index[.]ts$", COMPOSE], pathNot: TESTS },
      { path: room("apps") },
    ),
    forbid(
      "nobody-imports-the-barrel",
      "index.ts is for outsiders; inside, name the file.",
      { path: "^src/", pathNot: TESTS },
      { path: "^src/index[.]ts$" },
    ),
    forbid(
      "tests-stay-outside",
      "What is shipped may not need a test, a script or a benchmark.",
      { path: "^src/", pathNot: TESTS },
      { path: [TESTS, "^(test|scripts|bench)/"] },
    ),
    forbid(
      "no-development-packages",
      "A package in devDependencies is not there at the user's.",
      { path: "^src/", pathNot: TESTS },
      { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"], pathNot: "node_modules/@types/" },
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|tmp)/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "require", "types"],
      mainFields: ["module", "main", "types"],
      extensions: [".ts", ".mjs", ".js", ".json", ".d.ts"],
    },
  },
};
