"""Names that are slips of the hand: two neighbouring letters stand in the wrong order."""
import ast
import re

# With fewer letters two names are too easily neighbours.
FEWEST = 4


def swapped(name, names):
    """The one of the names of which another name is a slip; None where it is none."""
    if len(name) < FEWEST:
        return None
    for at in range(len(name) - 1):
        other = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
        if other != name and other in names:
            return other
    return None


def extends(name, members):
    """The name to which another only adds a word: `parse` for `parse_async`; None where there is none."""
    return next((one for one in members if len(one) > 4 and name.startswith(one) and re.match(r"_?[A-Za-z]+$", name[len(one) :])), None)


def words_of(tree):
    """Every name that a file writes, and the keywords and parameters of its calls and functions."""
    words = set()
    for node in ast.walk(tree):
        for field in ("id", "attr", "arg", "name"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                words.add(value)
    return words
