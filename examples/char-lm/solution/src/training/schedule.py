"""Warm-up, then a cosine down to the floor."""

import math


def learning_rate(step, config):
    """Of the step with this number; the first is 0."""
    peak, floor, warmup = config["peak"], config["floor"], config["warmup"]
    if step < warmup:
        return peak * (step + 1) / warmup
    way = min(1.0, (step - warmup) / max(1, config["decay"] - warmup))
    return floor + (peak - floor) * 0.5 * (1 + math.cos(math.pi * way))
