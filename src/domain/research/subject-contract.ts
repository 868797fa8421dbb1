/** One thing that the module of an experiment offers to whoever measures it. */
export interface SubjectOffer {
  /** How it is called; further parameters of its own need a default. */
  readonly call: string;
  readonly answers: string;
}

/** What the probes import from `subject.path`, and the only list of it: probes, coders and the guide are told from here. */
export const SUBJECT_OFFERS: readonly SubjectOffer[] = [
  {
    call: "build(config, seed)",
    answers: "a fresh `torch.nn.Module`; `model(inputs)` answers logits (batch, sequence, classes)",
  },
  {
    call: "batches(config, split, seed)",
    answers:
      'yields dictionaries of tensors `inputs`, `targets` (batch, sequence) and, if some targets do not count, `mask`; "train" without end, "validation" once over the split',
  },
  {
    call: "loss(model, batch)",
    answers: "a tensor of one number: mean cross-entropy in nats over what the mask counts",
  },
  { call: "optimizer(model, config)", answers: "a fresh `torch.optim.Optimizer`, of the kind that `train` steps with" },
  { call: "learning_rate(step, config)", answers: "the rate of the step with this number; the first is 0" },
  {
    call: "train(config, seed, steps, out, state=None)",
    answers:
      "the state after `steps` steps in all, begun with `build` and the first batches, or gone on with from `state`: a dictionary with `model` and what `save` needs; the folder `out` gets `log.jsonl`, an object a step with `step`, `loss`, `learning_rate`",
  },
  { call: "save(path, state)", answers: "nothing; writes the state into one file" },
  { call: "load(path, config)", answers: "the state that was saved, ready for `train` to go on with" },
  {
    call: "evaluate(model, config, split)",
    answers: "a dictionary: `loss` (mean nats over the split), `perplexity`, `tokens` (how many counted)",
  },
  {
    call: "throughput(model, config, seed)",
    answers:
      "a dictionary: `repeats` (tokens a second of each, warm-up left out), `median`, `spread`; timed with Python's `time`",
  },
];

/** The names alone. */
export const SUBJECT_NAMES: readonly string[] = SUBJECT_OFFERS.map(({ call }) => call.slice(0, call.indexOf("(")));
