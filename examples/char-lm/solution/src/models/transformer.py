"""A small transformer that guesses the next character."""

import math

import torch
from torch import nn

from data.text import ALPHABET


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.mixed = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)

    def forward(self, hidden):
        count, length, width = hidden.shape
        shape = (count, length, self.heads, width // self.heads)
        query, key, value = (part.view(shape).transpose(1, 2) for part in self.mixed(hidden).chunk(3, dim=-1))
        scores = query @ key.transpose(-2, -1) / math.sqrt(width // self.heads)
        later = torch.ones(length, length, dtype=torch.bool).triu(1)
        weights = scores.masked_fill(later, float("-inf")).softmax(-1)
        return self.out((weights @ value).transpose(1, 2).reshape(count, length, width))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.before = nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.between = nn.LayerNorm(width)
        self.thinking = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, hidden):
        hidden = hidden + self.attention(self.before(hidden))
        return hidden + self.thinking(self.between(hidden))


class CharTransformer(nn.Module):
    def __init__(self, config):
        super().__init__()
        width = config["width"]
        self.letters = nn.Embedding(len(ALPHABET), width)
        self.places = nn.Embedding(config["sequence"], width)
        self.blocks = nn.ModuleList(Block(width, config["heads"]) for _ in range(config["layers"]))
        self.after = nn.LayerNorm(width)
        self.guess = nn.Linear(width, len(ALPHABET))

    def forward(self, inputs):
        hidden = self.letters(inputs) + self.places(torch.arange(inputs.shape[1]))
        for block in self.blocks:
            hidden = block(hidden)
        return self.guess(self.after(hidden))


def build(config, seed):
    """The model with the weights of this seed; nothing else of the process has a say in them."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return CharTransformer(config)
