"""What one Python file offers, read from its syntax tree; nothing of it is run."""
import ast
import re

from call_names import dotted
from class_index import class_entry, function_entry

EDITION = 16


def index_of(text):
    """The names of a module, as plain data: a tree that cannot be read is open."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {"open": True, "makes": True, "names": {}, "stars": [], "submodules": []}
    reader = _Reader()
    reader.block(tree.body)
    # A function may write into the module: `global x`, `globals()["x"] = …`, `sys.modules[__name__] = …`.
    for node in ast.walk(tree):
        reader.write_into_classes(node)
        if isinstance(node, ast.Global):
            for name in node.names:
                reader.names.setdefault(name, {"kind": "value"})
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and _may_write(node):
            reader.execute(node)
        elif isinstance(node, ast.Call) and _replaces_itself(node):
            reader.open = True
        elif isinstance(node, ast.Attribute) and node.attr == "_convert_":
            reader.open = True
    reader.open = reader.open or _writes_modules(text)
    # A module that only answers for names that are not there: those that stand in it are what they are.
    lazy = reader.asks and not reader.open
    # Modules that it makes elsewhere are no names of its own.
    makes = re.search(r"sys\.modules\[\s*(?:__name__|f?[\"'])[^\]]*\]\s*=[^=]|sys\.meta_path|^\s*__path__\b", text, re.M) is not None
    return {"open": reader.open or reader.asks, "lazy": lazy, "makes": makes, "names": reader.names, "stars": reader.stars, "all": reader.all}


def _may_write(node):
    """`exec(code)` and `vars()` may write into the module; with a place of their own they write there."""
    return (node.func.id == "exec" and len(node.args) < 2) or (node.func.id == "vars" and not node.args)


def _replaces_itself(node):
    """`initpkg(__name__, …)`, `lazy.attach(__name__, …)`: another module takes the place of this one."""
    gives = any(isinstance(one, ast.Name) and one.id == "__name__" for one in node.args)
    return gives and re.search(r"init|lazy|attach|deprec|extern|Importer|module", dotted(node.func) or "", re.I) is not None


def _writes_modules(text):
    if re.search(r"(?:locals|globals)\(\)\s*(?:\[[^\]]*\]\s*=[^=]|\.(?:update|setdefault|pop|__setitem__))", text):
        return True
    # Handed on or kept: whoever has it may write into it.
    if re.search(r"[(,=:]\s*globals\(\)\s*(?:[,)\n]|$)", text):
        return True
    return re.search(r"modules\[\s*__name__\s*\]|\bdel\s+sys\.modules\[|sys\.modules\.(?:update|setdefault|__setitem__)", text) is not None


class _Reader:
    def __init__(self):
        self.names = {}
        self.stars = []
        self.open = False
        self.asks = False
        self.all = None

    def write_into_classes(self, node):
        """`Price.free = Price(0)`, `setattr(Price, name, …)`: members that a class is given from outside."""
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name):
            entry = self.names.get(node.value.id, {"kind": "value"})
            if entry["kind"] == "class":
                entry["members"].setdefault(node.attr, {"kind": "value"})
        elif isinstance(node, ast.Call) and dotted(node.func) == "setattr" and node.args and isinstance(node.args[0], ast.Name):
            entry = self.names.get(node.args[0].id, {"kind": "value"})
            if entry["kind"] == "class":
                entry["open"] = True

    def execute(self, node):
        """`exec("def old(): …")`: a text that stands there says which names it gives; any other may give all."""
        text = node.args[0].value if node.func.id == "exec" and node.args and isinstance(node.args[0], ast.Constant) else None
        if not isinstance(text, str):
            self.open = True
            return
        for name in re.findall(r"[A-Za-z_]\w*", text):
            self.names.setdefault(name, {"kind": "value"})

    def block(self, body):
        for node in body:
            self.statement(node)

    def add(self, name, entry):
        known = self.names.get(name)
        # A name with two meanings is only known to be there; one that is always a function takes what any of them takes.
        self.names[name] = entry if known is None or known == entry else either(known, entry)

    def statement(self, node):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if node.name == "__getattr__":
                answered = answered_names(node)
                self.asks = self.asks or answered is None
                for name in answered or []:
                    self.add(name, {"kind": "value"})
            self.add(node.name, function_entry(node))
        elif isinstance(node, ast.ClassDef):
            if any((dotted(one) or "").endswith("global_enum") for one in node.decorator_list):
                self.open = True
            self.add(node.name, class_entry(node))
        elif isinstance(node, ast.Import):
            for alias in node.names:
                target = alias.name if alias.asname else alias.name.split(".")[0]
                self.add(alias.asname or target, {"kind": "module", "module": target})
        elif isinstance(node, ast.ImportFrom):
            self.import_from(node)
        else:
            self.assignments(node)
            for child in blocks_of(node):
                self.block(child)

    def import_from(self, node):
        for alias in node.names:
            if alias.name == "*":
                self.stars.append([node.level, node.module or ""])
            else:
                entry = {"kind": "from", "level": node.level, "module": node.module or "", "name": alias.name}
                self.add(alias.asname or alias.name, entry)

    def assignments(self, node):
        for target in targets_of(node):
            for name in bound_names(target):
                value = getattr(node, "value", None) if isinstance(target, ast.Name) else None
                self.add(name, value_entry(value, name))
                if name == "__all__":
                    self.read_all(node)

    def read_all(self, node):
        try:
            listed = ast.literal_eval(node.value)
            self.all = (self.all or []) + [one for one in listed if isinstance(one, str)]
        except (ValueError, TypeError, AttributeError):
            self.all = None


def answered_names(node):
    """The names that a module's `__getattr__` answers for, where it compares with each of them and then gives up; else None."""
    if not node.args.args or not isinstance(node.body[-1], ast.Raise):
        return None
    names = []
    for statement in node.body[:-1]:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue
        test = statement.test if isinstance(statement, ast.If) and not statement.orelse else None
        if not (isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == node.args.args[0].arg):
            return None
        try:
            value = ast.literal_eval(test.comparators[0])
        except (ValueError, TypeError, SyntaxError):
            return None
        if isinstance(test.ops[0], ast.Eq) and isinstance(value, str):
            names.append(value)
        elif isinstance(test.ops[0], ast.In) and not isinstance(value, str):
            names += [one for one in value if isinstance(one, str)]
        else:
            return None
    return names


def value_entry(value, name):
    """What is assigned to a name: something made by a call of a name, another name for something, or just a value."""
    made_of = dotted(value.func) if isinstance(value, ast.Call) else None
    if made_of is not None:
        return {"kind": "instance", "of": made_of}
    other = dotted(value) if isinstance(value, (ast.Name, ast.Attribute)) else None
    return {"kind": "alias", "of": other} if other is not None and other.partition(".")[0] != name else {"kind": "value"}


def blocks_of(node):
    """The statements inside `if`, `try`, `with`, `for`, `while`, `match`."""
    for field in ("body", "orelse", "finalbody"):
        child = getattr(node, field, None)
        if isinstance(child, list):
            yield child
    for handler in getattr(node, "handlers", []):
        yield handler.body
    for case in getattr(node, "cases", []):
        yield case.body


def targets_of(node):
    if isinstance(node, ast.Assign):
        return node.targets
    if isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.For, ast.AsyncFor)):
        return [node.target]
    if isinstance(node, (ast.With, ast.AsyncWith)):
        return [item.optional_vars for item in node.items if item.optional_vars]
    if type(node).__name__ == "TypeAlias":
        return [node.name]
    walrus = [one.target for one in ast.walk(node) if isinstance(one, ast.NamedExpr)]
    return walrus if isinstance(node, (ast.Expr, ast.If, ast.While)) else []


def bound_names(target):
    return [node.id for node in ast.walk(target) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]


def either(one, other):
    both = [one, other]
    if any(entry["kind"] != "function" or entry["keywords"] is None for entry in both):
        return {"kind": "value"}
    return {"kind": "function", "keywords": [*one["keywords"], *other["keywords"]]}
