"""What a module offers, followed through star imports and re-exports; None stands for "cannot be known"."""
import inspect
import os
import re

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
    "errno": r"\w+",
    "time": r"tzset|clock_\w+|CLOCK_\w+|pthread_\w+",
    "mmap": r"[A-Z]+_\w+",
    "stat": r"\w+",
    "resource": r"RLIMIT_\w+",
    "locale": r"[A-Z]\w+",
    "fcntl": r"\w+",
    "termios": r"\w+",
    "tempfile": r"template",
}
ALWAYS = {"__name__", "__doc__", "__file__", "__path__", "__loader__", "__spec__", "__package__", "__dict__", "__builtins__", "__cached__", "__version__", "__annotations__", "__class__"}


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
        return self.of_module(found, target, depth - 1)

    def is_elsewhere(self, module, name):
        return re.fullmatch(ELSEWHERE.get(module, r"(?!)"), name) is not None

    def entry(self, place, module, name, depth=DEPTH):
        """What a name of a module is: (entry, place, module) at the place where it is defined; None when unknown."""
        kind, where = place
        if kind == "std":
            value = getattr(where, name, None)
            return ({"kind": "live", "value": value}, place, module) if inspect.isclass(value) else None
        if kind not in ("tree", "file") or depth == 0:
            return None
        index = self.places.index(place)
        if index["open"]:
            return None
        entry = index["names"].get(name)
        if entry is None or entry["kind"] != "from":
            return (entry, place, module) if entry else None
        target = absolute(entry["level"], entry["module"], place, module)
        if target is None:
            return None
        found = self.places.find(target, importer_of(place))
        return self.entry(found, target, entry["name"], depth - 1)

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

    def dotted(self, text, place, module):
        """`Base` or `module.Base`, as a file sees it."""
        first, _, rest = text.partition(".")
        if not rest:
            return self.entry(place, module, first)
        if place[0] not in ("tree", "file") or "." in rest:
            return None
        entry = self.places.index(place)["names"].get(first)
        if not entry or entry["kind"] != "module":
            return None
        found = self.places.find(entry["module"], importer_of(place))
        return self.entry(found, entry["module"], rest)


def live_members(value):
    """The members of a class of the standard library; None where its metaclass makes them up."""
    if not inspect.isclass(value) or hasattr(value, "__getattr__") or type(value).__name__ not in ("type", "ABCMeta"):
        return None
    return set(dir(value)) | set(dir(type(value)))


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
