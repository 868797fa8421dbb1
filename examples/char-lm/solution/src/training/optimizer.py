"""Which optimizer, and what it is told."""

import torch


def optimizer(model, config):
    return torch.optim.AdamW(model.parameters(), lr=config["peak"], weight_decay=config["weight_decay"])
