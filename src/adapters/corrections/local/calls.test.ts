import { describe, expect, test } from "vitest";
import { becomes } from "../../../../test/kit/corrections.ts";

const POST = {
  kind: "add-argument",
  call: "$ROUTER.post",
  inside: "decorator",
  name: "status_code",
  value: 201,
} as const;
const route = (call: string) => `@${call}\ndef create():\n    return {}\n`;
const python = (call: string) => becomes(POST, route(call));

describe("a missing keyword argument in Python", () => {
  test.each([
    ["router.post()", "router.post(status_code=201)"],
    ['router.post("/c")', 'router.post("/c", status_code=201)'],
    ['api_v1.post("/c", response_model=T,)', 'api_v1.post("/c", response_model=T, status_code=201,)'],
    ['router.post(\n    "/c"\n)', 'router.post(\n    "/c",\n    status_code=201\n)'],
    ['router.post(\n    "/c",\n)', 'router.post(\n    "/c",\n    status_code=201,\n)'],
    [
      'router.post(\n    "/c",  # the path\n    response_model=T  # what\n    # and no more\n)',
      'router.post(\n    "/c",  # the path\n    response_model=T,  # what\n    status_code=201\n    # and no more\n)',
    ],
    [
      'router.post(\n    "/c",\n    response_model=T,  # what, with (a, comma)\n)',
      'router.post(\n    "/c",\n    response_model=T,  # what, with (a, comma)\n    status_code=201,\n)',
    ],
    [
      'router.post("/c",\n            response_model=T)',
      'router.post("/c",\n            response_model=T,\n            status_code=201)',
    ],
    ['router.post("/é😀", tags=["a, b"])', 'router.post("/é😀", tags=["a, b"], status_code=201)'],
    ["router.post(\n    # later\n)", "router.post(status_code=201\n    # later\n)"],
    ['router.post("/c", *more)', 'router.post("/c", *more, status_code=201)'],
    ["self.app.router.post('/c')", "self.app.router.post('/c', status_code=201)"],
  ])("%s", async (before, after) => {
    expect(await python(before)).toBe(route(after));
  });

  test.each([
    ['router.post("/c", status_code=200)'],
    ['router.post("/c", **options)'],
    ['router.get("/c")'],
    ["router.post"],
    ["post()"],
    ["router.post(path for path in paths)"],
  ])("%s stays", async (call) => {
    expect(await python(call)).toBe(route(call));
  });

  test("stays out of calls that are no decorator, and of decorators' own bodies", async () => {
    const text = `client.post("/todos")\n\n\n@wrap(lambda: client.post("/x"))\ndef test():\n    client.post("/y")\n`;
    expect(await becomes(POST, text)).toBe(text);
  });

  test("keeps Windows line ends", async () => {
    expect(await python('router.post(\r\n    "/c",\r\n)')).toBe(
      route('router.post(\r\n    "/c",\r\n    status_code=201,\r\n)'),
    );
  });

  test("corrects what was written, and leaves what stood there", async () => {
    const base = route('router.post("/old")');
    const after = `${base}\n\n${route('router.post("/new")')}`;
    const wanted = `${base}\n\n${route('router.post("/new", status_code=201)')}`;
    expect(await becomes(POST, after, { base })).toBe(wanted);
  });
});

const OPTION = { kind: "add-argument", call: "fetch", name: "credentials", value: "include", position: 2 } as const;
const script = (text: string) => becomes(OPTION, text, { path: "src/load.ts" });

describe("a missing property among arguments in TypeScript", () => {
  test.each([
    ["fetch(url);\n", 'fetch(url, { credentials: "include" });\n'],
    ["fetch(url, {});\n", 'fetch(url, { credentials: "include" });\n'],
    ["fetch(url, { method: 'POST' });\n", "fetch(url, { method: 'POST', credentials: \"include\" });\n"],
    ["fetch(url, {\n  method: `a`,\n});\n", 'fetch(url, {\n  method: `a`,\n  credentials: "include",\n});\n'],
    ["fetch<T>(\n  url, // 😀\n);\n", 'fetch<T>(\n  url, // 😀\n  { credentials: "include" },\n);\n'],
    ["fetch(fetch(a));\n", 'fetch(fetch(a, { credentials: "include" }), { credentials: "include" });\n'],
  ])("%s", async (before, after) => {
    expect(await script(before)).toBe(after);
  });

  test.each([
    ["fetch();\n"],
    ["fetch(url, options);\n"],
    ["fetch(url, { ...options });\n"],
    ["fetch(url, { credentials });\n"],
    ["fetch(url, { 'credentials': 'omit' });\n"],
    ["fetch(...all);\n"],
    ["other.fetch(url);\n"],
  ])("%s stays", async (text) => {
    expect(await script(text)).toBe(text);
  });
});

describe("another value", () => {
  const put = {
    kind: "replace-literal",
    call: "$R.put",
    argument: "status_code",
    from: [201, { code: "status.HTTP_201_CREATED" }],
    to: 200,
  } as const;
  const replaced = (call: string) => becomes({ ...put, from: [...put.from], inside: "decorator" }, route(call));

  test.each([
    ['r.put("/c", status_code=201)', 'r.put("/c", status_code=200)'],
    ['r.put("/c", status_code=status.HTTP_201_CREATED,)', 'r.put("/c", status_code=200,)'],
    ['r.put("/c", status_code=status . HTTP_201_CREATED)', 'r.put("/c", status_code=200)'],
    ['r.put("/201", other=201)', 'r.put("/201", other=201)'],
    ['r.post("/c", status_code=201)', 'r.post("/c", status_code=201)'],
    ['r.put("/c", status_code=CREATED)', 'r.put("/c", status_code=CREATED)'],
    ['r.put("/c", status_code=2_01)', 'r.put("/c", status_code=200)'],
  ])("%s", async (before, after) => {
    expect(await replaced(before)).toBe(route(after));
  });

  test("keeps quotes, and leaves docstrings, keys, prefixes and pieces alone", async () => {
    const does = { kind: "replace-literal", from: ["draft"], to: "open" } as const;
    const text = `"draft"\na = 'draft'\nb = "draft"\nc = f"draft"\nd = b"draft"\ne = "draft" "s"\ng = {"draft": 1}\n`;
    const wanted = `"draft"\na = 'open'\nb = "open"\nc = f"draft"\nd = b"draft"\ne = "draft" "s"\ng = {"draft": 1}\n`;
    expect(await becomes({ ...does, from: ["draft"] }, text)).toBe(wanted);
    const one = { kind: "replace-literal", from: [1, true, null], to: { code: "NEVER" } } as const;
    expect(await becomes({ ...one, from: [...one.from] }, "f(1, -1, 11, True, None, x.none)\n")).toBe(
      "f(NEVER, -1, 11, NEVER, NEVER, x.none)\n",
    );
  });

  test("in TypeScript: a property of such a call, not a module or a key", async () => {
    const does = { kind: "replace-literal" as const, argument: "mode", from: ["draft"], to: "open" };
    const text = "import a from 'draft';\ngo({ mode: 'draft', draft: 'draft' });\n";
    const path = "src/a.tsx";
    expect(await becomes(does, text, { path })).toBe("import a from 'draft';\ngo({ mode: 'open', draft: 'draft' });\n");
    const { argument: _argument, ...anywhere } = does;
    expect(await becomes(anywhere, text, { path })).toBe(
      "import a from 'draft';\ngo({ mode: 'open', draft: 'open' });\n",
    );
  });
});
