import { expect, test } from "vitest";
import { ignoredBy } from "./ignored-paths.ts";

const ignored = ignoredBy("# built\ndist/\n/out\n*.log\ndocs/*.html\n!keep.log\n\n.env\n");

test.each(["dist/a.js", "packages/a/dist/b.js", "out", "out/x", "a.log", "deep/b.log", "docs/a.html", ".env"])(
  "%s is left out",
  (path) => expect(ignored(path)).toBe(true),
);

test.each(["src/dist.ts", "packages/out", "keep.log", "deep/keep.log", "docs/deep/a.html", "a.log.ts", ".env.example"])(
  "%s is kept",
  (path) => expect(ignored(path)).toBe(false),
);
