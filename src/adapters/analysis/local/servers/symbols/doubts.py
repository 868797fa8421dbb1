"""Places in which a missing name is allowed: a `try` that catches it, one answer of a question about the version."""
import ast
import operator
import re
import sys

from module_index import dotted
from slips import swapped

BROAD = {"Exception", "BaseException"}
# What a `try` catches when something is allowed to be missing. Of a class's own members nobody means to catch that.
CAUGHT = {
    "import": {"ImportError", "ModuleNotFoundError", "AttributeError", "NameError", "TypeError"} | BROAD,
    "member": {"AttributeError", "ImportError", "NameError"} | BROAD,
    "call": {"TypeError", "AttributeError"} | BROAD,
    "own": {"TypeError", "AttributeError"},
}
# Questions that have nothing to do with which members and parameters the project's own code has.
VERSIONS = r"version|platform|PY\d|PY_|\bis_py\d|\bpy[23]k?\b|WIN(?:32|DOWS|_|\b)|id='os', ctx=Load\(\)\), attr='name'|PYPY|implementation"
GUARD = VERSIONS + r"|TYPE_CHECKING|has_|HAS_|hasattr|[wW]indows"
GUARDS = {"import": GUARD, "member": GUARD, "call": VERSIONS, "own": VERSIONS}


# Failing is caught; or it is only not known whether the place is come to.
CAUGHT_THERE = "caught"
ASKED_THERE = "asked"


def doubt(outer, parent, child, about):
    """How doubtful a place is: CAUGHT_THERE, ASKED_THERE, or False; what stands further out counts too."""
    if outer == CAUGHT_THERE or is_caught(parent, child, about):
        return CAUGHT_THERE
    return ASKED_THERE if outer or is_asked(parent, child, about) else False


def is_excused(doubted, name, names):
    """True where a missing name is let pass: whatever is caught, and in one answer of a question all but a slip of one of the names."""
    return doubted == CAUGHT_THERE or (bool(doubted) and not swapped(name, names))


def is_caught(parent, child, about):
    """True in a `try` that catches what a missing name throws."""
    if isinstance(parent, ast.Try) and child in parent.body:
        return any(catches(handler, about) and not throws_again(handler, about) for handler in parent.handlers)
    if isinstance(parent, (ast.With, ast.AsyncWith)):
        return child in parent.body and any(lets_pass(item.context_expr, about) for item in parent.items)
    return False


def lets_pass(context, about):
    """True for `suppress(…)` and `raises(…)` of what a missing name throws, or of what is not known by its name."""
    if re.search("suppress|raises|Raises", ast.dump(context)) is None:
        return False
    given = context.args if isinstance(context, ast.Call) else []
    kinds = [one for kind in given for one in (kind.elts if isinstance(kind, ast.Tuple) else [kind])]
    return not kinds or any(not is_told(kind) or (dotted(kind) or "").rpartition(".")[2] in CAUGHT[about] for kind in kinds)


def is_told(kind):
    """True for a class of exceptions by its own name, which is what it says: `ValueError`, `asyncio.CancelledError`."""
    return re.match(r"[A-Z]\w*[a-z]", (dotted(kind) or "").rpartition(".")[2]) is not None


def is_asked(parent, child, about):
    """True in one answer of a question about versions and the like."""
    if isinstance(parent, (ast.If, ast.IfExp)) and child is not parent.test:
        holds = version_answer(parent.test)
        if holds is not None and isinstance(parent, ast.If):
            return (child in parent.body) != holds
        return asks(parent.test, about)
    if isinstance(parent, ast.BoolOp):
        return asks(parent, about)
    return isinstance(parent, ast.ExceptHandler) and about in ("import", "member") and catches(parent, about)


def mark_questions(tree):
    """A name that stands for an answer about versions (`NEW = sys.version_info >= (3, 8)`) asks the same wherever it is tested."""
    told = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and re.search(VERSIONS, ast.dump(node.value)):
            told |= {one.id for one in node.targets if isinstance(one, ast.Name)}
    for node in ast.walk(tree) if told else []:
        if isinstance(node, (ast.If, ast.IfExp)) and any(isinstance(one, ast.Name) and one.id in told for one in ast.walk(node.test)):
            node.test.__dict__["asks"] = {guard: True for guard in GUARDS.values()}


def asks(test, about):
    """True for a question of the kind that makes its answers doubtful; kept at the node, for every child of it asks."""
    known = test.__dict__.setdefault("asks", {})
    guard = GUARDS[about]
    if guard not in known:
        never = isinstance(test, ast.Constant) and not test.value
        known[guard] = never or re.search(guard, ast.dump(test)) is not None
    return known[guard]


def version_answer(test):
    """What `sys.version_info >= (3, 8)` is here; None for any other question."""
    if not (isinstance(test, ast.Compare) and len(test.ops) == 1 and dotted(test.left) == "sys.version_info"):
        return None
    compare = COMPARED.get(type(test.ops[0]))
    try:
        value = ast.literal_eval(test.comparators[0])
    except (ValueError, TypeError, SyntaxError):
        return None
    return compare(sys.version_info[: max(2, len(value))], value) if compare and isinstance(value, tuple) else None


COMPARED = {ast.GtE: operator.ge, ast.Gt: operator.gt, ast.Lt: operator.lt, ast.LtE: operator.le}


def catches(handler, about):
    """True for `except:` and for one that catches what a missing name throws."""
    if handler.type is None:
        return about != "own"
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any((dotted(kind) or "Exception").rpartition(".")[2] in CAUGHT[about] for kind in kinds)


def throws_again(handler, about):
    """True for one that ends with a plain `raise`: it clears up, and what was missing is still an error."""
    last = handler.body[-1]
    return about != "import" and isinstance(last, ast.Raise) and last.exc is None


def nodes_of(node, kind, about, doubted=False):
    """Every node of a kind below one, and how doubtful its place is."""
    for child in ast.iter_child_nodes(node):
        inner = doubt(doubted, node, child, about)
        if isinstance(child, kind):
            yield child, inner
        yield from nodes_of(child, kind, about, inner)
