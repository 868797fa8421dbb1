"""Measures what code for an experiment does. It judges nothing: the mill does.

Arguments: the tree, and a folder to write to. Standard input: a key, a line end, then the job as JSON. What comes out:
see millwright_report.
"""

import os
import sys
import traceback

sys.path.pop(0) if sys.path[0] == os.path.dirname(os.path.abspath(__file__)) else None
sys.path.append(os.path.dirname(os.path.abspath(__file__)))

from millwright_report import Report  # noqa: E402

REPORT = Report()
REPORT.job.update(tree=sys.argv[1], out=sys.argv[2])

from millwright_watch import Clock  # noqa: E402

CLOCK = Clock()

try:
    import numpy  # noqa: E402
    import torch  # noqa: E402
except ImportError as error:
    REPORT.write("lacking", what=str(error))
    sys.stderr.flush()
    os._exit(0)

import millwright_measures  # noqa: E402
from millwright_subject import load_subject  # noqa: E402


def told(error):
    frames = traceback.extract_tb(error.__traceback__)
    own = os.path.dirname(os.path.abspath(__file__))
    theirs = [one for one in frames if os.path.dirname(os.path.abspath(one.filename)) != own]
    last = theirs[-1] if theirs else None
    tree = REPORT.job["tree"].rstrip("/") + "/"
    path = last.filename[len(tree) :] if last and last.filename.startswith(tree) else None
    text = "%s: %s" % (type(error).__name__, " ".join(str(error).split())[:500])
    return {"error": text, "path": path, "line": last.lineno if path else None}


def main():
    job = REPORT.job
    torch.set_num_threads(1)
    REPORT.write("start", torch=torch.__version__, numpy=numpy.__version__, python=sys.version.split()[0])
    try:
        subject = load_subject(job["tree"], job["subject"])
        missing = [name for name in job["offers"] if not callable(getattr(subject, name, None))]
        torch.set_num_threads(1)
    except BaseException as error:
        REPORT.write("measure", name="subject", failed=told(error))
        REPORT.write("end")
        return
    REPORT.write("measure", name="subject", values={"missing": missing})
    probe = millwright_measures.Probe(subject, job, CLOCK)
    for name in job["measures"]:
        try:
            REPORT.write("measure", name=name, values=getattr(probe, name)())
        except BaseException as error:
            REPORT.write("measure", name=name, failed=told(error))
    REPORT.write("end")


main()
sys.stderr.flush()
os._exit(0)
