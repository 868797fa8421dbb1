"""A bigram model of characters with add-one smoothing: prints its perplexity as JSON."""

import json
import math
from collections import Counter
from pathlib import Path

SYMBOLS = 96


def read_text():
    return Path("sonnets.txt").read_text(encoding="ascii")


def perplexity(text):
    cut = int(len(text) * 0.9)
    train, validation = text[:cut], text[cut:]
    pairs = Counter(zip(train, train[1:]))
    singles = Counter(train[:-1])
    nats = [
        -math.log((pairs[one, two] + 1) / (singles[one] + SYMBOLS))
        for one, two in zip(validation, validation[1:])
    ]
    return math.exp(sum(nats) / len(nats))


if __name__ == "__main__":
    print(json.dumps({"perplexity": perplexity(read_text())}))
