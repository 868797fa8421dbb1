import { expect, test } from "vitest";
import { groupHomes } from "./control-groups.ts";

const V2 = "28 22 0:25 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate";
const V1 = [
  "30 25 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory",
  "31 25 0:27 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids",
].join("\n");

test("the second version's groups are made below or beside our own", () => {
  expect(groupHomes("0::/user.slice/user@1000.service/app.slice/shell.scope\n", V2).map((home) => home.memory)).toEqual(
    [
      "/sys/fs/cgroup/user.slice/user@1000.service/app.slice/shell.scope",
      "/sys/fs/cgroup/user.slice/user@1000.service/app.slice",
    ],
  );
});

test("the first version's groups are made below our own, each controller in its own tree, and come first", () => {
  const homes = groupHomes("4:memory:/outer/one\n3:pids:/\n0::/\n", `${V1}\n${V2}`);
  expect(homes[0]).toEqual({
    version: "cgroup v1",
    memory: "/sys/fs/cgroup/memory/outer/one",
    pids: "/sys/fs/cgroup/pids/",
  });
});

test("inside a container, the path is counted from what the container sees", () => {
  const seen = V1.replace("0:26 / ", "0:26 /docker/abc ").replace("0:27 / ", "0:27 /docker/abc ");
  const homes = groupHomes("4:memory:/docker/abc/mine\n3:pids:/elsewhere\n", seen);
  expect(homes).toEqual([{ version: "cgroup v1", memory: "/sys/fs/cgroup/memory/mine", pids: "/sys/fs/cgroup/pids/" }]);
});

test("without mounted groups there is nowhere to make one", () => {
  expect(groupHomes("", "")).toEqual([]);
  expect(groupHomes("0::/\n", "21 1 0:20 / /proc rw - proc proc rw")).toEqual([]);
});

test("a group at the top has nothing beside it", () => {
  expect(groupHomes("0::/\n", V2).map((home) => home.memory)).toEqual(["/sys/fs/cgroup/"]);
});
