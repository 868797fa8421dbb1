"""Mean nats a character, over the characters that count."""


def loss(model, batch):
    guesses = model(batch["inputs"]).log_softmax(-1)
    nats = -guesses.gather(-1, batch["targets"].unsqueeze(-1))
    mask = batch["mask"].unsqueeze(-1)
    return (nats * mask).sum() / mask.sum()
