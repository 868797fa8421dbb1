import type { StageFile } from "./stage.ts";

/** A commented start of the four files of a design; it is whole enough to be read, and says nothing about your experiment. */
export function startingDesign(name: string): readonly StageFile[] {
  return [
    { path: "design/plan.md", text: plan(name) },
    { path: "design/tasks.yaml", text: TASKS },
    { path: "design/baselines.yaml", text: BASELINES },
    { path: "design/metrics.yaml", text: METRICS },
  ];
}

function plan(name: string): string {
  return `---
# What the mill reads; every field is in schemas/research-plan.schema.json.
name: ${name}
title: What is tried, in one line
seeds: [1, 2, 3]                 # three or more with training.seed, so that a loss that falls by luck is seen
environment:
  kind: system                   # conda, micromamba, uv, venv, or system: the Python of this machine
  packages:                      # what the mill's probes need, and what your code imports; versions in quotes
    torch: any                   # one version for every other kind: "2.1.2"; \`any\` is for system alone
    numpy: any
    pytest: any                  # what the tasks' tests run under
  # accelerator: { device: cuda, fallback: cpu }   # fallback: cpu is for testing, and said beside every number
datasets: []                     # - { name: text.txt, source: assets/text.txt, sha256: …, bytes: 12345, licence: public domain }
subject:
  path: src/subject.py           # the module that the mill's probes import: docs/guides/research-probes.md says what it offers
  # framework: other             # for experiments without PyTorch, with a command for each of
  # tests: { forward_pass: "{python} src/check.py forward", short_training: …, checkpoint_roundtrip: … }
training:                        # becomes experiments/exp-001/config.yaml; add what your code reads
  steps: 1000
  batch: 8
  accumulation: 1
  seed: 1
  learning_rates: { "0": 0.0, "100": 0.001 }       # what the schedule answers at these steps
gates:                           # whose word lets a stage pass: human, auto-judge, auto; what is missing is auto
  gate: auto-judge               # for a first project: human
limits: { fixes: 3, revisions: 2 }
---

# The plan

Reviewers judge the code against what stands here. Say what is built and why: the model with its sizes, the data and how it
is split, the loss, the optimizer, how gradients accumulate, the schedule, what is measured on which split and in which unit.
`;
}

const TASKS = `# What is built, in the order of the needs; tasks that need nothing of each other are made at once.
tasks:
  - id: data
    title: Read the data and cut it into batches
    component: data-pipeline     # model, training-loop, data-pipeline, checkpointing, logging, evaluation, other
    # stage: core                # or evaluation: made later, when the core stands
    purpose: The same batches for the same seed
    files: [src/data/batches.py] # nothing else may be written
    tests: [tests/test_batches.py]
    creates: [src/data/batches.py#batches]
    accept:                      # each with the values that a test can hold it to
      - { id: AC1, text: "the first of batches({'batch': 2, 'sequence': 4}, 'train', 1) has inputs and targets of shape (2, 4)" }
  - id: model
    title: The model
    component: model
    purpose: What is trained
    files: [src/models/model.py]
    tests: [tests/test_model.py]
    creates: [src/models/model.py#build]
    accept:
      - { id: AC2, text: "build({'width': 8}, 1) answers logits of shape (2, 3, 5) for 2 texts of 3 tokens out of 5" }
  - id: loop
    title: Loss, optimizer, schedule, training loop, checkpoints, log
    component: training-loop     # split it: one task for each component is easier to get right
    purpose: A training that can be stopped and goes on
    needs: [data, model]
    files: [src/training/loop.py, src/subject.py]
    tests: [tests/test_loop.py]
    creates: [src/training/loop.py#train]
    accept:
      - { id: AC3, text: "train of src/training/loop.py with 4 steps leaves a log.jsonl of 4 lines" }
  - id: evaluation
    title: The metrics, by one command
    component: evaluation
    stage: evaluation
    purpose: The numbers of metrics.yaml
    needs: [loop]
    files: [src/evaluate.py, src/subject.py]
    tests: [tests/test_evaluate.py]
    creates: [src/evaluate.py#evaluate]
    accept:
      - { id: AC4, text: "the perplexity that evaluate of src/evaluate.py answers is exp of its loss" }
`;

const BASELINES = `# What the experiment is compared with; each as below, then without the hash signs and without the [].
baselines: []
# - name: bigram
#   paper: Title, year, where it can be read
#   source: https://example.org/bigram.git     # or a path; cloned at its commit, read-only, without a network
#   commit: 0000000000000000000000000000000000000000
#   command: python3 run.py                    # prints its metrics as one JSON object on the last line
#   metrics: { perplexity: { reported: 12.3, tolerance: 0.05 } }
#   patch: baselines/bigram.patch              # adapts it to the same data and evaluation
#   code_available: true                       # false: left out, and said
`;

const METRICS = `# What the evaluation computes; a baseline can report nothing else.
metrics:
  - name: perplexity
    kind: perplexity             # computed again by the mill; also throughput, memory, other
    unit: perplexity per token
    direction: lower
    computed: exp of the mean cross-entropy, in nats, over the whole validation split
    # A program that a task may write; its last line is one JSON object, {"perplexity": 12.3}.
    command: "{python} src/evaluate.py {checkpoint} {config}"
`;
