"""What the mill's probes import: every part of the experiment under the name that the plan gives it."""

import torch

from data.text import batches
from evaluation.perplexity import evaluate
from evaluation.throughput import throughput
from models.transformer import build
from training.checkpoint import load, save
from training.loop import train
from training.loss import loss
from training.optimizer import optimizer
from training.schedule import learning_rate

torch.set_num_threads(1)

__all__ = [
    "batches",
    "build",
    "evaluate",
    "learning_rate",
    "load",
    "loss",
    "optimizer",
    "save",
    "throughput",
    "train",
]
