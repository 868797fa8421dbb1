"""Millwright's plugin for pytest 7.2 to 9: one line a record, `<mac> <json>`, into the report folder.

The key is read once and its file removed before any conftest is loaded.
"""

import hashlib
import hmac
import json
import os
import re

import pytest

_LIMIT = 20000


class _Report:
    def __init__(self):
        self.sequence = 0
        self.file = None
        folder = os.environ.pop("MILLWRIGHT_REPORT", None)
        if not folder:
            return
        try:
            with open(os.path.join(folder, "key"), "rb") as key_file:
                self.key = key_file.read()
            os.unlink(os.path.join(folder, "key"))
        except OSError:
            # A worker of xdist, or a pytest that a test started: another process reports.
            return
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        self.file = os.open(os.path.join(folder, "records.jsonl"), flags, 0o644)

    def write(self, **record):
        if self.file is None:
            return
        line = json.dumps({"sequence": self.sequence, **record}).encode()
        self.sequence += 1
        proof = hmac.new(self.key, line, hashlib.sha256).hexdigest().encode()
        # A line of its own, even after a test that left half a line.
        os.write(self.file, b"\n" + proof + b" " + line + b"\n")


_report = _Report()
_report.write(kind="start", runner="pytest", version=pytest.__version__)
_state = {"root": ""}
_seen = {}


@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    _state["root"] = str(config.rootpath)
    for name, value in (("maxfail", 0), ("reruns", 0), ("cov_fail_under", 0)):
        if getattr(config.option, name, None):
            setattr(config.option, name, value)


def pytest_collection_finish(session):
    for item in session.items:
        _report.write(kind="collected", **_place(item.nodeid))


def pytest_collectreport(report):
    if report.failed:
        error = getattr(report, "millwright", None) or {"message": _cut(str(report.longrepr))}
        _report.write(kind="error", file=_place(report.nodeid)["file"], error=error)


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report(collector):
    outcome = yield
    report = outcome.get_result()
    if report.failed and getattr(report, "call", None) is not None and report.call.excinfo is not None:
        report.millwright = _thrown(report.call.excinfo, report)


def pytest_runtest_logstart(nodeid):
    _report.write(kind="begin", **_place(nodeid))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if report.failed and call.excinfo is not None:
        report.millwright = _thrown(call.excinfo, report)


def pytest_runtest_logreport(report):
    seen = _seen.setdefault(report.nodeid, {"outcome": "skipped", "phase": None, "errors": []})
    if report.failed:
        error = getattr(report, "millwright", None) or {"message": _cut(str(report.longrepr))}
        seen["phase"] = "hook" if report.when != "call" and not seen["errors"] else seen["phase"]
        seen["outcome"] = "failed"
        seen["errors"].append(error)
    elif report.when == "call" and report.passed and seen["outcome"] != "failed":
        seen["outcome"] = "passed"


def pytest_runtest_logfinish(nodeid):
    seen = _seen.pop(nodeid, None)
    if seen is not None:
        _report.write(kind="result", **seen, **_place(nodeid))


def pytest_internalerror(excrepr):
    _report.write(kind="error", error={"name": "InternalError", "message": _cut(str(excrepr))})


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(exitstatus):
    _report.write(kind="end", reason=str(int(exitstatus)))


def _place(nodeid):
    head, bracket, tail = nodeid.partition("[")
    file, *path = head.split("::")
    if path:
        path[-1] += bracket + tail
    return {"file": os.path.join(_state["root"], file) if file else None, "path": path}


def _thrown(excinfo, report):
    error = excinfo.value
    # A module that cannot be imported is wrapped by pytest; what it says first is in the cause.
    cause = error.__cause__ if type(error).__name__ == "CollectError" and error.__cause__ is not None else error
    crash = getattr(report.longrepr, "reprcrash", None)
    message = _message(cause)
    if type(cause).__name__ == "CollectError" or not message:
        message = str(report.longrepr)
    name = type(cause).__name__
    return {
        "name": name,
        "message": _cut(message),
        "stack": _cut(str(report.longrepr)),
        "missing": getattr(cause, "name", None) if name in ("ModuleNotFoundError", "NameError", "AttributeError") else None,
        "assertion": True if isinstance(cause, AssertionError) or name == "Failed" else None,
        "line": _line(cause, crash),
        "at": _innermost(excinfo) if cause is error else None,
    }


def _innermost(excinfo):
    """The innermost file of the repository, dependencies and the standard library left out."""
    root = os.path.join(_state["root"], "")
    for entry in reversed(excinfo.traceback):
        path = str(entry.path)
        if path.startswith(root) and "/site-packages/" not in path:
            return path
    return None


def _message(error):
    shown = getattr(error, "formatrepr", None)
    if shown is not None and type(error).__name__ == "FixtureLookupError":
        return re.sub(r"^E?\s*", "", error.msg or "") or "fixture %r not found" % error.argname
    return str(error)


def _line(error, crash):
    if isinstance(error, SyntaxError):
        return error.lineno
    return getattr(crash, "lineno", None)


def _cut(text):
    return text[:_LIMIT]
