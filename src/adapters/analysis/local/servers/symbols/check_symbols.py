"""Names of Python files that exist neither in the project nor in what is installed. Nothing of the project is run.

Reads a job as JSON from standard input, writes findings (or the paths of the texts it needs first) to standard output.
"""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True

from file_check import FileCheck  # noqa: E402
from names import Names  # noqa: E402
from places import NeedsText, Places  # noqa: E402


def main():
    job = json.load(sys.stdin)
    out = sys.stdout
    # What a module of the standard library prints when it is imported must not reach the answer.
    sys.stdout = sys.stderr
    places = Places(job)
    names = Names(places)
    findings = []
    for path in job["changed"]:
        check = FileCheck(path, places, names, job.get("manifests", []))
        try:
            findings += check.run()
        except NeedsText:
            names.memo.clear()
        except RecursionError:
            pass
    answer = {"python": sys.version.split()[0], "need": sorted(places.needed), "findings": findings}
    if os.environ.get("MILLWRIGHT_COUNT"):
        answer["looked"] = FileCheck.looked
    json.dump(answer, out)


main()
