"""Looks at one file of the project: its imports, what it takes from modules, the methods and keywords it uses."""
import ast
import builtins
import difflib
import operator
import os
import re
import sys

from module_index import base_name, class_entry, dotted
from names import absolute
from places import NeedsText

# What a `try` catches when something is allowed to be missing: of modules and names, and of parameters.
MISSING = {"ImportError", "ModuleNotFoundError", "AttributeError", "NameError", "TypeError", "Exception", "BaseException"}
# Questions that have nothing to do with which members and parameters the project's own code has.
VERSIONS = r"version|platform|PY\d|PY_|WIN|os\.name|PYPY|sys\."
GUARD = r"TYPE_CHECKING|version|platform|PY\d|PY_|has_|HAS_|WIN|os\.name|PYPY|hasattr|False|sys\."


class FileCheck:
    looked = {"imports": 0, "attributes": 0, "calls": 0}

    def __init__(self, path, places, names, manifests):
        self.path = path
        self.places = places
        self.names = names
        self.manifests = manifests
        self.place = ("tree", path)
        self.module = path.rsplit(".", 1)[0].removesuffix("/__init__").replace("/", ".")
        self.findings = []
        self.modules = {}
        self.bound = {}
        self.asked = set()
        self.needs = False

    def run(self):
        text = self.places.text(self.path)
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return []
        self.index = self.places.index(self.place)
        self.count_names(tree)
        self.walk(tree, False)
        for each in (self.check_attributes, self.check_calls, self.check_classes):
            self.tried(lambda one=each: one(tree))
        if self.needs:
            raise NeedsText(self.path)
        return self.findings

    def tried(self, look):
        try:
            return look()
        except NeedsText:
            self.needs = True
            return None

    def count_names(self, tree):
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                self.bind(node.id)
            elif isinstance(node, ast.arg):
                self.bind(node.arg)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                self.bind(node.name)
            elif isinstance(node, ast.ExceptHandler) and node.name:
                self.bind(node.name)
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                for alias in node.names:
                    self.bind(alias.asname or (alias.name.split(".")[0] if isinstance(node, ast.Import) else alias.name))
            elif isinstance(node, ast.Call):
                self.read_asking(node)
            elif isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
                self.asked.add(f"{dotted(node.value)}.{node.attr}")

    def read_asking(self, node):
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if called in ("hasattr", "getattr", "setattr", "delattr", "object") and len(node.args) > 1:
            name = node.args[1].value if isinstance(node.args[1], ast.Constant) else "*"
            self.asked.add(f"{dotted(node.args[0])}.{name}")

    def bind(self, name):
        self.bound[name] = self.bound.get(name, 0) + 1

    def flag(self, node, code, message):
        self.findings.append({"path": self.path, "line": node.lineno, "code": code, "message": message})

    def walk(self, node, doubted):
        """Every import that is meant to work everywhere: not in a `try`, nor under a question about versions."""
        for child in ast.iter_child_nodes(node):
            inner = doubted or is_doubt(node, child)
            if isinstance(child, ast.Import):
                for alias in child.names:
                    self.tried(lambda one=alias, at=child, d=inner: self.check_import(at, one, d))
            elif isinstance(child, ast.ImportFrom):
                self.tried(lambda at=child, d=inner: self.check_from(at, d))
            self.walk(child, inner)

    def check_import(self, node, alias, doubted):
        target = alias.name if alias.asname else alias.name.split(".")[0]
        self.modules[alias.asname or target] = target
        if doubted:
            return
        FileCheck.looked["imports"] += 1
        if self.places.find(alias.name, self.path)[0] == "none":
            self.missing_module(node, alias.name)

    def check_from(self, node, doubted):
        target = absolute(node.level, node.module or "", self.place, self.module_name())
        if doubted or target is None:
            return
        found = self.places.find(target, self.path)
        FileCheck.looked["imports"] += len(node.names)
        if found[0] == "none":
            return self.missing_module(node, "." * node.level + (node.module or ""), target)
        wanted = [alias.name for alias in node.names if alias.name != "*"]
        names = self.names.of_module(found, target)
        for name in wanted if names is not None else []:
            if name in names or self.is_submodule(target, name) or self.names.is_elsewhere(target, name):
                continue
            self.flag(node, *self.export_text(name, target, found, names))

    def module_name(self):
        is_package = os.path.basename(self.path).startswith("__init__.")
        return self.module if is_package or "/" in self.path or "." not in self.path else self.module

    def export_text(self, name, target, found, names):
        code = "export-missing" if found[0] == "tree" else "package-export-missing"
        return code, f"`{target}` ({where(found)}) has no `{name}`.{instead(name, names)}"

    def is_submodule(self, target, name):
        return self.places.find(f"{target}.{name}", self.path)[0] != "none"

    def missing_module(self, node, written, target=None):
        target = target or written
        top = target.split(".")[0]
        if self.places.find(top, self.path)[0] == "none":
            if self.listed_but_absent(top):
                return
            hint = instead(top, self.places.top_level())
            return self.flag(node, "package-missing", f"The package `{top}` is neither in this project nor installed.{hint}")
        is_own = self.places.find(top, self.path)[0] in ("tree", "namespace", "unknown")
        code = "module-missing" if is_own else "package-module-missing"
        if is_own and self.places.find(top, self.path)[0] == "unknown":
            return
        self.flag(node, code, f"There is no module `{written}`: neither a file nor a package of that name was found.{self.sibling(target)}")

    def sibling(self, target):
        parent, _, name = target.rpartition(".")
        beside = self.places.find(parent, self.path) if parent else ("none", "")
        if beside[0] == "tree" and beside[1].endswith("__init__.py"):
            folder = beside[1].rsplit("/", 1)[0]
        else:
            folder = beside[1] if beside[0] == "namespace" and isinstance(beside[1], str) else None
        if folder is None:
            return ""
        stems = {path[len(folder) + 1 :].split("/")[0].split(".")[0] for path in self.places.files if path.startswith(f"{folder}/")}
        return instead(name, stems)

    def listed_but_absent(self, top):
        """A manifest asks for packages that are not installed: which modules they would bring is not known."""
        from importlib import metadata

        for name in self.manifests:
            try:
                metadata.version(name)
            except Exception:
                return True
        return False

    def check_attributes(self, tree):
        for node, doubted in loaded_attributes(tree, False):
            name = dotted(node.value)
            if doubted or name is None or f"{name}.{node.attr}" in self.asked or f"{name}.*" in self.asked:
                continue
            first = name.split(".")[0]
            if first not in self.modules or self.bound.get(first, 0) != self.imports_of(tree, first):
                continue
            target = self.modules[first] + name[len(first) :]
            self.tried(lambda at=node, to=target, by=name: self.check_attribute(at, to, by))

    def imports_of(self, tree, first):
        """How often a name is bound by plain imports of the same module."""
        known = getattr(self, "plain", None)
        if known is None:
            known = self.plain = {}
            for node in ast.walk(tree):
                for alias in node.names if isinstance(node, ast.Import) else []:
                    bound = alias.asname or alias.name.split(".")[0]
                    known[bound] = known.get(bound, 0) + 1
        return known.get(first, 0)

    def check_attribute(self, node, target, written):
        FileCheck.looked["attributes"] += 1
        found = self.places.find(target, self.path)
        if found[0] == "none" or found[0] == "unknown":
            return self.check_class_attribute(node, target, written)
        names = self.names.of_module(found, target)
        if names is None or node.attr in names or self.names.is_elsewhere(target, node.attr) or self.is_submodule(target, node.attr):
            return
        code = "member-missing" if found[0] == "tree" else "package-member-missing"
        self.flag(node, code, f"`{written}.{node.attr}`: `{target}` ({where(found)}) has no `{node.attr}`.{instead(node.attr, names)}")

    def check_class_attribute(self, node, target, written):
        """`datetime.datetime.noww`: a class of a module."""
        parent, _, name = target.rpartition(".")
        found = self.places.find(parent, self.path) if parent else ("none", "")
        entry = self.names.entry(found, parent, name) if found[0] in ("std", "tree", "file") else None
        self.check_member(node, entry, written)

    def check_member(self, node, entry, written):
        members = self.names.members(*entry) if entry and entry[0]["kind"] in ("class", "live") else None
        if members is None or node.attr in members or node.attr in CLASS_MEMBERS:
            return
        FileCheck.looked["attributes"] += 1
        code = "member-missing" if entry[1][0] == "tree" else "package-member-missing"
        self.flag(node, code, f"`{written}.{node.attr}`: {written} ({where(entry[1])}) has no `{node.attr}`.{instead(node.attr, members)}")

    def check_calls(self, tree):
        instances = self.instances(tree)
        for node, doubted in calls(tree, False):
            if doubted:
                continue
            self.tried(lambda at=node: self.check_keywords(at))
            function = node.func
            if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
                continue
            name = function.value.id
            if f"{name}.{function.attr}" in self.asked or f"{name}.*" in self.asked or self.bound.get(name, 0) != 1:
                continue
            of = instances.get(name, name if name in self.index["names"] else None)
            if of is not None and of not in self.modules:
                self.tried(lambda at=function, cls=of, by=name: self.check_member(at, self.class_named(cls), by))

    def instances(self, tree):
        """`a = B()`, where `a` is bound once."""
        found = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                value = node.value
                if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
                    found[node.targets[0].id] = value.func.id
        return {name: of for name, of in found.items() if self.bound.get(name) == 1}

    def class_named(self, name):
        if self.bound.get(name, 0) != 1:
            return None
        entry = self.names.entry(self.place, self.module, name)
        return entry if entry and entry[0]["kind"] in ("class", "live") else None

    def check_keywords(self, node):
        given = [one.arg for one in node.keywords if one.arg]
        if not given:
            return
        entry = self.called(node.func)
        if entry is None or entry[0]["kind"] not in ("function", "class", "live", "live-function"):
            return
        if entry[0]["kind"] == "class" and self.names.members(*entry) is None:
            return
        self.compare_keywords(node, given, entry)

    def compare_keywords(self, node, given, entry):
        keywords = self.names.keywords(*entry)
        FileCheck.looked["calls"] += 1
        for name in given if keywords is not None else []:
            if name not in keywords:
                called = dotted(node.func)
                code = "argument-unknown" if entry[1][0] == "tree" else "package-argument-unknown"
                self.flag(node, code, f"`{called}` ({where(entry[1])}) takes no argument `{name}`.{instead(name, keywords)}")

    def called(self, function):
        name = dotted(function)
        if name is None:
            return None
        first, _, rest = name.partition(".")
        if not rest:
            return self.names.entry(self.place, self.module, name) if self.bound.get(name) == 1 else None
        if first not in self.modules or self.bound.get(first) != 1:
            return None
        target, _, last = (self.modules[first] + "." + rest).rpartition(".")
        found = self.places.find(target, self.path)
        return self.names.entry(found, target, last) if found[0] in ("tree", "file", "std") else None

    def check_classes(self, tree):
        """`self.missing()` in a class whose bases are all known."""
        made = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
        below = {}
        for node in ast.walk(tree):
            for base in node.bases if isinstance(node, ast.ClassDef) else []:
                below.setdefault(base_name(base), []).append(node)
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and self.bound.get(node.name) == 1:
                heirs = self.heirs(node.name, below)
                self.tried(lambda one=node, known=node.name in made and not heirs, by=heirs: self.check_own(one, known, by))

    def heirs(self, name, below):
        """The classes of this file that stand below one."""
        found = list(below.get(name, []))
        for heir in found:
            found += [one for one in below.get(heir.name, []) if one not in found]
        return found

    def check_own(self, node, is_made, heirs):
        entry = class_entry(node)
        members = self.names.members(entry, self.place, self.module)
        if members is None or re.search(r"mixin|abstract", node.name, re.I):
            return
        # What a class below brings along may be meant.
        inherited = set().union(*(class_entry(heir)["members"] for heir in heirs))
        for method in node.body:
            if not isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)) or not method.args.args:
                continue
            for call, doubted in calls(method, False) if method.args.args[0].arg == "self" else []:
                self.check_own_call(call, doubted, (node, entry, members, is_made, inherited))

    def check_own_call(self, call, doubted, known):
        node, entry, members, is_made, inherited = known
        function = call.func
        if doubted or not (isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "self"):
            return
        name = function.attr
        if name in members:
            found = self.names.member(entry, self.place, self.module, name) if name not in inherited else None
            given = [one.arg for one in call.keywords if one.arg]
            if found is not None and found[0]["kind"] == "function" and given:
                self.compare_keywords(call, given, found)
            return
        if name in inherited or f"self.{name}" in self.asked:
            return
        near = difflib.get_close_matches(name, members, 1, 0.8)
        if near or is_made or extends(name, members):
            self.flag(call, "member-missing", f"`self.{name}`: the class `{node.name}` has no `{name}`.{instead(name, members)}")


def extends(name, members):
    """True for a name that only adds a word to one that is there: `parse_async` beside `parse`."""
    return any(len(one) > 4 and name.startswith(one) and re.match(r"_?[A-Za-z]+$", name[len(one) :]) for one in members)


CLASS_MEMBERS = set(dir(type)) | {"__dataclass_fields__", "__wrapped__"}


def is_doubt(parent, child, guard=GUARD):
    """A place in which failing is allowed: a `try` that catches it, or one answer of a question."""
    if isinstance(parent, ast.Try) and child in parent.body:
        return any(catches(handler) for handler in parent.handlers)
    if isinstance(parent, (ast.If, ast.IfExp)) and child is not parent.test:
        holds = version_answer(parent.test)
        if holds is not None and isinstance(parent, ast.If):
            return (child in parent.body) != holds
        return re.search(guard, ast.dump(parent.test)) is not None
    if isinstance(parent, ast.BoolOp):
        return re.search(guard, ast.dump(parent)) is not None
    if isinstance(parent, (ast.With, ast.AsyncWith)):
        return "suppress" in ast.dump(parent.items[0].context_expr) or "raises" in ast.dump(parent.items[0].context_expr)
    return isinstance(parent, ast.ExceptHandler) and catches(parent)


def version_answer(test):
    """What `sys.version_info >= (3, 8)` is here; None for any other question."""
    if not (isinstance(test, ast.Compare) and len(test.ops) == 1 and dotted(test.left) == "sys.version_info"):
        return None
    compare = COMPARED.get(type(test.ops[0]))
    try:
        value = ast.literal_eval(test.comparators[0])
    except (ValueError, TypeError, SyntaxError):
        return None
    return compare(sys.version_info[: max(2, len(value))], value) if compare and isinstance(value, tuple) else None


COMPARED = {ast.GtE: operator.ge, ast.Gt: operator.gt, ast.Lt: operator.lt, ast.LtE: operator.le}


def catches(handler):
    """True for `except:` and for one that catches what a missing name throws."""
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any((dotted(kind) or "Exception").rpartition(".")[2] in MISSING for kind in kinds)


def nodes_of(node, doubted, kind, guard=GUARD):
    for child in ast.iter_child_nodes(node):
        inner = doubted or is_doubt(node, child, guard)
        if isinstance(child, kind):
            yield child, inner
        yield from nodes_of(child, inner, kind, guard)


def loaded_attributes(node, doubted):
    for child, inner in nodes_of(node, doubted, ast.Attribute):
        if isinstance(child.ctx, ast.Load):
            yield child, inner


def calls(node, doubted):
    return nodes_of(node, doubted, ast.Call, VERSIONS)


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
