"""What a class takes from itself: `self.missing()`, `super().__init__(unknown=…)`, `self.part.made(unknown=…)`."""
import ast
import difflib
import re
from functools import cached_property

from class_index import base_name, class_entry
from doubts import CAUGHT_THERE, nodes_of
from slips import extends, swapped
from wording import instead


class ClassCheck:
    def __init__(self, check, tree):
        self.check = check
        self.names = check.names
        self.below = {}
        self.made = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                self.made.add(node.func.id)
            for base in node.bases if isinstance(node, ast.ClassDef) else []:
                self.below.setdefault(base_name(base), []).append(node)

    def run(self, tree):
        bound = self.check.meanings.scopes.root.bound
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and len(bound.get(node.name, [])) == 1:
                self.check.tried(lambda one=node: self.check_class(one))

    def heirs(self, name):
        """The classes of this file that stand below one."""
        found = list(self.below.get(name, []))
        for heir in found:
            found += [one for one in self.below.get(heir.name, []) if one not in found]
        return found

    def check_class(self, node):
        known = KnownClass(node, self.heirs(node.name), self.names, self.check)
        for method in node.body:
            if not isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)):
                continue
            [first, *_] = [one.arg for one in [*method.args.posonlyargs, *method.args.args]] or [""]
            of_others = called_in_others(method, first)
            for call, doubted in nodes_of(method, ast.Call, "own"):
                if first not in ("self", "cls") or doubted == CAUGHT_THERE or call in of_others:
                    continue
                if doubted:
                    self.check_slip(call, first, known)
                else:
                    self.check.tried(lambda at=call, by=first: self.check_call(at, by, known))

    def check_slip(self, call, first, known):
        """In a doubtful place only letters that changed places are told."""
        function = call.func
        if isinstance(function, ast.Attribute) and first == "self" and is_name(function.value, "self"):
            is_there = function.attr in (known.members or ())
            if not is_there and swapped(function.attr, known.members or ()) and function.attr not in known.inherited and f"self.{function.attr}" not in self.check.asked:
                self.flag(call, function.attr, known, known.members)

    def check_call(self, call, first, known):
        function = call.func
        given = [one.arg for one in call.keywords if one.arg]
        if is_own_class(function, first):
            return self.keywords(call, given, known.made_by_itself())
        if not isinstance(function, ast.Attribute):
            return None
        if is_super(function.value, known.node.name):
            return self.keywords(call, given, known.inherited_member(function.attr))
        if isinstance(function.value, ast.Attribute) and is_name(function.value.value, "self") and given:
            return self.keywords(call, given, known.member_of_part(function.value.attr, function.attr))
        if first == "self" and is_name(function.value, "self"):
            return self.check_own(call, given, known)
        return None

    def keywords(self, call, given, entry):
        if given and entry is not None:
            self.check.compare_keywords(call, given, entry)

    def check_own(self, call, given, known):
        name = call.func.attr
        if f"self.{name}" in self.check.asked:
            return
        if name in known.inherited:
            return self.keywords(call, given, known.taken_by_any(name))
        if name in known.entry["members"] or (known.members is not None and name in known.members):
            return self.keywords(call, given, function_of(known.member(name)))
        if known.members is None or re.search(r"mixin|abstract", known.node.name, re.I) or self.is_mixed(known.node.name):
            return self.check_open(call, given, name, known)
        is_made = known.node.name in self.made and not known.heirs
        if is_made or self.is_slip(name, known):
            self.flag(call, name, known, known.members)
        return None

    def is_mixed(self, name):
        words = self.check.places.words()
        return words is not None and words.mixed(name)

    def flag(self, call, name, known, members):
        message = f"`self.{name}`: the class `{known.node.name}` has no `{name}`.{instead(name, members)}"
        self.check.flag(call, "member-missing", message)

    def check_open(self, call, given, name, known):
        """A class whose members are not all known: only a slip of one that is known tells something, if the name stands nowhere else."""
        members, is_answered = known.at_least
        if name in members:
            return self.keywords(call, given, function_of(known.member(name)))
        meant = swapped(name, members) or (not is_answered and extends(name, members))
        if meant and self.check.places.is_slip(name, meant, 1) and not self.check.places.words().gives(name):
            self.flag(call, name, known, members)
        return None

    def is_slip(self, name, known):
        """True for a name that no file of the project gives to anything: a slip, or in a class that the project makes something of."""
        near = difflib.get_close_matches(name, known.members, 1, 0.8) or extends(name, known.members)
        words = self.check.places.words()
        if words is None:
            return bool(near)
        is_meant = near or words.calls(known.node.name) or len(difflib.get_close_matches(name, known.used, 2, 0.8)) > 1
        return bool(is_meant) and not words.gives(name)


class KnownClass:
    """A class of the file with what is known of its members."""

    def __init__(self, node, heirs, names, check):
        self.node = node
        self.heirs = heirs
        self.names = names
        self.check = check
        self.entry = class_entry(node)
        self.place = (self.entry, check.place, check.module)
        self.members = names.members(*self.place)
        # What a class below brings along may be meant.
        self.inherited = set().union(*(class_entry(heir)["members"] for heir in heirs))

    @cached_property
    def used(self):
        return {one.attr for one in ast.walk(self.node) if isinstance(one, ast.Attribute) and is_name(one.value, "self")}

    @cached_property
    def at_least(self):
        """(the members that are known, True where the class may get some from elsewhere: a base that is not known, `__getattr__`)."""
        return self.names.known_members(*self.place)

    @cached_property
    def parts(self):
        return parts_of(self.node)

    def member(self, name):
        return self.names.member(*self.place, name)

    def taken_by_any(self, name):
        """A function that takes what the class's own and those of the classes below take; None where one of them may take any."""
        found = [function_of(self.member(name)), *(function_of((class_entry(heir)["members"].get(name, {"kind": "value"}), self.check.place, "")) for heir in self.heirs if name in class_entry(heir)["members"])]
        if any(one is None or one[0]["keywords"] is None for one in found):
            return None
        return ({"kind": "function", "keywords": [taken for one in found for taken in one[0]["keywords"]]}, *found[0][1:])

    def made_by_itself(self):
        if self.entry["made"] != "init" or self.heirs:
            return None
        words = self.check.places.words()
        return None if words is None or words.extended(self.node.name) else self.place

    def inherited_member(self, name):
        """What `super().name` is, where there is one base and so no doubt which class comes next."""
        [base, *more] = self.entry["bases"] or [None]
        if base is None or more:
            return None
        found = self.names.dotted(base, self.check.place, self.check.module)
        if found is None or found[0]["kind"] != "class":
            return None
        return function_of(self.names.member(*found, name))

    def member_of_part(self, part, name):
        """What `self.part.name` is, where the part is made once, and nothing else is ever put in its place."""
        made = self.parts.get(part, [])
        if len(made) != 1 or made[0] is None or part in self.inherited:
            return None
        entry = self.check.meanings.entry(made[0].func)
        if entry is None or entry[0]["kind"] != "class":
            return None
        return function_of(self.names.member(*entry, name))


def parts_of(node):
    """`self.part = Part()`: what is put there; None for anything but a call."""
    parts = {}
    for one in ast.walk(node):
        targets = one.targets if isinstance(one, ast.Assign) else [one.target] if isinstance(one, (ast.AnnAssign, ast.AugAssign, ast.For)) else []
        for target in targets:
            for below in ast.walk(target):
                if isinstance(below, ast.Attribute) and is_name(below.value, "self"):
                    value = getattr(one, "value", None)
                    plain = isinstance(value, ast.Call) and below is target
                    parts.setdefault(below.attr, []).append(value if plain else None)
    return parts


def called_in_others(method, first):
    """The calls in functions of a method that have a `self` of their own."""
    inner = [one for one in ast.walk(method) if one is not method and isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))]
    others = [one for one in inner if first in (given.arg for given in ast.walk(one.args) if isinstance(given, ast.arg))]
    return {below for one in others for below in ast.walk(one) if isinstance(below, ast.Call)}


def function_of(entry):
    return entry if entry is not None and entry[0]["kind"] == "function" else None


def is_name(node, name):
    return isinstance(node, ast.Name) and node.id == name


def is_own_class(node, first):
    """`cls(…)`, `type(self)(…)`, `self.__class__(…)`."""
    if first == "cls":
        return is_name(node, "cls")
    if isinstance(node, ast.Call):
        return is_name(node.func, "type") and len(node.args) == 1 and is_name(node.args[0], first)
    return isinstance(node, ast.Attribute) and node.attr == "__class__" and is_name(node.value, first)


def is_super(node, own):
    """`super()`, or `super(Price, self)` in the class that is named."""
    if not (isinstance(node, ast.Call) and is_name(node.func, "super")):
        return False
    return not node.args or (len(node.args) == 2 and is_name(node.args[0], own) and is_name(node.args[1], "self"))
