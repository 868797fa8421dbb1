import { expect, test } from "vitest";
import type { SandboxJob } from "../../domain/sandbox-job.ts";
import { translatePaths } from "./translate-paths.ts";

const job: SandboxJob = {
  argv: ["/target/bin/run", "--out=/report/x.json", "cd '/target' && ls /targets /other/target /target.bak"],
  cwd: "/target/packages/one",
  mounts: [
    { source: "/home/me/report $& folder", target: "/report", access: "write" },
    { source: "/home/me/export", target: "/target", access: "write" },
    { source: "/home/me/modules", target: "/target/node_modules", access: "read" },
    { source: "/home/me/export/package.json", target: "/target/package.json", access: "read" },
  ],
  env: { PATH: "/target/node_modules/.bin:/usr/bin:/target" },
  network: false,
  limits: { seconds: 1, memoryMegabytes: 1, processes: 1, outputMegabytes: 1, diskMegabytes: 1 },
};

test("whole paths are renamed, names that only look alike are not", () => {
  expect(translatePaths(job)).toMatchObject({
    argv: [
      "/home/me/export/bin/run",
      "--out=/home/me/report $& folder/x.json",
      "cd '/home/me/export' && ls /targets /other/target /target.bak",
    ],
    cwd: "/home/me/export/packages/one",
    env: { PATH: "/home/me/export/node_modules/.bin:/usr/bin:/home/me/export" },
  });
});

test("a mount inside another becomes a link, unless it is what stands there anyway", () => {
  expect(translatePaths(job).links).toEqual([{ at: "/home/me/export/node_modules", to: "/home/me/modules" }]);
});

test("a source that lies under another mount's target is not renamed a second time", () => {
  const mounts = [
    { source: "/b/deep", target: "/a", access: "write" },
    { source: "/c", target: "/b", access: "write" },
  ] as const;
  expect(translatePaths({ ...job, argv: ["/a/x", "/b/x"], mounts }).argv).toEqual(["/b/deep/x", "/c/x"]);
});
