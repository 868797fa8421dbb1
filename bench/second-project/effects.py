"""Runs pytest over many small changes of one tree: a line of JSON in, a line out. Forks, so that FastAPI is imported once."""
import io
import json
import os
import shutil
import sys
import tempfile

import fastapi.testclient  # noqa: F401
import pytest
import sqlalchemy.orm  # noqa: F401


class Seen:
    def __init__(self):
        self.outcomes = {}

    def pytest_runtest_logreport(self, report):
        if report.when == "call" or report.outcome != "passed":
            broken = report.when == "setup" and report.outcome == "failed"
            self.outcomes[report.nodeid] = "broken" if broken else report.outcome

    def pytest_collectreport(self, report):
        if report.failed:
            self.outcomes[report.nodeid] = "broken"


def run(files, out):
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            place = os.path.join(folder, path)
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "w") as target:
                target.write(text)
        os.chdir(folder)
        sys.dont_write_bytecode = True
        sys.stdout = sys.stderr = io.StringIO()
        seen = Seen()
        try:
            code = pytest.main(["-q", "-p", "no:cacheprovider"], plugins=[seen])
        except BaseException:
            code = 99
        os.write(out, json.dumps({"code": int(code), "outcomes": seen.outcomes}).encode())
        os.chdir("/")
        shutil.rmtree(folder, ignore_errors=True)


for line in sys.stdin:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        run(json.loads(line), writing)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    print(text or '{"code": 98, "outcomes": {}}', flush=True)
