"""Everything that a training needs to go on as if it had never stopped."""

import torch

from models.transformer import build
from training.optimizer import optimizer


def save(path, state):
    torch.save(
        {
            "model": state["model"].state_dict(),
            "optimizer": state["optimizer"].state_dict(),
            "step": state["step"],
        },
        path,
    )


def load(path, config):
    kept = torch.load(path, map_location="cpu")
    model = build(config, 0)
    model.load_state_dict(kept["model"])
    steps = optimizer(model, config)
    steps.load_state_dict(kept["optimizer"])
    return {"model": model, "optimizer": steps, "step": kept["step"]}
