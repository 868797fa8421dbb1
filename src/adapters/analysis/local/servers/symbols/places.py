"""Where modules are: in the project's tree, among the installed packages, in the standard library."""
import importlib
import json
import os
import re
import sys

from module_index import EDITION, index_of
from slips import extends, swapped
from words import MOST_READ, Words

AVOIDED = {"antigravity", "this", "idlelib", "turtle", "turtledemo", "tkinter", "test", "lib2to3", "site", "_sitebuiltins", "msvcrt", "winreg", "distutils", "imp", "asyncore", "asynchat", "smtpd"}
SUFFIXES = (".py", ".pyi")


class NeedsText(Exception):
    """The text of a file of the tree is wanted."""


class Places:
    def __init__(self, job):
        self.files = job["files"]
        self.texts = job["texts"]
        self.cache = job.get("cache")
        self.needed = set()
        self.known = {}
        self.folders = self.folders_of(self.files)
        self.stems = {path.rsplit("/", 1)[-1].split(".")[0] for path in self.files} | {
            folder.rsplit("/", 1)[-1] for folder in self.folders
        }
        self.python_folders = self.folders_of([path for path in self.files if path.endswith(SUFFIXES)])
        self.compiled = {
            f"{path.rpartition('/')[0]}/{path.rsplit('/', 1)[-1].split('.')[0]}".lstrip("/")
            for path in self.files
            if path.endswith((".so", ".pyd", ".pyx"))
        }
        self.found = {}
        self.all_words = None
        own = os.path.dirname(os.path.abspath(__file__))
        self.roots = [path for path in sys.path if path and os.path.abspath(path) != own and os.path.isdir(path)]
        stdlib = os.path.dirname(os.path.abspath(os.__file__))
        self.stdlib = {stdlib, os.path.join(stdlib, "lib-dynload")}

    def folders_of(self, paths):
        folders = {""}
        for path in paths:
            while "/" in path:
                path = path.rsplit("/", 1)[0]
                if path in folders:
                    break
                folders.add(path)
        return folders

    def text(self, path):
        if path in self.texts:
            return self.texts[path]
        self.needed.add(path)
        raise NeedsText(path)

    def words(self):
        """What the project's Python files say; None where they are too many to read."""
        if self.all_words is None:
            paths = [path for path in self.files if path.endswith(SUFFIXES)]
            if len(paths) > MOST_READ:
                return None
            missing = [path for path in paths if path not in self.texts]
            if missing:
                self.needed.update(missing)
                raise NeedsText(missing[0])
            self.all_words = Words(self.texts[path] for path in paths)
        return self.all_words

    def is_slip(self, name, meant, least=2):
        """True for a name that stands in one place of the project's Python files only, and the one that is meant in `least` or more; False where they are too many to read."""
        words = self.words()
        return words is not None and words.times(name) == 1 and words.times(meant) >= least

    def index(self, place):
        """The index of a file: of the tree (by blob) or installed (by its size and time)."""
        if place in self.known:
            return self.known[place]
        kind, path = place
        if kind == "tree":
            key = f"tree-{self.files[path]}"
        else:
            seen = os.stat(path)
            key = f"file-{abs(hash_of(path))}-{seen.st_size}-{int(seen.st_mtime)}"
        found = self.recall(key)
        if found is None:
            if kind == "tree":
                text = self.text(path)
            else:
                with open(path, encoding="utf-8", errors="replace") as file:
                    text = file.read()
            found = index_of(text)
            self.remember(key, found)
        self.known[place] = found
        return found

    def recall(self, key):
        if not self.cache:
            return None
        try:
            with open(os.path.join(self.cache, f"{key}-{EDITION}.json"), encoding="utf-8") as file:
                return json.load(file)
        except (OSError, ValueError):
            return None

    def remember(self, key, found):
        if not self.cache:
            return
        path = os.path.join(self.cache, f"{key}-{EDITION}.json")
        try:
            with open(f"{path}.{os.getpid()}", "w", encoding="utf-8") as file:
                json.dump(found, file)
            os.replace(f"{path}.{os.getpid()}", path)
        except OSError:
            pass

    def find(self, module, importer):
        """Where a module is: ("tree" | "file" | "std" | "opaque" | "namespace" | "none" | "unknown", detail)."""
        key = (module, importer.rsplit("/", 1)[0] if "/" in importer else "")
        if key not in self.found:
            self.found[key] = self.look_for(module, importer)
        return self.found[key]

    def look_for(self, module, importer):
        top = module.split(".")[0]
        for root in self.tree_roots(importer):
            found = self.in_tree(f"{root}/{module.replace('.', '/')}".lstrip("/"))
            if found:
                return found
            if self.in_tree(f"{root}/{top}".lstrip("/")):
                return ("unknown", "") if self.is_namespace(root, module) else ("none", "tree")
        # A file of that name somewhere else may be meant; of the standard library's names it hardly ever is.
        if top in sys.stdlib_module_names or top in sys.builtin_module_names:
            return self.in_standard_library(module, top)
        if self.stands_elsewhere(top):
            return ("unknown", "")
        return self.installed(module)

    def tree_roots(self, importer):
        folder = importer.rsplit("/", 1)[0] if "/" in importer else ""
        roots = []
        while folder:
            # A package's own folder is no place for absolute imports.
            if f"{folder}/__init__.py" not in self.files:
                roots.append(folder)
            folder = folder.rsplit("/", 1)[0] if "/" in folder else ""
        return roots + ["", "src", "lib", "python", "app", "backend", "server"]

    def in_tree(self, path):
        for suffix in SUFFIXES:
            if f"{path}/__init__{suffix}" in self.files:
                return ("tree", f"{path}/__init__{suffix}")
            if f"{path}{suffix}" in self.files:
                return ("tree", f"{path}{suffix}")
        if path in self.compiled:
            return ("unknown", "")
        return ("namespace", path) if path in self.folders and self.holds_python(path) else None

    def holds_python(self, folder):
        return folder in self.python_folders

    def is_namespace(self, root, module):
        """True where a module that is no file of the tree may be there all the same; the package right above it decides."""
        path = root
        index = None
        for part in module.split(".")[:-1]:
            path = f"{path}/{part}".lstrip("/")
            found = self.in_tree(path)
            if found is None:
                # A package whose names are all known does not make the part that is missing.
                return index is None or makes_modules(index) or part in index["names"]
            if found[0] != "tree":
                return True
            index = self.index(found)
            if "/__init__." not in f"/{found[1]}":
                # A plain module has no modules below it, unless it makes them.
                return makes_modules(index)
            if "__path__" in index["names"]:
                return True
        return index is not None and makes_modules(index) and not self.is_misspelt(path, module.rpartition(".")[2])

    def is_misspelt(self, folder, name):
        """True for a slip of a file beside which it would stand, or such a name with a word added."""
        beside = self.beside(folder)
        return bool(swapped(name, beside) or extends(name, beside))

    def is_slip_of_file(self, module):
        """True for a module that is missing beside a file of the tree of which its name is a slip."""
        parent, _, name = module.rpartition(".")
        found = self.find(parent, "") if parent else ("none", "")
        if found[0] != "tree" or "/__init__." not in f"/{found[1]}":
            return False
        return self.is_misspelt(found[1].rpartition("/")[0], name)

    def beside(self, folder):
        """The names of the files and folders in a folder of the tree, without their endings."""
        return {path[len(folder) + 1 :].split("/")[0].split(".")[0] for path in self.files if path.startswith(f"{folder}/")}

    def parts(self, found):
        """The names of what stands beside the file of a package; nothing for a plain module."""
        kind, path = found
        folder, _, file = str(path).rpartition("/")
        if kind == "tree" and file.startswith("__init__."):
            return self.beside(folder)
        if kind == "file" and file.startswith("__init__."):
            return {one.split(".")[0] for one in os.listdir(folder)}
        return set()

    def stands_elsewhere(self, top):
        return top in self.stems

    def in_standard_library(self, module, top):
        if top in AVOIDED:
            return ("unknown", "")
        try:
            return ("std", importlib.import_module(module))
        except ModuleNotFoundError as missing:
            # A debug build or another system may have it.
            return ("none", "std") if missing.name == module and "." in module else ("unknown", "")
        except BaseException:
            return ("unknown", "")

    def installed(self, module):
        path = module.replace(".", "/")
        for root in self.roots:
            base = os.path.join(root, path)
            for file in (f"{base}/__init__.py", f"{base}.py"):
                if os.path.isfile(file):
                    return ("file", file)
            if os.path.isdir(base):
                return ("namespace", base)
            if has_extension(base):
                return ("opaque", base)
        if "." not in module:
            return ("none", "") if not self.has_finders() else ("unknown", "")
        parent = self.installed(module.rsplit(".", 1)[0])
        if parent[0] == "file" and not parent[1].endswith("__init__.py"):
            return ("unknown", "") if makes_modules(self.index(parent)) else ("none", "package")
        if parent[0] != "file":
            return parent if parent[0] == "none" else ("unknown", "")
        index = self.index(parent)
        moved = makes_modules(index) or "__path__" in index["names"] or module.rsplit(".", 1)[1] in index["names"]
        return ("unknown", "") if moved else ("none", "package")

    def has_finders(self):
        """An editable installation finds modules in its own way."""
        return any("editable" in type(one).__module__ or "editable" in str(one).lower() for one in sys.meta_path)

    def top_level(self):
        names = set(sys.stdlib_module_names)
        for root in self.roots:
            try:
                for entry in os.listdir(root):
                    name = entry.split(".")[0]
                    if name.isidentifier() and (entry.endswith(".py") or "." not in entry):
                        names.add(name)
            except OSError:
                pass
        return names


def makes_modules(index):
    """True for a module below which others may be made."""
    return index["open"] or index["makes"]


def has_extension(base):
    folder, name = os.path.split(base)
    try:
        return any(
            entry.startswith(f"{name}.") and entry.endswith((".so", ".pyd", ".pyi", ".pyc")) for entry in os.listdir(folder)
        )
    except OSError:
        return False


def hash_of(text):
    value = 0
    for character in text:
        value = (value * 131 + ord(character)) % (1 << 61)
    return value
