/** Whether a sandbox works on this machine, and if not, what a person can do about it. */
export type SandboxProbe =
  | { readonly usable: true; readonly name: string }
  | { readonly usable: false; readonly reason: string; readonly fix: string };

/** Families of systems that install programs in the same way. */
export type System = "debian" | "fedora" | "arch" | "alpine" | "macos" | "other";

/** The family a machine belongs to, from Node's name of its platform and the text of /etc/os-release. */
export function systemOf(platform: string, osRelease: string): System {
  if (platform === "darwin") return "macos";
  const names = [...osRelease.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].flatMap((line) => (line[1] ?? "").split(" "));
  const families: Readonly<Record<string, System>> = {
    debian: "debian",
    ubuntu: "debian",
    fedora: "fedora",
    rhel: "fedora",
    arch: "arch",
    alpine: "alpine",
  };
  return names.map((name) => families[name]).find((family) => family !== undefined) ?? "other";
}

/** The command that installs a package on a system. */
export function installCommand(system: System, packageName: string): string {
  const commands: Readonly<Record<System, string>> = {
    debian: `sudo apt-get install -y ${packageName}`,
    fedora: `sudo dnf install -y ${packageName}`,
    arch: `sudo pacman -S ${packageName}`,
    alpine: `sudo apk add ${packageName}`,
    macos: `brew install ${packageName}`,
    other: `install the package ${packageName} with your system's package manager`,
  };
  return commands[system];
}
