import type { Config, Suite } from "./config.ts";
import { connectorProblems } from "./connectors/allowed.ts";
import { BUILT_IN, backendOf, EMBEDDED, namedModels } from "./known-backends.ts";
import { AGENT_KINDS } from "./model-config.ts";
import { didYouMean } from "./nearest-word.ts";
import { normalisePath } from "./paths.ts";
import { PRICES_AS_OF, priceOf } from "./prices.ts";
import type { YamlPath } from "./yaml-text.ts";

/** Something in the config that no single value shows. */
export interface ConfigProblem {
  readonly path: YamlPath;
  readonly message: string;
}

type ConfigRule = (config: Config) => readonly ConfigProblem[];

const TAKEN: readonly string[] = [...BUILT_IN, EMBEDDED, ...AGENT_KINDS];

/** Every rule of the config that goes over more than one value. */
export const CONFIG_RULES: readonly ConfigRule[] = [
  suitesHaveCommands,
  suitesHaveReports,
  suitesHaveNamesOfTheirOwn,
  suitesStayInside,
  serversDoNotHideBackends,
  serversAreWebAddresses,
  agentsHaveCommands,
  keysAreNamesOfVariables,
  modelsHaveBackends,
  imagesNeedContainers,
  pricesAreForModels,
  moneyNeedsPrices,
  worktreesNameThePlan,
  protectedGlobsOnlyProtect,
  connectorProblems,
];

function suitesHaveCommands({ suites }: Config): readonly ConfigProblem[] {
  const needing: readonly string[] = ["junit", "tap", "command"];
  return eachSuite(suites, (suite) =>
    needing.includes(suite.runner) && suite.command === undefined
      ? { key: "runner", message: `runner ${suite.runner} needs a command that starts it.` }
      : undefined,
  );
}

function suitesHaveReports({ suites }: Config): readonly ConfigProblem[] {
  return eachSuite(suites, (suite) => {
    if (suite.runner === "junit" && suite.report === undefined)
      return { key: "runner", message: "runner junit needs `report`: the XML file that the command writes." };
    if (suite.runner !== "junit" && suite.report !== undefined)
      return { key: "report", message: `report is for runner junit; ${suite.runner} is read in its own way.` };
    return undefined;
  });
}

function suitesHaveNamesOfTheirOwn({ suites }: Config): readonly ConfigProblem[] {
  const names = suites.map((suite) => suite.name);
  return eachSuite(suites, (suite, at) =>
    names.indexOf(suite.name) < at
      ? { key: "name", message: `there is already a suite named ${suite.name}; give each a name.` }
      : undefined,
  );
}

function suitesStayInside({ suites }: Config): readonly ConfigProblem[] {
  return suites.flatMap((suite, at) =>
    (["dir", "report"] as const).flatMap((key) => {
      const value = suite[key];
      if (value === undefined || value === ".") return [];
      const normal = normalisePath(value.replace(/\/$/, ""));
      return normal.kind === "ok"
        ? []
        : [{ path: ["suites", at, key], message: `suites[${at}].${key}: ${normal.why}.` }];
    }),
  );
}

function serversDoNotHideBackends({ servers, agents }: Config): readonly ConfigProblem[] {
  const bad = (name: string, section: "servers" | "agents"): string | undefined => {
    if (/[/\s]/.test(name)) return "a name holds no slash and no space.";
    if (section === "agents") return hiddenByAgent(name, agents[name]?.kind, servers);
    return TAKEN.includes(name) ? `${name} is a backend of its own; give the server another name.` : undefined;
  };
  return (["servers", "agents"] as const).flatMap((section) =>
    Object.keys(section === "servers" ? servers : agents).flatMap((name) => {
      const why = bad(name, section);
      return why === undefined ? [] : [{ path: [section, name], message: `${section}.${name}: ${why}` }];
    }),
  );
}

function hiddenByAgent(name: string, kind: string | undefined, servers: Config["servers"]): string | undefined {
  if (name in servers) return `there is a server ${name} too; give one of them another name.`;
  return TAKEN.includes(name) && name !== kind
    ? `${name} is a backend of its own; give the agent another name.`
    : undefined;
}

function agentsHaveCommands({ agents }: Config): readonly ConfigProblem[] {
  return Object.entries(agents)
    .filter(([, { kind, command }]) => kind === "acp" && command === undefined)
    .map(([name]) => ({
      path: ["agents", name],
      message: `agents.${name}: kind acp needs a command that starts the agent.`,
    }));
}

function serversAreWebAddresses({ servers, agents }: Config): readonly ConfigProblem[] {
  return Object.entries({ servers, agents }).flatMap(([section, entries]) =>
    Object.entries(entries).flatMap(([name, { url }]) => {
      const why = url === undefined ? undefined : urlProblem(url);
      return why === undefined ? [] : [{ path: [section, name, "url"], message: `${section}.${name}.url: ${why}` }];
    }),
  );
}

function urlProblem(url: string): string | undefined {
  if (!/^https?:\/\//i.test(url)) return "must start with http:// or https://.";
  return /^https?:\/\/[^/]*@/i.test(url)
    ? "must not hold a password; name the variable that holds the key under `key`."
    : undefined;
}

function keysAreNamesOfVariables({ servers, agents }: Config): readonly ConfigProblem[] {
  const all = Object.entries({ servers, agents }).flatMap(([section, entries]) =>
    Object.entries(entries).map(([name, { key }]) => ({ section, name, key })),
  );
  return all
    .filter(({ key }) => key !== undefined && !/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(key))
    .map(({ section, name }) => ({
      path: [section, name, "key"],
      message: `${section}.${name}.key: is the name of an environment variable, such as OPENAI_API_KEY, and never the key itself. If that was a key, replace it.`,
    }));
}

function modelsHaveBackends(config: Config): readonly ConfigProblem[] {
  return namedModels(config).flatMap(({ path, name }) => {
    const backend = backendOf(config, name);
    return backend.kind === "nothing" ? [{ path: [...path], message: `${path.join(".")}: ${backend.problem}` }] : [];
  });
}

function imagesNeedContainers({ image, sandbox }: Config): readonly ConfigProblem[] {
  if (image === undefined || (sandbox !== "none" && sandbox !== "bubblewrap")) return [];
  return [
    {
      path: ["image"],
      message: `image is for \`sandbox: podman\` or \`sandbox: docker\`; the sandbox here is ${sandbox}.`,
    },
  ];
}

/** A model that no role uses may be named on the command line, to run or to be compared; one that leads nowhere is a slip. */
function pricesAreForModels({ prices, ...config }: Config): readonly ConfigProblem[] {
  const used = usedModels(config);
  return Object.keys(prices)
    .filter((name) => !used.includes(name) && backendOf(config, name).kind === "nothing")
    .map((name) => ({
      path: ["prices", name],
      message: `prices.${name}: no role uses this model.${didYouMean(name, used)}`,
    }));
}

function moneyNeedsPrices(config: Config): readonly ConfigProblem[] {
  const { money, task, day } = config.budget;
  if (money === undefined && task?.money === undefined && day?.money === undefined) return [];
  return usedModels(config)
    .filter((name) => backendOf(config, name).kind !== "nothing" && priceOf(config, name).kind === "unknown")
    .map((name) => ({
      path: ["budget", ...(money === undefined ? [] : ["money"])],
      message: `budget.money cannot be counted without the price of ${name}, which the table of ${PRICES_AS_OF} does not have; write it under prices.`,
    }));
}

function worktreesNameThePlan({ worktrees }: Config): readonly ConfigProblem[] {
  const unknown = /\{(?!plan\})[^}]*\}/.exec(worktrees)?.[0];
  if (unknown)
    return [{ path: ["worktrees"], message: `worktrees: ${unknown} is not replaced by anything; only {plan} is.` }];
  return worktrees.includes("{plan}")
    ? []
    : [{ path: ["worktrees"], message: "worktrees: must hold {plan}, so that two plans do not share a folder." }];
}

function protectedGlobsOnlyProtect(config: Config): readonly ConfigProblem[] {
  return config.protected.flatMap((glob, at) =>
    glob.startsWith("!") || glob.trim() === ""
      ? [
          {
            path: ["protected", at],
            message: `protected[${at}]: names what is protected; nothing can be taken out again with \`!\`.`,
          },
        ]
      : [],
  );
}

function usedModels(config: Pick<Config, "models" | "cheaper">): readonly string[] {
  return [...new Set(namedModels(config).map(({ name }) => name))];
}

function eachSuite(
  suites: readonly Suite[],
  find: (suite: Suite, at: number) => { readonly key: string; readonly message: string } | undefined,
): readonly ConfigProblem[] {
  return suites.flatMap((suite, at) => {
    const found = find(suite, at);
    return found ? [{ path: ["suites", at, found.key], message: `suites[${at}]: ${found.message}` }] : [];
  });
}
