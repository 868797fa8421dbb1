"""Corrupts one name at a time in Python files, where the syntax tree says what the name is.

Reads {"files": {path: text}, "wanted": number, "seed": number}; writes [{"operator", "path", "other", "text"}]. No name is made up that the
file already has, and none in a comment, in a string, or where the file itself catches the missing of it.
"""
import ast
import json
import random
import re
import sys

SYNONYMS = {"get": "fetch", "create": "make", "parse": "decode", "is": "check", "read": "load", "write": "store", "add": "append", "open": "start", "find": "search", "to": "into", "of": "for", "run": "execute", "has": "contains", "set": "assign"}
MODULES = {"os", "sys", "re", "json", "time", "math", "inspect", "functools", "itertools", "logging", "asyncio", "datetime", "typing"}


def typo(name):
    return name + name[-1] if len(name) < 4 else name[:2] + name[3] + name[2] + name[4:]


def synonym(name):
    for word, other in SYNONYMS.items():
        rest = name[len(word) :]
        if name.startswith(word) and (rest == "" or rest[0] == "_" or rest[0].isupper()):
            return other + rest
    return name + ("_all" if "_" in name else "Async")


def places(text):
    """(operator, name, line, column) of every name that may be corrupted."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return
    imported = {alias.asname or alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    allowed = {id(below) for node in ast.walk(tree) if isinstance(node, ast.Try) and lives_without(node) for one in node.body for below in ast.walk(one)}
    for node in ast.walk(tree):
        if id(node) in allowed:
            continue
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if len(alias.name) > 3:
                    yield "import of a name", alias.name, alias.lineno, alias.col_offset
            last = (node.module or "").rpartition(".")[2]
            if len(last) > 3:
                yield "import of a module", last, node.lineno, None
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if len(alias.name) > 3 and "." not in alias.name:
                    yield "import of a package", alias.name, alias.lineno, alias.col_offset
        elif isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
                at = (function.end_lineno, function.end_col_offset - len(function.attr))
                if function.value.id == "self" and len(function.attr) > 4:
                    yield "method of its own class", function.attr, *at
                elif function.value.id in MODULES & imported and len(function.attr) > 3:
                    yield "member of a module", function.attr, *at
            elif isinstance(function, ast.Name) and len(function.id) > 5:
                yield "call of a function", function.id, function.lineno, function.col_offset
            for keyword in node.keywords:
                if keyword.arg and len(keyword.arg) > 4:
                    yield "keyword of a call", keyword.arg, keyword.lineno, keyword.col_offset


def lives_without(node):
    """True for a `try` that goes on when a name is missing: nothing fails there."""
    kinds = [kind for handler in node.handlers for kind in (handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type])]
    return any(kind is None or getattr(kind, "id", "") in ("ImportError", "ModuleNotFoundError", "AttributeError") for kind in kinds)


def changed(text, name, other, line, column):
    lines = text.split("\n")
    row = lines[line - 1]
    if column is None:
        found = re.search(rf"^\s*from\s+[.\w]*?(?<![\w]){name}(?=\s+import)", row)
        if not found:
            return None
        column = found.end() - len(name)
    if not row.isascii() or row[column : column + len(name)] != name:
        return None
    lines[line - 1] = row[:column] + other + row[column + len(name) :]
    return "\n".join(lines)


def main():
    job = json.load(sys.stdin)
    draw = random.Random(job["seed"])
    found = {}
    for path, text in sorted(job["files"].items()):
        for operator, *place in places(text):
            found.setdefault(operator, []).append((path, *place))
    made = []
    for operator in sorted(found):
        draw.shuffle(found[operator])
        count = 0
        for path, name, line, column in found[operator]:
            if count == job["wanted"]:
                break
            text = job["files"][path]
            other = (typo if count % 2 == 0 else synonym)(name)
            if other == name or re.search(rf"\b{other}\b", text):
                continue
            corrupted = changed(text, name, other, line, column)
            if corrupted is None:
                continue
            made.append({"operator": operator, "path": path, "other": other, "text": corrupted})
            count += 1
    json.dump(made, sys.stdout)


main()
