import { pythonModules } from "./canary-text.ts";
import type { NumberedCheck } from "./held-out.ts";

/** A pytest file with these checks; `neighbour` is the text of a test file beside it. */
export function pythonChecks(checks: readonly NumberedCheck[], { neighbour }: { readonly neighbour: string }): string {
  const tops = [...new Set(pythonModules(neighbour).map((name) => name.split(".")[0] ?? ""))].filter((name) => name);
  return `${PYTHON_JUDGE.replace("%TOPS%", JSON.stringify(tops))}\n\n${checks.map(pythonCheck).join("\n\n")}`;
}

function pythonCheck(check: NumberedCheck): string {
  const loads = check.imports.map((one) => {
    const [path = "", name = ""] = one.split("#");
    return `        ${name} = _load(${JSON.stringify(path)}, ${JSON.stringify(name)})`;
  });
  const lines = [...loads, ...check.setup.map((line) => `        ${line}`)];
  return `def test_millwright_check_${check.number}():
    def run(ready):
${lines.join("\n")}
        ready.append(True)
        return (${check.call})

    _judge(run, json.loads(${JSON.stringify(JSON.stringify(check.expected))}))
`;
}

const PYTHON_JUDGE = `import importlib
import inspect
import json
import math


class _End(Exception):
    pass


def _end(end, got):
    return _End("millwright[" + end + "] " + " ".join(str(got).split())[:150])


def _load(path, name):
    parts = path[: -len(".py")].split("/")
    if parts[-1] == "__init__":
        parts.pop()
    ways = [parts[start:] for start in range(len(parts))]
    ways.sort(key=lambda way: way[0] not in %TOPS%)
    for way in ways:
        try:
            module = importlib.import_module(".".join(way))
        except Exception:
            continue
        if not (getattr(module, "__file__", None) or "").replace("\\\\", "/").endswith(path):
            continue
        if not hasattr(module, name):
            raise _end("unresolved", name)
        return getattr(module, name)
    raise _end("unresolved", path)


def _plain(value):
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, (set, frozenset)):
        return sorted((_plain(one) for one in value), key=str)
    return value


def _same(one, other):
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    if isinstance(other, list):
        return isinstance(one, list) and len(one) == len(other) and all(map(_same, one, other))
    if isinstance(other, dict):
        return isinstance(one, dict) and one.keys() == other.keys() and all(_same(one[key], other[key]) for key in other)
    if one is None or other is None or isinstance(one, (str, int, float, list, dict)):
        return one == other
    if isinstance(other, (int, float)):
        return math.isclose(float(one), other, rel_tol=1e-9, abs_tol=1e-9)
    return str(one) == other


def _raised(error, ready, wanted):
    text = type(error).__name__ + ": " + str(error)
    if isinstance(error, _End):
        return error
    if not ready:
        return _end("set-up", text)
    expected = wanted.get("error")
    if expected is not None:
        names = [one.__name__ for one in type(error).__mro__]
        if expected.get("type", names[0]) in names and expected.get("message", "") in str(error):
            return None
    broken = isinstance(error, (NameError, SyntaxError)) or "is not callable" in str(error)
    return _end("unusable" if broken else "raised", text)


def _judge(run, wanted):
    ready = []
    try:
        actual = run(ready)
        if inspect.isawaitable(actual):
            import asyncio

            async def wait():
                return await actual

            actual = asyncio.run(wait())
    except Exception as error:
        end = _raised(error, ready, wanted)
        if end is not None:
            raise end from None
        return
    if wanted.get("error") is not None or not _same(_plain(actual), wanted.get("value")):
        raise _end("differs", repr(actual))
`;
