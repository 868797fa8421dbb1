"""How surprised the model is by text that it has not seen."""

import math

import torch

from data.text import batches
from training.loss import loss


def evaluate(model, config, split):
    model.eval()
    nats, count = 0.0, 0
    with torch.no_grad():
        for batch in batches(config, split, 0):
            size = int(batch["mask"].sum())
            nats += loss(model, batch).item() * size
            count += size
    mean = nats / count
    return {"loss": mean, "perplexity": math.exp(mean), "tokens": count}
