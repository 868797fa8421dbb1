"""What an expression of a file stands for: a module, a class, a function; None wherever that is not certain."""
import ast
import builtins
import inspect

from class_index import function_entry
from live import GIVEN_BACK, is_hashable
from module_index import dotted
from names import absolute
from scopes import Scopes


class Meanings:
    def __init__(self, tree, check):
        self.scopes = Scopes(tree)
        self.check = check
        self.places = check.places
        self.names = check.names
        index = self.places.index(check.place)
        # A star import may bring any name.
        self.builtins = not index["stars"] and (not index["open"] or bool(index.get("lazy")))

    def module(self, node):
        """The full name of the module that `a` or `a.b` stands for, or would stand for if there is one."""
        name = dotted(node)
        found = self.scopes.meaning(leftmost(node)) if name else None
        if found is None:
            return None
        rest = name.partition(".")[2]
        if found[1][0] == "import":
            target = found[1][1]
        elif found[1][0] == "from":
            target = self.names.submodule(self.target(found[1]), found[1][3], self.check.path)
        else:
            return None
        return f"{target}.{rest}" if target and rest else target

    def target(self, meaning):
        return absolute(meaning[1], meaning[2], self.check.place, self.check.module)

    def entry(self, node):
        """(entry, place, module) of a class or function that an expression names."""
        if isinstance(node, ast.Name):
            return self.of_name(node)
        if not isinstance(node, ast.Attribute):
            return None
        target = self.module(node.value)
        if target is not None:
            found = self.places.find(target, self.check.path)
            if found[0] in ("tree", "file", "std"):
                return self.names.entry(found, target, node.attr)
        return self.member_of(self.entry(node.value) if target else self.of_value(node.value), node.attr)

    def called(self, node):
        """What a call calls: a function, a class, or the `__call__` of an instance."""
        entry = self.entry(node)
        if entry is None and isinstance(node, ast.Attribute):
            entry = self.member_of(self.of_parameter(node.value) or self.given_back(node.value), node.attr)
        if entry is None and isinstance(node, ast.Name):
            made = self.made_by_call(node)
            return self.names.member(*made, "__call__") if made else None
        if entry is not None and entry[0]["kind"] == "instance":
            owner = self.names.dotted(entry[0]["of"], entry[1], entry[2])
            return self.names.member(*owner, "__call__") if owner and owner[0]["kind"] == "class" else None
        return entry

    def given_back(self, node):
        """The class of what a call gives back, `Price(…)`, `price_of(…)` that says so, and of a text; through a name that is bound to it once too."""
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes))):
            kind = bytes if isinstance(getattr(node, "value", ""), bytes) else str
            return ({"kind": "live", "value": kind}, ("std", builtins), "builtins")
        found = self.scopes.meaning(node) if isinstance(node, ast.Name) else None
        call = found[1][1] if found and found[1][0] == "call" else node
        entry = self.entry(call.func) if isinstance(call, ast.Call) else None
        if entry is None and found and found[1][0] == "from":
            # Another module made it.
            entry = self.of_name(node)
            entry = self.names.dotted(entry[0]["of"], entry[1], entry[2]) if entry and entry[0]["kind"] == "instance" else None
        return self.class_given(entry) if entry else None

    def class_given(self, entry):
        kind = entry[0]["kind"]
        value = entry[0].get("value")
        if kind == "class":
            return entry
        if kind == "live":
            return None if value in (type, super) else entry
        if kind == "live-function" and is_hashable(value) and value in GIVEN_BACK:
            return ({"kind": "live", "value": GIVEN_BACK[value]}, entry[1], entry[2])
        told = self.names.dotted(entry[0]["returns"], entry[1], entry[2]) if entry[0].get("returns") else None
        return told if told and told[0]["kind"] in ("class", "live") else None

    def of_parameter(self, node):
        """The class that a parameter's annotation names."""
        found = self.scopes.meaning(node) if isinstance(node, ast.Name) else None
        if found is None or found[1][0] != "typed":
            return None
        entry = self.entry(found[1][1])
        return entry if entry and entry[0]["kind"] in ("class", "live") else None

    def made_by_call(self, node):
        found = self.scopes.meaning(node)
        if found is None or found[1][0] != "call":
            return None
        entry = self.entry(found[1][1].func)
        return entry if entry and entry[0]["kind"] == "class" else None

    def member_of(self, owner, name):
        is_class = owner is not None and owner[0]["kind"] in ("class", "live")
        return self.names.member(*owner, name) if is_class else None

    def of_value(self, node):
        """The class that a name stands for, or the class of what it was bound to: `a = B()`."""
        if not isinstance(node, ast.Name):
            return None
        found = self.scopes.meaning(node)
        if found is not None and found[1][0] == "call":
            made_of = found[1][1].func
            entry = self.entry(made_of) if not isinstance(made_of, ast.Attribute) or self.module(made_of.value) else None
            # `type(self)` is some class, and `super()` whatever comes next.
            entry = None if entry and entry[0].get("value") in (type, super) else entry
        else:
            entry = self.of_name(node)
        return entry if entry and entry[0]["kind"] in ("class", "live") else None

    def of_name(self, node):
        scope = self.scopes.of(node)
        if scope is None:
            return self.builtin(node.id)
        found = self.scopes.meaning(node)
        if found is None:
            return None
        scope, meaning = found
        if scope is self.scopes.root:
            return self.names.entry(self.check.place, self.check.module, node.id)
        if meaning[0] == "def" and not isinstance(meaning[1], ast.ClassDef) and scope.kind != "class":
            return (function_entry(meaning[1]), self.check.place, self.check.module)
        target = self.target(meaning) if meaning[0] == "from" else None
        return self.names.entry(self.places.find(target, self.check.path), target, meaning[3]) if target else None

    def builtin(self, name):
        value = getattr(builtins, name, None) if self.builtins else None
        if inspect.isclass(value):
            return ({"kind": "live", "value": value}, ("std", builtins), "builtins")
        return ({"kind": "live-function", "value": value}, ("std", builtins), "builtins") if inspect.isroutine(value) else None


def leftmost(node):
    while isinstance(node, ast.Attribute):
        node = node.value
    return node
