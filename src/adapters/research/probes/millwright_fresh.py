"""Loads a checkpoint where nothing is left of the process that saved it, and tells the loss of one batch.

Standard input: tree, subject, checkpoint, config and the batch's file as JSON. The last line of what it prints: the loss.
"""

import json
import os
import sys

sys.path.pop(0) if sys.path[0] == os.path.dirname(os.path.abspath(__file__)) else None
sys.path.append(os.path.dirname(os.path.abspath(__file__)))

import torch  # noqa: E402

from millwright_measures import nats_of  # noqa: E402
from millwright_subject import load_subject  # noqa: E402

job = json.loads(sys.stdin.read())
torch.set_num_threads(1)
subject = load_subject(job["tree"], job["subject"])
torch.set_num_threads(1)
model = subject.load(job["checkpoint"], dict(job["config"]))["model"].eval()
batch = torch.load(job["batch"])
with torch.no_grad():
    nats, count = nats_of(model(batch["inputs"]), batch)
print("\n%r" % (nats / count), flush=True)
