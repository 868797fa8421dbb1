"""python src/evaluate.py CHECKPOINT CONFIG: prints the metrics of design/metrics.yaml as one JSON object."""

import json
import sys

import torch

from evaluation.memory import peak_memory
from evaluation.perplexity import evaluate
from evaluation.throughput import throughput
from training.checkpoint import load


def main(checkpoint, place):
    torch.set_num_threads(1)
    with open(place, encoding="utf-8") as file:
        config = json.load(file)
    model = load(checkpoint, config)["model"]
    validated = evaluate(model, config, "validation")
    speed = throughput(model, config, config["seed"])
    print(
        json.dumps(
            {
                "perplexity": validated["perplexity"],
                "throughput": speed["median"],
                "peak_memory": peak_memory(),
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
