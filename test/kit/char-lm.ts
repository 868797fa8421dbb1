import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Script } from "../../src/adapters/models/scripted/scripted.ts";
import { researching } from "./research.ts";
import { approval, file } from "./sums.ts";

const EXAMPLE = join(import.meta.dirname, "..", "..", "examples", "char-lm");

function solved(...paths: readonly string[]): string {
  return paths.map((path) => file(path, readFileSync(join(EXAMPLE, "solution", path), "utf8"))).join("\n");
}

function empty(path: string): string {
  return file(path, '"""A part of the experiment."""');
}

/** The subject before the evaluation is built. */
function early(): string {
  const text = readFileSync(join(EXAMPLE, "solution/src/subject.py"), "utf8");
  return file(
    "src/subject.py",
    text
      .split("\n")
      .filter((line) => !/^from evaluation|"evaluate"|"throughput"/.test(line))
      .join("\n"),
  );
}

/** The subject with the evaluation, as an edit of a file that is there has to be. */
function whole(): string {
  const edits = [
    [
      "from data.text import batches\n",
      "from data.text import batches\nfrom evaluation.perplexity import evaluate\nfrom evaluation.throughput import throughput\n",
    ],
    ['    "build",\n', '    "build",\n    "evaluate",\n'],
    ['    "save",\n', '    "save",\n    "throughput",\n'],
  ] as const;
  const blocks = edits.map(([search, replace]) => `<<<<<<< SEARCH\n${search}=======\n${replace}>>>>>>> REPLACE\n`);
  return `### EDIT src/subject.py\n${blocks.join("")}`;
}

const CONFIG =
  '{"sequence": 32, "batch": 4, "layers": 2, "heads": 2, "width": 16, "peak": 0.02, "floor": 0.002, "warmup": 10, "decay": 100, "weight_decay": 0.01, "accumulation": 2, "checkpoint_every": 50, "throughput_warmup": 1, "throughput_repeats": 5}';

const TESTS: Readonly<Record<string, string>> = {
  data: `from data.text import batches, tokens


def test_AC1_lengths():
    assert len(tokens("train")) == 9942
    assert len(tokens("validation")) == 1105


def test_AC2_first_batch():
    one = next(iter(batches(CONFIG, "train", 1)))
    two = next(iter(batches(CONFIG, "train", 1)))
    assert [tuple(one[name].shape) for name in ("inputs", "targets", "mask")] == [(4, 32)] * 3
    assert one["inputs"].tolist() == two["inputs"].tolist()


def test_AC3_masks():
    assert sum(int(batch["mask"].sum()) for batch in batches(CONFIG, "validation", 0)) == 1104
`,
  model: `import torch

from models.transformer import build


def test_AC4_shape():
    assert tuple(build(CONFIG, 1)(torch.zeros(4, 32, dtype=torch.long)).shape) == (4, 32, 96)


def test_AC5_same_weights():
    one = build(CONFIG, 1)
    torch.rand(3)
    two = build(CONFIG, 1)
    for left, right in zip(one.parameters(), two.parameters()):
        assert left.tolist() == right.tolist()
    assert len(list(one.parameters())) > 10
`,
  schedule: `from training.schedule import learning_rate


def test_AC6_rates():
    found = [round(learning_rate(step, CONFIG), 9) for step in (0, 9, 55, 100)]
    assert found == [0.002, 0.02, 0.011, 0.002]
`,
  log: `import json

from training.log import Log


def test_AC7_lines(tmp_path):
    log = Log(tmp_path / "log.jsonl")
    log.write(step=0, loss=1.5)
    log.write(step=1, loss=1.25)
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert lines == [{"step": 0, "loss": 1.5}, {"step": 1, "loss": 1.25}]
`,
  checkpoint: `from models.transformer import build
from training.checkpoint import load, save
from training.optimizer import optimizer


def test_AC8_round_trip(tmp_path):
    model = build(CONFIG, 1)
    steps = optimizer(model, CONFIG)
    save(tmp_path / "c.pt", {"model": model, "optimizer": steps, "step": 7})
    state = load(tmp_path / "c.pt", CONFIG)
    assert state["step"] == 7
    assert next(state["model"].parameters()).tolist() == next(model.parameters()).tolist()
    assert state["optimizer"].state_dict()["param_groups"] == steps.state_dict()["param_groups"]
`,
  loop: `import torch

from models.transformer import build
from training.loop import train
from training.loss import loss


def test_AC9_four_steps(tmp_path):
    state = train(CONFIG, 1, 4, tmp_path)
    assert state["step"] == 4
    assert len((tmp_path / "log.jsonl").read_text().splitlines()) == 4


def test_AC10_mask():
    model = build(CONFIG, 1)
    batch = {"inputs": torch.zeros(1, 2, dtype=torch.long), "targets": torch.tensor([[3, 5]]), "mask": torch.tensor([[1.0, 0.0]])}
    other = {**batch, "targets": torch.tensor([[3, 9]])}
    assert loss(model, batch).item() == loss(model, other).item()
`,
  evaluation: `import math

from evaluation.perplexity import evaluate
from evaluation.throughput import throughput
from models.transformer import build


def test_AC11_perplexity():
    found = evaluate(build(CONFIG, 1), CONFIG, "validation")
    assert found["tokens"] == 1104
    assert math.isclose(found["perplexity"], math.exp(found["loss"]))


def test_AC12_repeats():
    assert len(throughput(build(CONFIG, 1), CONFIG, 1)["repeats"]) == 5
`,
};

const FILES: Readonly<Record<string, string>> = {
  data: "test_text",
  model: "test_transformer",
  schedule: "test_schedule",
  log: "test_log",
  checkpoint: "test_checkpoint",
  loop: "test_loop",
  evaluation: "test_evaluation",
};

const IDS: Readonly<Record<string, readonly string[]>> = {
  data: ["AC1", "AC2", "AC3"],
  model: ["AC4", "AC5"],
  schedule: ["AC6"],
  log: ["AC7"],
  checkpoint: ["AC8"],
  loop: ["AC9", "AC10"],
  evaluation: ["AC11", "AC12"],
};

function code(task: string): string {
  switch (task) {
    case "data":
      return empty("src/data/__init__.py") + solved("src/data/text.py");
    case "model":
      return empty("src/models/__init__.py") + solved("src/models/transformer.py");
    case "schedule":
      return empty("src/training/__init__.py") + solved("src/training/schedule.py");
    case "log":
      return solved("src/training/log.py");
    case "checkpoint":
      return solved("src/training/checkpoint.py", "src/training/optimizer.py");
    case "loop":
      return solved("src/training/loss.py", "src/training/loop.py") + early();
    default:
      return (
        empty("src/evaluation/__init__.py") +
        solved(
          "src/evaluation/perplexity.py",
          "src/evaluation/throughput.py",
          "src/evaluation/memory.py",
          "src/evaluate.py",
        ) +
        whole()
      );
  }
}

/** Answers for the example `char-lm` with its honest solution, task by task, but for what is given. */
export function charLm(wrong: Parameters<typeof researching>[0] = {}): Script {
  const rest = researching(wrong);
  return (request) => {
    const { task, role } = request;
    const isGiven = wrong[`${task}/${role}`] !== undefined || wrong[role] !== undefined;
    if (isGiven || TESTS[task] === undefined) return rest(request);
    if (role === "tester") return file(`tests/${FILES[task]}.py`, `CONFIG = ${CONFIG}\n\n${TESTS[task]}`);
    if (role === "reviewer") return approval(...(IDS[task] ?? []));
    return role === "developer" ? code(task) : rest(request);
  };
}
