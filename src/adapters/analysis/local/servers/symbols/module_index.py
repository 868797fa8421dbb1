"""What one Python file offers, read from its syntax tree; nothing of it is run."""
import ast
import re

from call_names import dotted, handed_on

EDITION = 13


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
        if isinstance(node, ast.Global):
            for name in node.names:
                reader.names.setdefault(name, {"kind": "value"})
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and _may_write(node):
            reader.open = True
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
    return re.search(r"modules\[\s*__name__\s*\]|sys\.modules\.(?:update|setdefault|__setitem__)", text) is not None


class _Reader:
    def __init__(self):
        self.names = {}
        self.stars = []
        self.open = False
        self.asks = False
        self.all = None

    def block(self, body):
        for node in body:
            self.statement(node)

    def add(self, name, entry):
        known = self.names.get(name)
        # A name with two meanings is only known to be there.
        self.names[name] = entry if known is None or known == entry else {"kind": "value"}

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
                self.add(name, {"kind": "instance", "of": value.func.id} if is_plain_call(value) else {"kind": "value"})
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


def is_plain_call(value):
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name)


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
    return [node.id for node in ast.walk(target) if isinstance(node, ast.Name)]


# Decorators that leave a function's parameters as they are.
KEEPING = {"staticmethod", "classmethod", "abstractmethod", "contextmanager", "asynccontextmanager", "lru_cache", "cache", "override", "final"}


def function_entry(node):
    """A function with the keywords it takes; `keywords` is None when it takes any, or a decorator may change it."""
    spec = node.args
    keywords = [one.arg for one in spec.args + spec.kwonlyargs]
    if not all(decorator_name(one) in KEEPING for one in node.decorator_list):
        return {"kind": "function", "keywords": None}
    if not spec.kwarg:
        return {"kind": "function", "keywords": keywords}
    return {"kind": "function", "keywords": None, "own": keywords, "passes": handed_on(node)}


def decorator_name(node):
    """The last part of a decorator's name, called or not."""
    name = dotted(node.func if isinstance(node, ast.Call) else node)
    return (name or "").rpartition(".")[2]


# Decorators that add no members but those of `dataclass`, and bases that add none.
ADDING_NOTHING = {"dataclass", "total_ordering", "final", "unique", "runtime_checkable"}
EMPTY_BASES = {"Generic", "Protocol"}


def class_entry(node):
    """A class with its members and the names of its bases; `open` when members may come from elsewhere."""
    members = {}
    decorators = [decorator_name(one) for one in node.decorator_list]
    # Made in a way of its own: what a call of it takes cannot be read off `__init__`.
    strange = not set(decorators) <= ADDING_NOTHING or any(not is_plain_metaclass(one) for one in node.keywords)
    is_open = strange
    bases = [name for name in map(base_name, node.bases) if name is None or name.rpartition(".")[2] not in EMPTY_BASES]
    if None in bases:
        is_open = True
    inits = []
    for child in node.body:
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            members[child.name] = function_entry(child)
            is_open = is_open or child.name in ("__getattr__", "__getattribute__", "__setattr__")
            if child.name in ("__init__", "__new__"):
                inits.append(members[child.name])
            if child.name not in RESTORING:
                is_open = any([written_members(sub, members, node.name) for sub in ast.walk(child)]) or is_open
        else:
            is_open = member_names(child, members) or is_open
            is_open = any([written_members(sub, members, node.name) for sub in ast.walk(child)]) or is_open
    fields = [one.target.id for one in node.body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)]
    takes_any = any(one["keywords"] is None for one in inits)
    keywords = None if takes_any else [name for one in inits for name in one["keywords"]]
    is_tuple = any((name or "").rpartition(".")[2] == "NamedTuple" for name in bases)
    made = "init" if inits else "tuple" if is_tuple else "fields" if "dataclass" in decorators else "bases"
    taken = keywords if made in ("init", "bases") else fields
    entry = {"kind": "class", "members": members, "bases": bases, "open": is_open, "strange": strange, "made": made, "keywords": taken}
    # What its only way of being made hands on.
    return {**entry, "own": inits[0]["own"], "passes": inits[0]["passes"]} if len(inits) == 1 and inits[0].get("passes") else entry


# Methods that put back what was there.
RESTORING = {"__getstate__", "__setstate__", "__copy__", "__deepcopy__", "__reduce__"}


def base_name(node):
    """`Base`, `module.Base`, and both with parameters in brackets."""
    return dotted(node.value if isinstance(node, ast.Subscript) else node)


def is_plain_metaclass(keyword):
    return keyword.arg == "metaclass" and (dotted(keyword.value) or "").rpartition(".")[2] in ("ABCMeta", "type")


def member_names(child, members):
    """Names that a statement of a class body binds; True when something unseen may be bound."""
    if isinstance(child, ast.ClassDef):
        members[child.name] = {"kind": "value"}
        return False
    if isinstance(child, (ast.Expr, ast.Pass)):
        return False
    for node in ast.walk(child):
        if isinstance(node, ast.Name):
            members.setdefault(node.id, {"kind": "value"})
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            members.setdefault(node.name, {"kind": "value"})
    return isinstance(child, (ast.Import, ast.ImportFrom))


def written_members(node, members, of):
    """`self.x = …` anywhere in the class; True when members are written by names that are made up."""
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, (ast.Store, ast.Del)) and isinstance(node.value, ast.Name):
        members.setdefault(node.attr, {"kind": "value"})
    if isinstance(node, ast.Attribute) and node.attr == "__dict__":
        return isinstance(node.value, ast.Name)
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("setattr", "vars")):
        return False
    to = node.args[0] if node.args else None
    # What is written into some other thing is no member of this class.
    return not (isinstance(to, ast.Attribute) or (isinstance(to, ast.Name) and to.id not in ("self", "cls", of) and node.func.id == "vars"))
