"""An interpolated trigram model of characters: prints its perplexity as JSON."""

import json
import math
from collections import Counter
from pathlib import Path

SYMBOLS = 96
WEIGHTS = (0.35, 0.4, 0.2, 0.05)


def read_text():
    return Path("sonnets.txt").read_text(encoding="ascii")


def perplexity(text):
    cut = int(len(text) * 0.9)
    train, validation = text[:cut], text[cut:]
    threes = Counter(zip(train, train[1:], train[2:]))
    twos = Counter(zip(train, train[1:]))
    ones = Counter(train)
    nats = []
    for one, two, three in zip(validation, validation[1:], validation[2:]):
        guesses = (
            threes[one, two, three] / (twos[one, two] or 1),
            twos[two, three] / (ones[two] or 1),
            ones[three] / len(train),
            1 / SYMBOLS,
        )
        nats.append(-math.log(sum(weight * guess for weight, guess in zip(WEIGHTS, guesses))))
    return math.exp(sum(nats) / len(nats))


if __name__ == "__main__":
    print(json.dumps({"perplexity": perplexity(read_text())}))
