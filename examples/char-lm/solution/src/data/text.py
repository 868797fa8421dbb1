"""The sonnets as numbers: nine tenths to train on, the last tenth to validate."""

import os
from pathlib import Path

import torch

ALPHABET = "\n" + "".join(chr(code) for code in range(32, 127))
_NUMBERS = {letter: number for number, letter in enumerate(ALPHABET)}


def text():
    folder = os.environ.get("MILLWRIGHT_DATASETS", "data")
    return (Path(folder) / "sonnets.txt").read_text(encoding="ascii")


def tokens(split):
    letters = text()
    cut = int(len(letters) * 0.9)
    part = letters[:cut] if split == "train" else letters[cut:]
    return torch.tensor([_NUMBERS[letter] for letter in part])


def batches(config, split, seed, start=0):
    """Training: windows without end, each batch from its own generator. Validation: the whole split, once, in order."""
    if split == "train":
        return _training(config, seed, start)
    return _validation(config, split)


def _training(config, seed, start):
    stream = tokens("train")
    length, size = config["sequence"], config["batch"]
    number = start
    while True:
        generator = torch.Generator().manual_seed(seed * 1_000_003 + number)
        places = torch.randint(len(stream) - length - 1, (size,), generator=generator).tolist()
        windows = torch.stack([stream[place : place + length + 1] for place in places])
        yield _batch(windows, torch.ones(size, length))
        number += 1


def _validation(config, split):
    stream = tokens(split)
    length, size = config["sequence"], config["batch"]
    places = list(range(0, len(stream) - 1, length))
    for first in range(0, len(places), size):
        windows, masks = [], []
        for place in places[first : first + size]:
            window = stream[place : place + length + 1]
            missing = length + 1 - len(window)
            windows.append(torch.cat([window, torch.zeros(missing, dtype=torch.long)]))
            masks.append(torch.cat([torch.ones(length - missing), torch.zeros(missing)]))
        yield _batch(torch.stack(windows), torch.stack(masks))


def _batch(windows, mask):
    return {"inputs": windows[:, :-1], "targets": windows[:, 1:], "mask": mask}
