import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Script } from "../../src/adapters/models/scripted/scripted.ts";
import { refusalText, silent, within } from "../kit/story.ts";
import { edit, file, SUMS_CONFIG, sums } from "../kit/sums.ts";
import type { Target } from "../kit/target.ts";

const ARTICLE = "Sums of 40 euros and more wrap around.\r\n";
const server = createServer(({ url = "" }, answer) => {
  if (url.startsWith("/away")) answer.writeHead(302, { location: "http://example.org/" }).end();
  else if (url.startsWith("/picture")) answer.end(Buffer.from([0xff, 0xfe, 0x00]));
  else if (url.startsWith("/notes/40-euros.md")) answer.end(ARTICLE);
  else answer.writeHead(404).end();
});
let address = "";
let target: Target;

beforeEach(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  target = sums({ "millwright.yaml": `${SUMS_CONFIG}network: local-only\n` });
  await within(target, {}, (mill) => mill.wiki.init());
});
afterEach(async () => {
  target.remove();
  await new Promise((resolve) => server.close(resolve));
});

test("an article at an address is kept to the byte and cited; the key in its address is written down nowhere", async () => {
  const digest = createHash("sha256").update(ARTICLE).digest("hex");
  const path = `wiki/sources/${new Date().toISOString().slice(0, 10)}-40-euros.md`;
  const head = `---\nsources:\n  - ${path} sha256:${digest}\n---\n`;
  const reply = [
    file("wiki/10_DOMAIN/wrapping.md", `${head}# Wrapping\n\nSums wrap around.\n`),
    edit("wiki/index.md", "## Domain\n", "## Domain\n\n- [Wrapping](10_DOMAIN/wrapping.md): sums wrap\n"),
  ].join("\n");
  const script: Script = ({ role }) => (role === "documenter" ? reply : "{}");
  const end = await within(target, { script }, async (mill) => {
    const told = await mill.wiki.ingest(`${address}/notes/40-euros.md?token=hunter2hunter2`, silent());
    return { ...told, entries: await mill.entries(told.run) };
  });
  expect(end.outcome.kind, refusalText(end)).toBe("done");
  expect([end.source, end.sha256]).toEqual([path, digest]);
  const branch = end.outcome.kind === "done" ? end.outcome.branch : "";
  target.git("merge", "--quiet", "--ff-only", branch);
  expect(target.git("cat-file", "-p", `HEAD:${path}`)).toBe(ARTICLE.trim());
  expect(target.git("grep", "-l", "127.0.0.1", "HEAD", "--", "wiki/90_LOG")).not.toBe("");
  expect(() => target.git("grep", "-l", "hunter2", "HEAD")).toThrow();
}, 60_000);

test("what is not there, is no text, or is out of reach is refused before anything is kept", async () => {
  const before = target.git("for-each-ref");
  const ingest = (source: string) => within(target, {}, (mill) => mill.wiki.ingest(source, silent()));
  await expect(ingest(`${address}/none.md`)).rejects.toThrow(/answers 404/);
  await expect(ingest(`${address}/picture.md`)).rejects.toThrow(/no text in UTF-8/);
  await expect(ingest(`${address}/away.md`)).rejects.toThrow(/cannot be read/);
  await expect(ingest("http://198.51.100.7/a.md")).rejects.toThrow(/refused by `network: local-only`/);
  expect(target.git("for-each-ref")).toBe(before);
}, 60_000);
