"""Looks at one file of the project: its imports, what it takes from modules, the methods and keywords it uses."""
import ast
import os
from abc import ABCMeta
from functools import partial

from class_check import ClassCheck
from doubts import ASKED_THERE, CAUGHT_THERE, doubt, is_excused, mark_questions, nodes_of
from live import LOGGING, is_hashable
from meanings import Meanings
from module_index import dotted
from names import absolute
from places import NeedsText
from slips import swapped, words_of
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
        self.slips = set()

    def run(self):
        text = self.places.text(self.path)
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return []
        self.meanings = Meanings(tree, self)
        mark_questions(tree)
        self.read_asking(tree)
        self.words = words_of(tree)
        self.walk(tree, False)
        for each in (self.check_attributes, ClassCheck(self, tree).run, self.check_calls):
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
            elif isinstance(node, (ast.AnnAssign, ast.arg)) and node.annotation is not None:
                # Stubs name classes that no program can reach; an annotation is mostly not looked up.
                hidden = [one for one in ast.walk(node.annotation) if isinstance(one, ast.Attribute) and one.attr.startswith("_")]
                self.asked |= {f"{dotted(one.value)}.{one.attr}" for one in hidden}

    def is_asked(self, name, member):
        return f"{name}.{member}" in self.asked

    def doubt_of(self, name, doubted):
        """Where the file asks for members by names that it makes up, any of them may be missing."""
        return doubted or (ASKED_THERE if f"{name}.*" in self.asked else False)

    def flag(self, node, code, message):
        self.findings.append({"path": self.path, "line": node.lineno, "code": code, "message": message})

    def walk(self, node, doubted):
        """Every import that is meant to work everywhere: not in a `try`, nor under a question about versions."""
        for child in ast.iter_child_nodes(node):
            inner = doubt(doubted, node, child, "import")
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
        if target is None:
            return
        found = self.places.find(target, self.path)
        FileCheck.looked["imports"] += len(node.names)
        if found[0] == "none":
            is_left = doubted and not (doubted == ASKED_THERE and self.places.is_slip_of_file(target))
            return None if is_left else self.missing_module(node, "." * node.level + (node.module or ""), target)
        wanted = [alias.name for alias in node.names if alias.name != "*"]
        names = self.names.of_module(found, target)
        for name in wanted if names is not None else []:
            if name in names or self.is_submodule(target, name) or self.names.is_elsewhere(target, name):
                continue
            if not is_excused(doubted, name, names):
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
            if name is None or not isinstance(node.ctx, ast.Load) or self.is_asked(name, node.attr):
                continue
            self.tried(lambda at=node, by=name, d=self.doubt_of(name, doubted): self.check_attribute(at, by, d))

    def check_attribute(self, node, written, doubted):
        target = self.meanings.module(node.value)
        if target is None:
            return
        FileCheck.looked["attributes"] += 1
        found = self.places.find(target, self.path)
        if found[0] == "none" or found[0] == "unknown":
            return self.check_member(node, self.meanings.entry(node.value), written, doubted)
        names = self.names.of_module(found, target)
        if names is None or node.attr in names or self.names.is_elsewhere(target, node.attr) or self.is_submodule(target, node.attr):
            return
        if is_excused(doubted, node.attr, names) or (found[0] == "tree" and self.is_given(node.attr)):
            return
        code = "member-missing" if found[0] == "tree" else "package-member-missing"
        self.flag(node, code, f"`{written}.{node.attr}`: `{target}` ({where(found)}) has no `{node.attr}`.{instead(node.attr, names)}")

    def is_given(self, name):
        """True where some file of the project writes such a member into something: `module.name = …`, `setattr(module, "name", …)`."""
        words = self.places.words()
        return words is not None and words.writes(name)

    def check_member(self, node, entry, written, doubted):
        """`datetime.datetime.noww`, `Price.off`: a member of a class, or of something made of it."""
        members = self.names.members(*entry) if entry and entry[0]["kind"] in ("class", "live") else None
        if members is None or node.attr in members or node.attr in CLASS_MEMBERS:
            return
        if is_excused(doubted, node.attr, members) or (entry[1][0] == "tree" and self.is_given(node.attr)):
            return
        FileCheck.looked["attributes"] += 1
        code = "member-missing" if entry[1][0] == "tree" else "package-member-missing"
        self.flag(node, code, f"`{written}.{node.attr}`: {written} ({where(entry[1])}) has no `{node.attr}`.{instead(node.attr, members)}")

    def check_calls(self, tree):
        for node, doubted in nodes_of(tree, ast.Call, "call"):
            self.tried(lambda at=node, d=doubted: self.check_keywords(at, d))
            function = node.func
            if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
                continue
            if not self.is_asked(function.value.id, function.attr):
                inner = self.doubt_of(function.value.id, doubted)
                self.tried(lambda at=function, d=inner: self.check_member(at, self.meanings.of_value(at.value), at.value.id, d))

    def check_keywords(self, node, doubted):
        given = [one.arg for one in node.keywords if one.arg]
        if not given:
            return
        entry = self.meanings.called(node.func)
        if entry and entry[0].get("value") is partial and node.args:
            return self.check_keywords(ast.copy_location(ast.Call(node.args[0], [], node.keywords), node), doubted)
        is_known = entry is not None and self.compare_keywords(node, given, entry, doubted)
        if not is_known and doubted != CAUGHT_THERE:
            self.tried(lambda: self.check_slips(node, given))

    def check_slips(self, node, given):
        """Keywords of a call of which nothing is known: a slip of a name of this file that stands nowhere else in the project."""
        called = dotted(node.func) or getattr(node.func, "attr", "")
        for name in given if called not in TAKING_ANY else []:
            meant = swapped(name, self.words) if len(name) > 4 else None
            if meant and (name, node.lineno) not in self.slips and self.places.is_slip(name, meant):
                self.slips.add((name, node.lineno))
                self.flag(node, "argument-unknown", f"`{called}` is given `{name}`, a name that stands nowhere else in this project. Did you mean {meant}?")

    def is_replaced(self, value):
        """True for a logger's method where the project puts a class of its own in the place of loggers."""
        is_logger = is_hashable(value) and value in LOGGING
        words = self.places.words() if is_logger else None
        return is_logger and (words is None or words.times("setLoggerClass") > 0)

    def compare_keywords(self, node, given, entry, doubted=False):
        """True when it is known which keywords the call takes."""
        keywords = self.names.keywords(*entry)
        FileCheck.looked["calls"] += 1
        for name in given if keywords is not None else []:
            if name not in keywords and not is_excused(doubted, name, keywords) and not self.is_replaced(entry[0].get("value")):
                self.slips.add((name, node.lineno))
                called = dotted(node.func) or ast.unparse(node.func)
                code = "argument-unknown" if entry[1][0] == "tree" else "package-argument-unknown"
                self.flag(node, code, f"`{called}` ({where(entry[1])}) takes no argument `{name}`.{instead(name, keywords)}")
        return keywords is not None


# Calls whose keywords are names of the caller's own.
TAKING_ANY = {"dict", "OrderedDict", "SimpleNamespace", "namedtuple"}
CLASS_MEMBERS = set(dir(type)) | set(dir(ABCMeta)) | {"__dataclass_fields__", "__wrapped__"}
