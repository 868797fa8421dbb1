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
seeds: [1, 2, 3]                 # more than one, so that a loss that falls by luck is seen
environment:
  kind: system                   # conda, micromamba, uv, venv, or system: the Python of this machine
  packages: { numpy: any }       # pinned, like torch: 1.13.1; \`any\` is for system alone
  # accelerator: { device: cuda, fallback: cpu }   # fallback: cpu is for testing, and said beside every number
datasets: []                     # - { name: text.txt, source: assets/text.txt, sha256: …, bytes: 12345, licence: public domain }
subject:
  path: src/subject.py           # the module that the mill's own probes import (docs/guides/research-probes.md)
training:                        # becomes experiments/exp-001/config.yaml
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
    files: [src/data/batches.py]
    tests: [tests/test_batches.py]
    creates: [src/data/batches.py#batches]
    accept:
      - { id: AC1, text: "batches('abcdef', size=2, seed=1) of src/data/batches.py yields 3 batches of 2 characters" }
  - id: model
    title: The model
    component: model
    purpose: What is trained
    needs: [data]
    files: [src/models/model.py]
    tests: [tests/test_model.py]
    creates: [src/models/model.py#build]
    accept:
      - { id: AC2, text: "build({'width': 8}) of src/models/model.py answers logits of shape (2, 3, 5) for 2 texts of 3 tokens out of 5" }
`;

const BASELINES = `# What the experiment is compared with.
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
    unit: nats-exp               # the exponential of the mean loss in nats
    direction: lower
    computed: exp of the mean cross-entropy, in nats, over the whole validation split
    command: python3 src/data/batches.py       # a program that a task may write
`;
