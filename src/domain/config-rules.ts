import type { Config, Suite } from "./config.ts";
import { didYouMean } from "./nearest-word.ts";
import { normalisePath } from "./paths.ts";
import type { YamlPath } from "./yaml-text.ts";

/** Something in the config that no single value shows. */
export interface ConfigProblem {
  readonly path: YamlPath;
  readonly message: string;
}

type ConfigRule = (config: Config) => readonly ConfigProblem[];

/** Backends that need no server. */
const BUILT_IN = ["mailbox", "recorded", "scripted"];
/** The server that is known without being declared. */
const KNOWN_SERVER = "ollama";

/** Every rule of the config that goes over more than one value. */
export const CONFIG_RULES: readonly ConfigRule[] = [
  suitesHaveCommands,
  suitesHaveReports,
  suitesHaveNamesOfTheirOwn,
  suitesStayInside,
  serversDoNotHideBackends,
  serversAreWebAddresses,
  keysAreNamesOfVariables,
  modelsHaveBackends,
  imagesNeedContainers,
  pricesAreForModels,
  moneyNeedsPrices,
  worktreesNameThePlan,
  protectedGlobsOnlyProtect,
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

function serversDoNotHideBackends({ servers }: Config): readonly ConfigProblem[] {
  return Object.keys(servers)
    .filter((name) => BUILT_IN.includes(name) || /[/\s]/.test(name))
    .map((name) => ({
      path: ["servers", name],
      message: BUILT_IN.includes(name)
        ? `servers.${name}: ${name} is a backend of its own; give the server another name.`
        : `servers.${name}: a server's name holds no slash and no space.`,
    }));
}

function serversAreWebAddresses({ servers }: Config): readonly ConfigProblem[] {
  return Object.entries(servers).flatMap(([name, { url }]) => {
    const why = urlProblem(url);
    return why === undefined ? [] : [{ path: ["servers", name, "url"], message: `servers.${name}.url: ${why}` }];
  });
}

function urlProblem(url: string): string | undefined {
  if (!/^https?:\/\//i.test(url)) return "must start with http:// or https://.";
  return /^https?:\/\/[^/]*@/i.test(url)
    ? "must not hold a password; name the variable that holds the key under `key`."
    : undefined;
}

function keysAreNamesOfVariables({ servers }: Config): readonly ConfigProblem[] {
  return Object.entries(servers)
    .filter(([, { key }]) => key !== undefined && !/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(key))
    .map(([name]) => ({
      path: ["servers", name, "key"],
      message: `servers.${name}.key: is the name of an environment variable, such as OPENAI_API_KEY, and never the key itself. If that was a key, replace it.`,
    }));
}

function modelsHaveBackends({ models, servers }: Config): readonly ConfigProblem[] {
  const known = [...new Set([...BUILT_IN.slice(0, 1), KNOWN_SERVER, ...Object.keys(servers)])];
  const named = Object.entries(models).flatMap(([role, names]) => [names ?? []].flat().map((name) => ({ role, name })));
  return named.flatMap(({ role, name }) => {
    const [backend = "", ...rest] = name.split("/");
    const path = ["models", role];
    if (BUILT_IN.includes(backend)) return [];
    if (!known.includes(backend)) {
      const message = `models.${role}: there is no server ${backend}.${didYouMean(backend, known) || ` Declare it under servers, or use one of: ${known.join(", ")}.`}`;
      return [{ path, message }];
    }
    return rest.length > 0 ? [] : [{ path, message: `models.${role}: name the model too: ${backend}/<model>.` }];
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

function pricesAreForModels({ prices, models }: Config): readonly ConfigProblem[] {
  const used = usedModels(models);
  return Object.keys(prices)
    .filter((name) => !used.includes(name))
    .map((name) => ({
      path: ["prices", name],
      message: `prices.${name}: no role uses this model.${didYouMean(name, used)}`,
    }));
}

function moneyNeedsPrices({ budget, prices, models }: Config): readonly ConfigProblem[] {
  if (budget.money === undefined) return [];
  const unpriced = usedModels(models).filter(
    (name) => prices[name] === undefined && !BUILT_IN.includes(name.split("/")[0] ?? ""),
  );
  return unpriced.map((name) => ({
    path: ["budget", "money"],
    message: `budget.money cannot be counted without the price of ${name}; write it under prices.`,
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

function usedModels(models: Config["models"]): readonly string[] {
  return [...new Set(Object.values(models).flatMap((names) => names ?? []))];
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
