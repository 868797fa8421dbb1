import { installCommand, type System } from "../sandbox-probe.ts";

/** What a failed start said, and the kernel's switches that explain it; the texts of missing files are empty. */
export interface FailedStart {
  readonly said: string;
  /** /proc/sys/kernel/apparmor_restrict_unprivileged_userns */
  readonly appArmorRestriction: string;
  /** /proc/sys/kernel/unprivileged_userns_clone */
  readonly unprivilegedClone: string;
  /** /proc/sys/user/max_user_namespaces */
  readonly mostNamespaces: string;
}

/** Why bubblewrap cannot start here, and the way out. */
export function explainFailedStart(failed: FailedStart, system: System): { reason: string; fix: string } {
  if (failed.appArmorRestriction === "1") {
    return {
      reason: `AppArmor forbids user namespaces to programs without a profile (Ubuntu 23.10 and later): ${failed.said}`,
      fix: `give bubblewrap a profile: ${APPARMOR_PROFILE}`,
    };
  }
  if (failed.unprivilegedClone === "0") {
    const fix = "sudo sysctl -w kernel.unprivileged_userns_clone=1";
    return { reason: `the kernel forbids user namespaces to normal users: ${failed.said}`, fix };
  }
  if (failed.mostNamespaces === "0") {
    const fix = "sudo sysctl -w user.max_user_namespaces=15000";
    return { reason: `the kernel allows no user namespaces: ${failed.said}`, fix };
  }
  return {
    reason: `bubblewrap could not make a sandbox: ${failed.said}`,
    fix: `inside a container, start it with user namespaces allowed (--security-opt seccomp=unconfined); elsewhere use a container engine: ${installCommand(system, "podman")}, then "sandbox: podman"`,
  };
}

const APPARMOR_PROFILE = [
  "printf 'abi <abi/4.0>,\\ninclude <tunables/global>\\n",
  "profile bwrap /usr/bin/bwrap flags=(unconfined) {\\n  userns,\\n}\\n'",
  " | sudo tee /etc/apparmor.d/bwrap && sudo apparmor_parser -r /etc/apparmor.d/bwrap",
].join("");
