import { expect, test } from "vitest";
import { installCommand, systemOf } from "../sandbox-probe.ts";
import { explainFailedStart } from "./explain-failed-start.ts";

const failed = {
  said: "bwrap: No permissions",
  appArmorRestriction: "",
  unprivilegedClone: "",
  mostNamespaces: "15000",
};

test("Ubuntu's restriction of user namespaces is known by name, with the profile that lifts it", () => {
  const { reason, fix } = explainFailedStart({ ...failed, appArmorRestriction: "1" }, "debian");
  expect(reason).toContain("AppArmor");
  expect(reason).toContain("bwrap: No permissions");
  expect(fix).toContain("/etc/apparmor.d/bwrap");
});

test("a kernel that refuses user namespaces is told with the switch that allows them", () => {
  expect(explainFailedStart({ ...failed, unprivilegedClone: "0" }, "debian").fix).toContain(
    "unprivileged_userns_clone=1",
  );
  expect(explainFailedStart({ ...failed, mostNamespaces: "0" }, "fedora").fix).toContain("max_user_namespaces=");
});

test("for want of a known reason, what bubblewrap said is shown, and another sandbox is proposed", () => {
  const { reason, fix } = explainFailedStart(failed, "arch");
  expect(reason).toContain("bwrap: No permissions");
  expect(fix).toContain("sudo pacman -S podman");
});

test.each([
  ["linux", 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n', "debian", "sudo apt-get install -y bubblewrap"],
  ["linux", "ID=debian\n", "debian", "sudo apt-get install -y bubblewrap"],
  ["linux", 'ID="rocky"\nID_LIKE="rhel centos fedora"\n', "fedora", "sudo dnf install -y bubblewrap"],
  ["linux", "ID=manjaro\nID_LIKE=arch\n", "arch", "sudo pacman -S bubblewrap"],
  ["linux", "", "other", "install the package bubblewrap with your system's package manager"],
  ["darwin", "", "macos", "brew install bubblewrap"],
] as const)("%s with %j installs in the manner of %s", (platform, osRelease, system, command) => {
  expect(systemOf(platform, osRelease)).toBe(system);
  expect(installCommand(systemOf(platform, osRelease), "bubblewrap")).toBe(command);
});
