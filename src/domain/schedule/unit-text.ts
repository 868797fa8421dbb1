/** What a unit starts, and where. Paths are absolute. */
export interface Unit {
  /** `millwright-<folder>-<digest>`: each repository has its own. */
  readonly name: string;
  readonly root: string;
  readonly argv: readonly string[];
  /** The folders in which programs are looked for. */
  readonly path: string;
  /** Where the daemon's output goes (launchd only; systemd has its journal). */
  readonly log: string;
}

/** Stands in every file that the mill wrote, so that it never writes over another one's. */
export const WRITTEN_BY = "Written by millwright install-service";

/** A systemd user unit. Keys of models come from an optional file of the person's own. */
export function systemdUnit({ root, argv, path }: Unit): string {
  return `# ${WRITTEN_BY}
[Unit]
Description=${specifiers(`Millwright serves ${oneLine(root)}`)}
After=network.target

[Service]
Type=simple
WorkingDirectory=${specifiers(root)}
Environment=${quoted(`PATH=${path}`)}
EnvironmentFile=-%h/.config/millwright/environment
ExecStart=${argv.map((word) => quoted(word).replaceAll("$", "$$$$")).join(" ")}
Restart=on-failure
RestartSec=30
KillMode=mixed
TimeoutStopSec=900

[Install]
WantedBy=default.target
`;
}

/** A word of a unit file, whatever it holds. */
function quoted(word: string): string {
  return `"${specifiers(word).replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function specifiers(text: string): string {
  return text.replaceAll("%", "%%");
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, " ");
}

/** A launchd agent's property list. */
export function launchdAgent({ name, root, argv, path, log }: Unit): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- ${WRITTEN_BY} -->
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${escaped(name)}</string>
  <key>ProgramArguments</key>
  <array>
${argv.map((word) => `    <string>${escaped(word)}</string>`).join("\n")}
  </array>
  <key>WorkingDirectory</key>
  <string>${escaped(root)}</string>
  <key>EnvironmentVariables</key>
  <dict>
    <key>PATH</key>
    <string>${escaped(path)}</string>
  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ExitTimeOut</key>
  <integer>900</integer>
  <key>StandardOutPath</key>
  <string>${escaped(log)}</string>
  <key>StandardErrorPath</key>
  <string>${escaped(log)}</string>
</dict>
</plist>
`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
