import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { afterEach, expect, test } from "vitest";
import { available } from "../../../test/kit/available.ts";
import { sums } from "../../../test/kit/sums.ts";
import type { Target } from "../../../test/kit/target.ts";
import { systemdUnit } from "../../domain/schedule/unit-text.ts";
import { InputError } from "../../domain/step-failure.ts";
import { installUnit } from "./install-unit.ts";

const targets: Target[] = [];
afterEach(() => {
  for (const target of targets.splice(0)) target.remove();
});

/** A repository whose name is as odd as a folder's may be. */
function odd(): { readonly target: Target; readonly home: string } {
  const target = sums({}, 'a "shop" & 100% $HOME <it>');
  targets.push(target);
  return { target, home: join(dirname(target.dir), "home") };
}

const asked = (home: string, platform: NodeJS.Platform, print = false) => ({
  config: undefined,
  print,
  platform,
  env: { HOME: home, PATH: "/usr/bin:/bin" },
});

test("a systemd unit is written with absolute paths, and again over its own, but never over another one's", async () => {
  const { target, home } = odd();
  const shown = await installUnit(target.dir, asked(home, "linux", true));
  expect([shown.written, existsSync(shown.path)]).toEqual([false, false]);
  expect(shown.text).toContain(`ExecStart="${process.execPath}" "`);
  const unit = await installUnit(target.dir, asked(home, "linux"));
  expect(unit.path).toMatch(/home\/[.]config\/systemd\/user\/millwright-[A-Za-z0-9_-]+-[0-9a-f]{8}[.]service$/);
  expect(readFileSync(unit.path, "utf8")).toBe(shown.text);
  expect((await installUnit(target.dir, asked(home, "linux"))).written).toBe(true);
  writeFileSync(unit.path, "[Unit]\nDescription=mine\n");
  const refused = await installUnit(target.dir, asked(home, "linux")).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(InputError);
  expect(readFileSync(unit.path, "utf8")).toContain("Description=mine");
});

test.runIf(available.systemdAnalyze)(
  "systemd finds nothing wrong with the unit, whatever the folder is called",
  async () => {
    const { target, home } = odd();
    const { text } = await installUnit(target.dir, asked(home, "linux", true));
    mkdirSync(home, { recursive: true });
    const complaints = (unit: string) => {
      const path = join(dirname(target.dir), "odd.service");
      writeFileSync(path, unit.replace(/^ExecStart="[^"]*"/m, 'ExecStart="/bin/true"'));
      const env = { PATH: process.env.PATH, HOME: home, XDG_RUNTIME_DIR: home };
      const { stderr, stdout } = spawnSync("systemd-analyze", ["verify", "--user", path], { encoding: "utf8", env });
      return `${stderr}${stdout}`;
    };
    expect(complaints(text)).toBe("");
    expect(complaints(text.replace("Type=", "Typo="))).toContain("Typo");
  },
);

test("words of a unit keep their quotes, backslashes, percents and dollars", () => {
  const unit = { name: "n", root: "/a b", argv: ["/n", 'q"\\%$x'], path: "/bin", log: "/l" };
  expect(systemdUnit(unit)).toContain('ExecStart="/n" "q\\"\\\\%%$$x"\n');
});

test("a launchd agent is a property list with the same words", async () => {
  const { target, home } = odd();
  const { path, text } = await installUnit(target.dir, asked(home, "darwin"));
  expect(path).toMatch(/Library\/LaunchAgents\/millwright-.*[.]plist$/);
  expect(XMLValidator.validate(text)).toBe(true);
  const { plist } = new XMLParser().parse(text) as {
    plist: { dict: { array: { string: string[] }; string: string[] } };
  };
  expect(plist.dict.array.string[0]).toBe(process.execPath);
  expect(plist.dict.array.string.slice(2)).toEqual(["serve", "--dir", target.dir]);
  expect(plist.dict.string).toContain(target.dir);
});

test("where there is neither, a person is told so", async () => {
  const { target, home } = odd();
  mkdirSync(home, { recursive: true });
  await expect(installUnit(target.dir, asked(home, "win32"))).rejects.toThrow(/by hand/);
});
