"""Characters a second, forward and back, without the warm-up."""

import statistics
import time

from data.text import batches
from training.loss import loss


def throughput(model, config, seed):
    model.train()
    feed = batches(config, "train", seed)
    for _ in range(config["throughput_warmup"]):
        loss(model, next(feed)).backward()
    repeats = []
    for _ in range(config["throughput_repeats"]):
        began, count = time.perf_counter(), 0
        for _ in range(4):
            batch = next(feed)
            loss(model, batch).backward()
            count += batch["inputs"].numel()
        repeats.append(count / (time.perf_counter() - began))
    model.zero_grad()
    return {
        "repeats": repeats,
        "median": statistics.median(repeats),
        "spread": max(repeats) - min(repeats),
    }
