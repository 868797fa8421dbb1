/** docs/reference/cli.md: what `--help` says of every command, in one page. */
const WIDTH = 100;

export const owns = ["docs/reference/cli.md"];

export async function generate({ load }) {
  const source = await load("apps/cli/program.js");
  if (source === undefined) return {};
  const program = source.buildProgram("0.0.0", {
    terminal: { stdout: process.stdout, stderr: process.stderr, cwd: "." },
  });
  const pages = withCommands(program).map(
    ({ path, help }) => `${"#".repeat(path.length + 1)} \`${path.join(" ")}\`\n\n\`\`\`text\n${help}\n\`\`\``,
  );
  const head = "# The command line\n\nWhat `millwright --help` says, made by `npm run generate`.";
  const body = pages.map((page) => page.replace(/^#+/, (marks) => marks.slice(0, 3)));
  return { "docs/reference/cli.md": `${[head, ...body].join("\n\n")}\n` };
}

/** A command and all below it; groups only show their members. */
function withCommands(command, before = []) {
  const path = [...before, command.name()];
  const below = command.commands
    .filter((child) => child.name() !== "help")
    .flatMap((child) => withCommands(child, path));
  return [{ path, help: helpOf(command) }, ...below];
}

/** The whole help, with its examples, at a width that does not depend on the terminal. */
function helpOf(command) {
  let text = "";
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHelpWidth: () => WIDTH,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return text.trim();
}
