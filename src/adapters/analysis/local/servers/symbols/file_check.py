"""Looks at one file of the project: its imports, what it takes from modules, the methods and keywords it uses."""
import ast
import os

from class_check import ClassCheck
from doubts import is_doubt, nodes_of
from meanings import Meanings
from module_index import dotted
from names import absolute
from places import NeedsText
from wording import instead, where


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
        self.asked = set()
        self.needs = False

    def run(self):
        text = self.places.text(self.path)
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return []
        self.meanings = Meanings(tree, self)
        self.read_asking(tree)
        self.walk(tree, False)
        for each in (self.check_attributes, self.check_calls, ClassCheck(self, tree).run):
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

    def read_asking(self, tree):
        """Members that the file itself asks for, or gives: `hasattr(a, "b")`, `a.b = …`."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if called in ("hasattr", "getattr", "setattr", "delattr", "object") and len(node.args) > 1:
                    name = node.args[1].value if isinstance(node.args[1], ast.Constant) else "*"
                    self.asked.add(f"{dotted(node.args[0])}.{name}")
            elif isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
                self.asked.add(f"{dotted(node.value)}.{node.attr}")

    def is_asked(self, name, member):
        return f"{name}.{member}" in self.asked or f"{name}.*" in self.asked

    def flag(self, node, code, message):
        self.findings.append({"path": self.path, "line": node.lineno, "code": code, "message": message})

    def walk(self, node, doubted):
        """Every import that is meant to work everywhere: not in a `try`, nor under a question about versions."""
        for child in ast.iter_child_nodes(node):
            inner = doubted or is_doubt(node, child, "import")
            if isinstance(child, ast.Import):
                for alias in child.names:
                    self.tried(lambda one=alias, at=child, d=inner: self.check_import(at, one, d))
            elif isinstance(child, ast.ImportFrom):
                self.tried(lambda at=child, d=inner: self.check_from(at, d))
            self.walk(child, inner)

    def check_import(self, node, alias, doubted):
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
        for node, doubted in nodes_of(tree, ast.Attribute, "member"):
            name = dotted(node.value)
            if doubted or name is None or not isinstance(node.ctx, ast.Load) or self.is_asked(name, node.attr):
                continue
            self.tried(lambda at=node, by=name: self.check_attribute(at, by))

    def check_attribute(self, node, written):
        target = self.meanings.module(node.value)
        if target is None:
            return
        FileCheck.looked["attributes"] += 1
        found = self.places.find(target, self.path)
        if found[0] == "none" or found[0] == "unknown":
            return self.check_member(node, self.meanings.entry(node.value), written)
        names = self.names.of_module(found, target)
        if names is None or node.attr in names or self.names.is_elsewhere(target, node.attr) or self.is_submodule(target, node.attr):
            return
        code = "member-missing" if found[0] == "tree" else "package-member-missing"
        self.flag(node, code, f"`{written}.{node.attr}`: `{target}` ({where(found)}) has no `{node.attr}`.{instead(node.attr, names)}")

    def check_member(self, node, entry, written):
        """`datetime.datetime.noww`, `Price.off`: a member of a class, or of something made of it."""
        members = self.names.members(*entry) if entry and entry[0]["kind"] in ("class", "live") else None
        if members is None or node.attr in members or node.attr in CLASS_MEMBERS:
            return
        FileCheck.looked["attributes"] += 1
        code = "member-missing" if entry[1][0] == "tree" else "package-member-missing"
        self.flag(node, code, f"`{written}.{node.attr}`: {written} ({where(entry[1])}) has no `{node.attr}`.{instead(node.attr, members)}")

    def check_calls(self, tree):
        for node, doubted in nodes_of(tree, ast.Call, "call"):
            if doubted:
                continue
            self.tried(lambda at=node: self.check_keywords(at))
            function = node.func
            if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
                continue
            if not self.is_asked(function.value.id, function.attr):
                self.tried(lambda at=function: self.check_member(at, self.meanings.of_value(at.value), at.value.id))

    def check_keywords(self, node):
        given = [one.arg for one in node.keywords if one.arg]
        entry = self.meanings.entry(node.func) if given else None
        if entry is not None:
            self.compare_keywords(node, given, entry)

    def compare_keywords(self, node, given, entry):
        keywords = self.names.keywords(*entry)
        FileCheck.looked["calls"] += 1
        for name in given if keywords is not None else []:
            if name not in keywords:
                called = dotted(node.func) or "super()." + node.func.attr
                code = "argument-unknown" if entry[1][0] == "tree" else "package-argument-unknown"
                self.flag(node, code, f"`{called}` ({where(entry[1])}) takes no argument `{name}`.{instead(name, keywords)}")


CLASS_MEMBERS = set(dir(type)) | {"__dataclass_fields__", "__wrapped__"}
