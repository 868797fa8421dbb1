"""What a module offers, followed through star imports and re-exports; None stands for "cannot be known"."""
import inspect
import os
import re
from types import ModuleType

from live import live_keywords, live_members

DEPTH = 12
# Names that a standard library has on other systems, or at other times, than here.
ELSEWHERE = {
    "sys": r"winver|getwindowsversion|dllhandle|last_\w+|ps[12]|\w*refcount\w*|pypy\w*|_MEIPASS|frozen|\w*dlopenflags|getandroidapilevel|_\w+|maxint|setdefaultencoding",
    "os": r"startfile|add_dll_directory|O_\w+|\w*chflags|lchmod|plock|EX_\w+|P_\w+|getcwdu|errno|RTLD_\w+|SCHED_\w+|\w*xattr|memfd_create|pidfd_open",
    "signal": r"CTRL_\w+|SIG\w+",
    "socket": r"[A-Z]+_\w+|fromshare",
    "select": r"kqueue|kevent|KQ_\w+|devpoll|\w*poll\w*",
    "subprocess": r"STARTUPINFO|[A-Z]+_[A-Z_]+|DETACHED_PROCESS|SW_HIDE",
    "asyncio": r"Windows\w+|Proactor\w+|IocpProactor",
    "ctypes": r"windll|\w*dll\w*|\w*DLL\w*|WinError|FormatError|GetLastError|WINFUNCTYPE|HRESULT|\w+_last_error|Dll\w+|wintypes",
    "_ctypes": r"\w+",
    "multiprocessing.connection": r"Pipe\w+",
    "multiprocessing.reduction": r"\w+",
    "errno": r"\w+",
    "time": r"tzset|clock_\w+|CLOCK_\w+|pthread_\w+",
    "mmap": r"[A-Z]+_\w+",
    "stat": r"\w+",
    "resource": r"RLIMIT_\w+",
    "locale": r"[A-Z]\w+",
    "fcntl": r"\w+",
    "termios": r"\w+",
    "tempfile": r"template",
    "ssl": r"PROTOCOL_\w+|OP_\w+",
    "curses": r"ACS_\w+|LINES|COLS",
}
ALWAYS = set(dir(ModuleType)) | {"__name__", "__doc__", "__file__", "__path__", "__loader__", "__spec__", "__package__", "__dict__", "__builtins__", "__cached__", "__version__", "__annotations__", "__class__"}


class Names:
    def __init__(self, places):
        self.places = places
        self.memo = {}

    def of_module(self, place, module, depth=DEPTH):
        """Every name of a module at a place, or None."""
        kind, where = place
        if kind == "std":
            return None if hasattr(where, "__getattr__") else set(dir(where)) | ALWAYS
        if kind not in ("tree", "file") or depth == 0:
            return None
        if place in self.memo:
            return self.memo[place]
        self.memo[place] = set()
        index = self.places.index(place)
        names = None if index["open"] else set(index["names"]) | ALWAYS
        for level, star in index["stars"] if names is not None else []:
            inner = self.star(level, star, place, module, depth)
            names = None if inner is None or names is None else names | inner
        self.memo[place] = names
        return names

    def star(self, level, star, place, module, depth):
        target = absolute(level, star, place, module)
        if target is None:
            return None
        found = self.places.find(target, importer_of(place))
        names = self.of_module(found, target, depth - 1)
        # A package that was imported has its parts too, once anything imported them.
        return None if names is None else names | self.places.parts(found)

    def is_elsewhere(self, module, name):
        return re.fullmatch(ELSEWHERE.get(module, r"(?!)"), name) is not None

    def entry(self, place, module, name, depth=DEPTH):
        """What a name of a module is: (entry, place, module) at the place where it is defined; None when unknown."""
        kind, where = place
        if kind == "std":
            value = getattr(where, name, None)
            # `typing.Mapping` stands for the class in `collections.abc`.
            value = getattr(value, "__origin__", value) if where.__name__ == "typing" else value
            if inspect.isclass(value):
                return ({"kind": "live", "value": value}, place, module)
            return ({"kind": "live-function", "value": value}, place, module) if inspect.isroutine(value) else None
        if kind not in ("tree", "file") or depth == 0:
            return None
        index = self.places.index(place)
        if index["open"] and not index.get("lazy"):
            return None
        entry = index["names"].get(name)
        if entry is None:
            return self.star_entry(index["stars"], place, module, (name, depth - 1))
        if entry["kind"] == "alias":
            return self.dotted(entry["of"], place, module, depth - 1)
        if entry["kind"] != "from":
            return (entry, place, module)
        target = absolute(entry["level"], entry["module"], place, module)
        if target is None:
            return None
        found = self.places.find(target, importer_of(place))
        return self.entry(found, target, entry["name"], depth - 1)

    def star_entry(self, stars, place, module, wanted):
        """What a name is that comes by `from … import *`, where one of them alone can bring it."""
        name, depth = wanted
        bringing = []
        for level, star in stars:
            target = absolute(level, star, place, module)
            found = self.places.find(target, importer_of(place)) if target else ("none", "")
            names = self.of_module(found, target, depth)
            if names is None:
                return None
            listed = self.places.index(found).get("all") if found[0] in ("tree", "file") else None
            if name in names and (listed is None or name in listed):
                bringing.append((found, target))
        entries = [self.entry(*one, name, depth) for one in bringing] if name not in ALWAYS else []
        return entries[0] if entries and all(one == entries[0] for one in entries) else None

    def members(self, entry, place, module, depth=DEPTH):
        """All members of a class with its bases, or None."""
        if entry["kind"] == "live":
            return live_members(entry["value"])
        if entry["kind"] != "class" or entry["open"] or depth == 0:
            return None
        members = set(entry["members"]) | set(dir(object)) | {"__dict__", "__annotations__", "__slots__"}
        for base in entry["bases"]:
            inherited = self.base_members(base, place, module, depth)
            if inherited is None:
                return None
            members |= inherited
        return members

    def known_members(self, entry, place, module, depth=DEPTH):
        """(the members of a class that are known, True where others may come from a base that is not known, or by `__getattr__`)."""
        if entry["kind"] == "live":
            return (set(dir(entry["value"])), live_members(entry["value"]) is None)
        if entry["kind"] != "class" or depth == 0:
            return (set(), True)
        members = set(entry["members"]) | set(dir(object))
        is_answered = entry["added"] or "__getattr__" in members or "__getattribute__" in entry["members"]
        for base in entry["bases"]:
            found = self.dotted(base, place, module) if base else None
            if found is None:
                inherited, answered = (base and self.base_members(base, place, module, depth)) or set(), base != "object"
            else:
                inherited, answered = self.known_members(*found, depth - 1)
            members |= inherited
            is_answered = is_answered or answered
        return (members, is_answered)

    def member(self, entry, place, module, name, depth=DEPTH):
        """One member of a class: (entry, place, module) where it is defined; None when that is unknown."""
        if entry["kind"] == "live":
            value = getattr(entry["value"], name, None)
            return ({"kind": "live-function", "value": value}, place, module) if inspect.isroutine(value) else None
        if entry["kind"] != "class" or depth == 0:
            return None
        if name in entry["members"]:
            return (entry["members"][name], place, module)
        if entry["open"]:
            return None
        for base in entry["bases"]:
            found = self.dotted(base, place, module)
            if found is None:
                return None
            if found[0]["kind"] == "live":
                if hasattr(found[0]["value"], name):
                    return None
                continue
            inherited = self.member(*found, name, depth - 1)
            if inherited is not None:
                return inherited
            if self.members(*found) is None or name in self.members(*found):
                return None
        return None

    def keywords(self, entry, place, module, depth=DEPTH):
        """The keywords that a call of it takes; None when it may take any, or that is unknown."""
        if entry["kind"] in ("live", "live-function"):
            return live_keywords(entry["value"])
        if entry["kind"] == "function":
            return self.forwarded(entry, place, module, depth) if entry.get("passes") else entry["keywords"]
        if entry["kind"] != "class" or entry["strange"] or depth == 0:
            return None
        if entry["made"] in ("init", "tuple"):
            return self.forwarded(entry, place, module, depth) if entry.get("passes") else entry["keywords"]
        if entry["open"]:
            return None
        taken = list(entry["keywords"]) if entry["made"] == "fields" else []
        for base in entry["bases"]:
            found = self.dotted(base, place, module)
            inherited = self.keywords(*found, depth - 1) if found else None
            if inherited is None:
                return None
            taken += inherited
        # Whoever makes instances in another way than by `__init__` says so in `__init_subclass__` or a metaclass.
        return None if entry["made"] == "bases" and not entry["bases"] and "__call__" in entry["members"] else taken

    def forwarded(self, entry, place, module, depth):
        """The keywords of a function that does nothing with its `**rest` but hand it on; None where one that gets it takes any."""
        taken = list(entry["own"])
        for target in entry["passes"] if depth > 0 else []:
            [base, *more] = entry.get("bases") or [None]
            if target != "super().__init__":
                found = self.dotted(target, place, module)
            else:
                found = self.dotted(base, place, module) if base and not more else None
            inner = self.keywords(*found, depth - 1) if found else None
            if inner is None:
                return None
            taken += inner
        return taken if depth > 0 else None

    def base_members(self, base, place, module, depth):
        if base == "object":
            return set(dir(object))
        found = self.dotted(base, place, module)
        if found is None:
            import builtins

            value = getattr(builtins, base, None)
            index = self.places.index(place) if place[0] in ("tree", "file") else {"names": {base: 1}}
            return live_members(value) if inspect.isclass(value) and base not in index["names"] else None
        return self.members(*found, depth - 1)

    def dotted(self, text, place, module, depth=DEPTH):
        """`Base` or `module.part.Base`, as a file sees it."""
        first, _, rest = text.partition(".")
        if not rest:
            return self.entry(place, module, first, depth)
        if place[0] not in ("tree", "file"):
            return None
        target = self.imported_module(self.places.index(place)["names"].get(first), place, module)
        between, _, last = rest.rpartition(".")
        for part in between.split(".") if between and target else []:
            target = self.submodule(target, part, importer_of(place)) if target else None
        return self.entry(self.places.find(target, importer_of(place)), target, last, depth) if target else None

    def imported_module(self, entry, place, module):
        """The module that a name stands for: by `import a`, or by `from . import a` where no name of the package hides it."""
        if not entry or entry["kind"] not in ("module", "from"):
            return None
        if entry["kind"] == "module":
            return entry["module"]
        return self.submodule(absolute(entry["level"], entry["module"], place, module), entry["name"], importer_of(place))

    def submodule(self, target, name, importer):
        if target is None:
            return None
        names = self.of_module(self.places.find(target, importer), target)
        found = self.places.find(f"{target}.{name}", importer)
        is_hidden = names is not None and name in names and not self.brings(target, name, importer)
        return f"{target}.{name}" if found[0] in ("tree", "file", "std") and not is_hidden else None

    def brings(self, target, name, importer):
        """True where a package's own `from . import part` is what gives it the name of its part."""
        place = self.places.find(target, importer)
        entry = self.places.index(place)["names"].get(name) if place[0] in ("tree", "file") else None
        if not entry or entry["kind"] != "from" or entry["name"] != name:
            return False
        return absolute(entry["level"], entry["module"], place, target) == target


def importer_of(place):
    return place[1] if place[0] == "tree" else ""


def absolute(level, name, place, module):
    """The full name of an import in a module; None for a relative import that leads out of what is known."""
    if level == 0:
        return name
    if not isinstance(place[1], str):
        return None
    parts = module.split(".")
    if not os.path.basename(place[1]).startswith("__init__."):
        parts = parts[:-1]
    parts = parts[: len(parts) - (level - 1)] if level > 1 else parts
    full = ".".join(parts + ([name] if name else []))
    return full or None
