"""Names of what is called, and what a function calls with the arguments that it does not name itself."""
import ast


def dotted(node):
    """`a.b.c` as text; None for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = dotted(node.value)
        return None if inner is None else f"{inner}.{node.attr}"
    return None


def handed_on(node):
    """What a function calls with its `**rest`, by name, if it does nothing else with it."""
    rest = node.args.kwarg.arg
    targets = []
    written = {rest, *(one.arg for one in node.args.posonlyargs + node.args.args + node.args.kwonlyargs)}
    given = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load):
            written.add(one.id)
        elif isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and one is not node:
            written.add(one.name)
        elif isinstance(one, ast.alias):
            written.add((one.asname or one.name).partition(".")[0])
        elif isinstance(one, ast.Call):
            for keyword in one.keywords:
                if keyword.arg is None and isinstance(keyword.value, ast.Name) and keyword.value.id == rest:
                    given.add(id(keyword.value))
                    targets.append(is_super_init(one.func) or dotted(one.func))
    used = [one for one in ast.walk(node) if isinstance(one, ast.Name) and one.id == rest]
    if rest in (one.id for one in used if not isinstance(one.ctx, ast.Load)) or any(id(one) not in given for one in used):
        return []
    return [] if any(one is None or one.partition(".")[0] in written for one in targets) else targets


def is_super_init(function):
    """`super().__init__`, or `super(Price).__init__` where the class is named; None for anything else."""
    is_init = isinstance(function, ast.Attribute) and function.attr == "__init__" and isinstance(function.value, ast.Call)
    if not is_init or dotted(function.value.func) != "super":
        return None
    named = [dotted(one) for one in function.value.args]
    return "super().__init__" if not named else f"super({named[0]}).__init__" if named[1:] == ["self"] else None
