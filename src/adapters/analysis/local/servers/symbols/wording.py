"""How a finding names a place, and what it offers instead."""
import difflib
import os


def where(found):
    kind, detail = found
    if kind == "tree":
        return detail
    if kind == "std":
        return "Python's standard library"
    path = str(detail)
    for mark in ("/site-packages/", "/dist-packages/"):
        if mark in path:
            return path.split(mark, 1)[1]
    return os.path.basename(path)


def instead(name, names):
    candidates = [one for one in names if not (one.startswith("__") and not name.startswith("__"))]
    near = difflib.get_close_matches(name, sorted(candidates), 1, 0.6)
    if not near:
        lower = {one.lower(): one for one in sorted(candidates)}
        near = [lower[one] for one in difflib.get_close_matches(name.lower(), list(lower), 1, 0.6)]
    return f" Did you mean {near[0]}?" if near else ""
