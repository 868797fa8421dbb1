"""What a class and a function offer: members, bases, the keywords that a call takes."""
import ast
import re

from call_names import dotted, handed_on

# Decorators that leave a function's parameters as they are.
KEEPING = {"overload", "staticmethod", "classmethod", "abstractmethod", "contextmanager", "asynccontextmanager", "lru_cache", "cache", "override", "final"}


def function_entry(node):
    """A function with the keywords it takes; `keywords` is None when it takes any, or a decorator may change it."""
    spec = node.args
    keywords = [one.arg for one in spec.args + spec.kwonlyargs]
    if not all(decorator_name(one) in KEEPING for one in node.decorator_list):
        return {"kind": "function", "keywords": None}
    returns = {"returns": returned(node)} if returned(node) and not node.decorator_list else {}
    if not spec.kwarg:
        return {"kind": "function", "keywords": keywords, **returns}
    return {"kind": "function", "keywords": None, "own": keywords, "passes": handed_on(node), **returns}


def returned(node):
    """The class that a function says it gives back, by name; None for one that has to be awaited."""
    if isinstance(node, ast.AsyncFunctionDef):
        return None
    told = node.returns
    if isinstance(told, ast.Constant) and isinstance(told.value, str):
        return told.value if told.value.replace(".", "").isidentifier() else None
    return dotted(told)


def decorator_name(node):
    """The last part of a decorator's name, called or not."""
    name = dotted(node.func if isinstance(node, ast.Call) else node)
    return (name or "").rpartition(".")[2]


# Decorators that add no members but those of `dataclass`, and bases that add none.
ADDING_NOTHING = {"dataclass", "total_ordering", "final", "unique", "runtime_checkable"}
EMPTY_BASES = {"Generic", "Protocol"}
# Decorators that write the class down somewhere and give it back.
REGISTERS = re.compile(r"_?register(?:_\w+)?$")
# Decorators that change how instances are made, and add no members but those with underscores.
MAKING = {"define", "mutable", "frozen", "attrs", "s", "deconstructible", "implementer", "implementer_only", "provider", "mypyc_attr", "trait", "python_2_unicode_compatible"}


def class_entry(node):
    """A class with its members and the names of its bases; `open` when members may come from elsewhere."""
    members = {}
    decorators = [decorator_name(one) for one in node.decorator_list]
    # Made in a way of its own: what a call of it takes cannot be read off `__init__`.
    strange = any(one not in ADDING_NOTHING and not REGISTERS.match(one) for one in decorators) or any(not is_plain_metaclass(one) for one in node.keywords)
    is_added = any(one not in ADDING_NOTHING | MAKING and not REGISTERS.match(one) for one in decorators) or any(not is_plain_metaclass(one) for one in node.keywords)
    is_open = is_added
    bases = [name for name in map(base_name, node.bases) if name is None or name.rpartition(".")[2] not in EMPTY_BASES]
    if None in bases:
        is_open = True
    inits = []
    for child in node.body:
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            members[child.name] = own_method(child, node.name)
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
    entry = {"kind": "class", "members": members, "bases": bases, "open": is_open, "strange": strange, "added": is_added, "made": made, "keywords": taken}
    # What its only way of being made hands on.
    return {**entry, "own": inits[0]["own"], "passes": inits[0]["passes"]} if len(inits) == 1 and inits[0].get("passes") else entry


def own_method(child, name):
    """A method, which may name its own class when it calls what stands above: `super(Price, self).__init__(**rest)`."""
    entry = function_entry(child)
    if entry.get("passes"):
        entry["passes"] = ["super().__init__" if one == f"super({name}).__init__" else one for one in entry["passes"]]
    return entry


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
