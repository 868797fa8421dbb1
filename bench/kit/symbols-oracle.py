"""Whether what the symbols gate says is missing is really missing: asks the interpreter itself, by importing.

Reads {"root": folder, "flags": [{"path", "code", "message"}]} from standard input; writes one word a flag: "absent", "there" or
"undecided" (the module cannot be imported here). For installed packages only: it runs what it imports.
"""
import builtins
import importlib
import importlib.util
import inspect
import json
import os
import re
import sys

job = json.load(sys.stdin)
out, sys.stdout = sys.stdout, sys.stderr
sys.path.insert(0, job["root"])


def module_of(path):
    return path[:-3].removesuffix("/__init__").replace("/", ".")


def load(name):
    """The module; raises whatever its import raises."""
    sys.argv = [name]
    return importlib.import_module(name)


def is_module(name):
    try:
        if importlib.util.find_spec(name) is not None:
            return True
    except (ModuleNotFoundError, ValueError, AttributeError, ImportError):
        pass
    try:
        load(name)
        return True
    except ModuleNotFoundError as error:
        return not (error.name and (name == error.name or name.startswith(error.name + ".")))


def reach(module, dotted):
    value = module
    for part in dotted.split("."):
        value = getattr(value, part)
    return value


def below(kind):
    found = [kind]
    for one in found:
        found += [heir for heir in one.__subclasses__() if heir not in found]
    return found


def judge(flag):
    path, code, message = flag["path"], flag["code"], flag["message"]
    named = re.findall(r"`([^`]+)`", message)
    own = module_of(path)
    if code == "package-missing":
        return not is_module(named[0])
    if code in ("module-missing", "package-module-missing"):
        name = named[0]
        if name.startswith("."):
            package = own if path.endswith("/__init__.py") else own.rpartition(".")[0]
            name = importlib.util.resolve_name(name, package)
        return not is_module(name)
    if code in ("export-missing", "package-export-missing"):
        return not hasattr(load(named[0]), named[1]) and not is_module(f"{named[0]}.{named[1]}")
    if code == "name-undefined":
        return not hasattr(load(own), named[0]) and not hasattr(builtins, named[0])
    if code in ("argument-unknown", "package-argument-unknown"):
        module = load(own)
        called = named[0].removeprefix("self.")
        owners = [module] if not named[0].startswith("self.") else [one for one in vars(module).values() if inspect.isclass(one)]
        for owner in owners:
            try:
                spec = inspect.signature(reach(owner, called)).parameters
            except AttributeError:
                continue
            takes = named[1] in spec or any(one.kind is inspect.Parameter.VAR_KEYWORD for one in spec.values())
            if owner is module or takes:
                return not takes
        return True
    attribute = named[-1] if "Did you mean" not in message and "It has" not in message else re.findall(r"has no `([^`]+)`", message)[0]
    if named[0].startswith("self."):
        kind = reach(load(own), named[1])
        return not any(hasattr(one, attribute) for one in below(kind))
    module = load(own)
    try:
        value = reach(module, named[0].rpartition(".")[0])
    except AttributeError:
        value = load(named[1])
    return not hasattr(value, attribute)


def word(flag):
    try:
        return "absent" if judge(flag) else "there"
    except BaseException:
        return "undecided"


json.dump([word(flag) for flag in job["flags"]], out)
