"""The measures by name. Each answers plain values; what goes wrong in the subject is raised."""

import inspect
import itertools
import json
import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile

import numpy
import torch

from millwright_watch import Steps, parameters_of


class Probe:
    def __init__(self, subject, job, clock):
        self.subject, self.job, self.clock = subject, job, clock
        self.config, self.seed = job["config"], job["seed"]
        self.short, self.half = job["steps"], job["steps"] // 2
        self.accumulation = int(self.config.get("accumulation", 1))
        self.trained = None
        self.first = None

    # -- what a measure is made of

    def model(self):
        return self.subject.build(dict(self.config), self.seed)

    def feed(self, split, seed=None):
        return iter(self.subject.batches(dict(self.config), split, self.seed if seed is None else seed))

    def batch(self):
        return next(self.feed("train"))

    def folder(self):
        return tempfile.mkdtemp(prefix="probe-", dir=self.job["out"])

    def train(self, seed, steps, out, state=None):
        more = {} if state is None else {"state": state}
        return self.subject.train(dict(self.config), seed, steps, out, **more)

    def watched(self):
        return Steps(self.subject.optimizer(self.model(), dict(self.config)), self.clock)

    # -- forward pass

    def forward(self):
        model, batch = self.model().eval(), self.batch()
        with torch.no_grad():
            logits = model(batch["inputs"])
        inputs = list(batch["inputs"].shape)
        return {
            "inputs": inputs,
            "targets": list(batch["targets"].shape),
            "mask": list(batch["mask"].shape) if "mask" in batch else None,
            "outputs": list(logits.shape),
            "largest_target": int(batch["targets"].max()),
            "finite": bool(torch.isfinite(logits).all()),
            "future": self._changes(model, batch, logits, "future"),
            "others": self._changes(model, batch, logits, "others"),
        }

    def _changes(self, model, batch, logits, what):
        """How much an output changes when something changes that it must not see."""
        inputs = batch["inputs"].clone()
        length = inputs.shape[1]
        if what == "others" and inputs.shape[0] < 2:
            return 0.0
        if what == "future":
            inputs[:, length // 2 :] = inputs[:, length // 2 :].flip(0).flip(1)
            kept = (slice(None), slice(0, length // 2))
        else:
            inputs[1:] = inputs[1:].flip(1)
            kept = (slice(0, 1), slice(None))
        with torch.no_grad():
            other = model(inputs)
        return float((other[kept] - logits[kept]).abs().max())

    def loss(self):
        """Reported against recomputed, in double precision and by other means, for batches of several kinds."""
        model, batch = self.model().eval(), self.batch()
        cases = [("a batch", batch), ("one example", {name: part[:1] for name, part in batch.items()})]
        if "mask" in batch:
            ragged = batch["mask"].clone()
            for row in range(ragged.shape[0]):
                ragged[row, (row * 7 + 5) % ragged.shape[1] :] = 0
            ragged[0, 0] = 1
            cases.append(("a batch with masked ends", {**batch, "mask": ragged}))
        *_, last = self.feed("validation")
        cases.append(("the last batch of validation", last))
        answer = []
        with torch.no_grad():
            for case, one in cases:
                reported = self.subject.loss(model, one)
                nats, count = nats_of(model(one["inputs"]), one)
                answer.append(
                    {
                        "case": case,
                        "scalar": reported.dim() == 0,
                        "reported": float(reported.mean()),
                        "recomputed": nats / count,
                    }
                )
        return {"cases": answer}

    def gradients(self):
        model = self.model().train()
        self.subject.loss(model, self.batch()).backward()
        named = [(name, one.grad) for name, one in model.named_parameters() if one.requires_grad]
        steered = {id(one) for one in parameters_of(self.subject.optimizer(model, dict(self.config)))}
        frozen = [name for name, one in model.named_parameters() if not one.requires_grad]
        return {
            "parameters": len(named),
            "without": [name for name, grad in named if grad is None],
            "zero": [name for name, grad in named if grad is not None and not bool((grad != 0).any())],
            "not_finite": [name for name, grad in named if grad is not None and not bool(torch.isfinite(grad).all())],
            "frozen": frozen,
            "left_out": [
                name for name, one in model.named_parameters() if one.requires_grad and id(one) not in steered
            ],
        }

    def order(self):
        """Where the batches of one seed part when they are asked for again, of both splits; None where they do not."""
        return {split: self._parts(split) for split in ("train", "validation")}

    def _parts(self, split):
        batches = [itertools.islice(self.feed(split), 20) for _ in range(2)]
        for number, (one, other) in enumerate(itertools.zip_longest(*batches)):
            if one is None or other is None or any(not torch.equal(one[name], other[name]) for name in one):
                return number
        return None

    # -- short training

    def training(self):
        """The first run: losses and rates as they were, and the gradient of its first step against one big batch."""
        out = self.folder()
        with self.watched() as seen:
            seen.keep_gradients = (0,)
            seen.keep_parameters = (self.half, self.half + 4)
            began = self.clock.real()
            state = self.train(self.seed, self.short, out)
            seconds = self.clock.real() - began
        self.first = {"parameters": seen.parameters}
        self.trained = state
        lines, problems = log_of(out)
        self.first["losses"] = [line.get("loss") for line in lines]
        return {
            "steps": len(seen.rates),
            "rates": [rates[0] for rates in seen.rates],
            "losses": self.first["losses"],
            "log": {
                "lines": len(lines),
                "problems": problems,
                "steps": [line.get("step") for line in lines],
                "rates": [line.get("learning_rate") for line in lines],
            },
            "state": sorted(state) if isinstance(state, dict) else [],
            "seconds": seconds,
            "gradient": self._gradient(seen.gradients.get(0)),
        }

    def _gradient(self, seen):
        model = self.model().train()
        optimizer = self.subject.optimizer(model, dict(self.config))
        pieces, count = [], 0
        for batch in itertools.islice(self.feed("train"), self.accumulation):
            logits = model(batch["inputs"])
            picked = -logits.log_softmax(-1).gather(-1, batch["targets"].unsqueeze(-1)).squeeze(-1)
            mask = batch.get("mask", torch.ones_like(picked))
            pieces.append((picked * mask).sum())
            count += float(mask.sum())
        (sum(pieces) / count).backward()
        mine = [one.grad for one in parameters_of(optimizer)]
        if seen is None or len(seen) != len(mine):
            return None
        pairs = [(a, b) for a, b in zip(seen, mine) if a is not None and b is not None]
        apart = math.sqrt(sum(float(((a - b) ** 2).sum()) for a, b in pairs))
        size = math.sqrt(sum(float((b**2).sum()) for _, b in pairs))
        theirs = math.sqrt(sum(float((a**2).sum()) for a, _ in pairs))
        return {"apart": apart, "size": size, "theirs": theirs}

    def schedule(self):
        rates = [float(self.subject.learning_rate(step, dict(self.config))) for step in range(self.short)]
        named = {
            step: float(self.subject.learning_rate(int(step), dict(self.config))) for step in self.job["rates"]
        }
        return {"rates": rates, "named": named}

    # -- checkpoint

    def checkpoint(self):
        """Half way, saved, loaded, and on: against the run that never stopped. The first half is also a second run of one seed."""
        out = self.folder()
        state = self.train(self.seed, self.half, out)
        halves, _ = log_of(out)
        path = os.path.join(out, "millwright.pt")
        fixed = self.batch()
        before = self._loss_on(state, fixed)
        self.subject.save(path, state)
        loaded = self.subject.load(path, dict(self.config))
        after = self._loss_on(loaded, fixed)
        takes = "state" in inspect.signature(self.subject.train).parameters
        answer = {
            "again": [line.get("loss") for line in halves],
            "before": before,
            "after": after,
            "fresh": self._fresh(path, fixed, out),
            "takes_state": takes,
            "steps": None,
        }
        if takes and self.first is not None:
            answer["steps"] = self._onwards(loaded)
        return answer

    def _fresh(self, path, batch, out):
        """The loss of the same batch where a process of its own has loaded the checkpoint."""
        place = os.path.join(out, "millwright-batch.pt")
        torch.save(dict(batch), place)
        job = {"checkpoint": path, "batch": place, **{name: self.job[name] for name in ("tree", "subject", "config")}}
        program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "millwright_fresh.py")
        done = subprocess.run(
            [sys.executable, program],
            input=json.dumps(job),
            capture_output=True,
            text=True,
        )
        *_, last = done.stdout.strip().split("\n")
        try:
            return {"loss": float(last), "error": None}
        except ValueError:
            *_, why = done.stderr.strip().split("\n")
            return {"loss": None, "error": "%s (exit code %d)" % (why[-500:], done.returncode)}

    def _onwards(self, loaded):
        out = self.folder()
        with self.watched() as seen:
            seen.offset = self.half
            seen.keep_parameters = (self.half, self.half + 4)
            self.train(self.seed, self.half + 5, out, loaded)
        lines, _ = log_of(out)
        return {
            "count": len(seen.rates),
            "losses": [line.get("loss") for line in lines],
            "next": apart(seen.parameters.get(self.half), self.first["parameters"].get(self.half)),
            "fifth": apart(seen.parameters.get(self.half + 4), self.first["parameters"].get(self.half + 4)),
        }

    def _loss_on(self, state, batch):
        model = state["model"].eval()
        with torch.no_grad():
            nats, count = nats_of(model(batch["inputs"]), batch)
        return nats / count

    # -- evaluation

    def evaluation(self):
        model = self.state()["model"]
        reported = self.subject.evaluate(model, dict(self.config), "validation")
        model.eval()
        nats, count = self._mean(model, self.feed("validation"))
        training, seen = self._mean(model, itertools.islice(self.feed("train"), 40))
        return {
            "reported": {name: reported.get(name) for name in ("loss", "perplexity", "tokens")},
            "nats": nats / count,
            "tokens": count,
            "training_nats": training / seen,
        }

    def _mean(self, model, feed):
        nats, count = 0.0, 0
        with torch.no_grad():
            for batch in feed:
                more, seen = nats_of(model(batch["inputs"]), batch)
                nats, count = nats + more, count + seen
        return nats, int(count)

    def overlap(self):
        """Windows of training that stand in the validation text as well."""
        stream = []
        for batch in self.feed("validation"):
            mask = batch.get("mask", torch.ones_like(batch["targets"]))
            for inputs, valid in zip(batch["inputs"].tolist(), mask.tolist()):
                stream.append([token for token, counts in zip(inputs, valid) if counts])
        whole = [token for part in stream for token in part]
        length = min(32, min(len(part) for part in stream[:1]))
        known = {tuple(whole[at : at + length]) for at in range(len(whole) - length + 1)}
        windows, shared = 0, 0
        for batch in itertools.islice(self.feed("train"), self.short * self.accumulation):
            for inputs in batch["inputs"].tolist():
                windows += 1
                pieces = range(0, max(1, len(inputs) - length + 1), max(1, length // 4))
                shared += any(tuple(inputs[at : at + length]) in known for at in pieces)
        return {"windows": windows, "shared": shared, "length": length, "tokens": len(whole)}

    def throughput(self):
        """Once on a pretended clock, on which a warm forward pass takes one second; then on the real one."""
        model = self.state()["model"]
        warmup = int(self.job["warmup"])
        pretended = self._timed(model, warmup, pretend=True)
        real = self._timed(model, warmup, pretend=False)
        moments, tokens = real["moments"][warmup:], real["tokens"]
        span = moments[-1] - moments[0] if len(moments) > 1 else 0
        return {
            "pretended": pretended["repeats"],
            "tokens": tokens,
            "warmup": warmup,
            "passes": len(pretended["moments"]),
            "repeats": real["repeats"],
            "own": tokens * (len(moments) - 1) / span if span > 0 else None,
        }

    def _timed(self, model, warmup, pretend):
        moments, sizes = [], []

        def passes(_, inputs):
            if pretend:
                self.clock.pretended += 10.0 if len(moments) < warmup else 1.0
            moments.append(self.clock.real())
            sizes.append(inputs[0].numel())

        hook = model.register_forward_pre_hook(passes)
        self.clock.pretended = 1000.0 if pretend else None
        try:
            answer = self.subject.throughput(model, dict(self.config), self.seed)
        finally:
            self.clock.pretended = None
            hook.remove()
        repeats = [float(one) for one in answer["repeats"]]
        return {"repeats": repeats, "moments": moments, "tokens": statistics.median(sizes) if sizes else 0}

    def memory(self):
        if torch.cuda.is_available() and self.job.get("device") == "cuda":
            return {"of": "gpu", "megabytes": torch.cuda.max_memory_allocated() / 2**20}
        return {"of": "rss", "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}

    # -- several seeds

    def seeds(self):
        """Mean nats over the validation split before and after the short training, by our own hand, for each seed."""
        answer = []
        for seed in self.job["seeds"]:
            out = self.folder()
            fresh = self.subject.build(dict(self.config), seed).eval()
            before, count = self._mean(fresh, self.feed("validation"))
            state = self.train(seed, self.short, out)
            after, _ = self._mean(state["model"].eval(), self.feed("validation"))
            lines, _ = log_of(out)
            answer.append(
                {
                    "seed": seed,
                    "before": before / count,
                    "after": after / count,
                    "losses": [line.get("loss") for line in lines],
                }
            )
            if seed == self.seed:
                self.trained = state
        return {"seeds": answer}

    # -- what is handed on

    def state(self):
        if self.trained is None:
            self.trained = self.train(self.seed, self.short, self.folder())
        return self.trained

    def keep(self):
        """The short-trained model, for the commands that compute the metrics."""
        path = os.path.join(self.job["out"], "checkpoint.pt")
        self.subject.save(path, self.state())
        with open(os.path.join(self.job["out"], "config.json"), "w", encoding="utf-8") as file:
            json.dump(self.config, file)
        return {"bytes": os.path.getsize(path)}


def nats_of(logits, batch):
    """Sum of the nats and count of the tokens, in double precision."""
    values = logits.detach().cpu().numpy().astype(numpy.float64)
    targets = batch["targets"].cpu().numpy()
    mask = batch["mask"].cpu().numpy().astype(numpy.float64) if "mask" in batch else numpy.ones(targets.shape)
    top = values.max(-1, keepdims=True)
    total = (top + numpy.log(numpy.exp(values - top).sum(-1, keepdims=True)))[..., 0]
    picked = numpy.take_along_axis(values, targets[..., None], -1)[..., 0]
    return float(((total - picked) * mask).sum()), float(mask.sum())


def apart(one, two):
    """Largest difference of two lists of tensors, relative to the largest value; None where one is missing."""
    if one is None or two is None or len(one) != len(two):
        return None
    most = max(float((a - b).abs().max()) for a, b in zip(one, two))
    size = max(float(b.abs().max()) for b in two)
    return most / size if size else most


def log_of(out):
    """The objects of log.jsonl, and what is wrong with its lines."""
    path = os.path.join(out, "log.jsonl")
    if not os.path.exists(path):
        return [], ["log.jsonl was not written"]
    lines, problems = [], []
    with open(path, encoding="utf-8") as file:
        for number, text in enumerate(file, 1):
            try:
                line = json.loads(text)
            except ValueError:
                problems.append("line %d is no JSON" % number)
                continue
            if not isinstance(line, dict):
                problems.append("line %d is no JSON object" % number)
                continue
            lines.append(line)
            absent = [name for name in ("step", "loss", "learning_rate") if name not in line]
            if absent:
                problems.append("line %d lacks %s" % (number, ", ".join(absent)))
    return lines, problems[:5]
