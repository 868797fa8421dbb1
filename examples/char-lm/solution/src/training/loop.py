"""The training itself."""

import time
from pathlib import Path

from data.text import batches
from models.transformer import build
from training.checkpoint import save
from training.log import Log
from training.loss import loss
from training.optimizer import optimizer
from training.schedule import learning_rate


def train(config, seed, steps, out, state=None):
    """Trains up to this number of steps, from the start or from a loaded state, and returns the state."""
    if state is None:
        model = build(config, seed)
        state = {"model": model, "optimizer": optimizer(model, config), "step": 0}
    folder = Path(out)
    parts = config["accumulation"]
    feed = batches(config, "train", seed, start=state["step"] * parts)
    log = Log(folder / "log.jsonl")
    try:
        while state["step"] < steps:
            log.write(**_step(config, state, feed))
            if state["step"] % config["checkpoint_every"] == 0:
                save(folder / f"checkpoint-{state['step']}.pt", state)
    finally:
        log.close()
    return state


def _step(config, state, feed):
    began = time.perf_counter()
    step, parts = state["step"], config["accumulation"]
    rate = learning_rate(step, config)
    for group in state["optimizer"].param_groups:
        group["lr"] = rate
    state["model"].train()
    state["optimizer"].zero_grad()
    total, count = 0.0, 0
    for _ in range(parts):
        batch = next(feed)
        part = loss(state["model"], batch)
        (part / parts).backward()
        total += part.item() / parts
        count += batch["inputs"].numel()
    state["optimizer"].step()
    state["step"] = step + 1
    seconds = time.perf_counter() - began
    return {"step": step, "loss": total, "learning_rate": rate, "tokens": count, "seconds": seconds}
