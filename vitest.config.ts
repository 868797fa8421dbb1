import { configDefaults, defineConfig } from "vitest/config";

/** `MILLWRIGHT_TESTS=all` adds the slow tests; `live` adds only those that call real models, and is never run by a script. */
const wanted = process.env.MILLWRIGHT_TESTS;
const slow = wanted === "all" ? [] : ["test/crash/**", "test/e2e/**"];
const live = wanted === "live" ? [] : ["test/live/**"];

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, "test/runners/**", "test/fixtures/**", ...slow, ...live],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
