"""Training loop: next-token loss on marked tokens plus binary cross-entropy on marked step ends."""

import dataclasses
import math
import time

import numpy
import torch
from torch.nn import functional as F

from muon import Muon
from tokens import BAD, EOS, GOOD, encode

NO_LABEL = -1
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


@dataclasses.dataclass
class Dataset:
    """Traces as arrays (traces, longest): token ids, 1 where the token is to be predicted, 0/1 value label or -1."""

    tokens: numpy.ndarray
    predicted: numpy.ndarray
    labels: numpy.ndarray
    lengths: numpy.ndarray


def build(traces):
    """Dataset of (prompt, solution, labels) tuples.

    Labels are those of the solution's lines, maybe fewer, or one more: that of the `</s>`. The next-token loss covers
    the lines with a good label, or, without labels, everything up to the `</s>`.
    """
    encoded = [encode(prompt + solution, end=True) for prompt, solution, _ in traces]
    longest = max(map(len, encoded))
    data = Dataset(
        tokens=numpy.full((len(traces), longest), EOS, numpy.int16),
        predicted=numpy.zeros((len(traces), longest), bool),
        labels=numpy.full((len(traces), longest), NO_LABEL, numpy.int8),
        lengths=numpy.array([len(ids) for ids in encoded]),
    )
    for row, ((prompt, solution, labels), ids) in enumerate(zip(traces, encoded)):
        data.tokens[row, : len(ids)] = ids
        start = 1 + len(prompt)
        ends = [start + i for i, character in enumerate(solution) if character == "\n"]
        data.labels[row, [*ends, len(ids) - 1][: len(labels)]] = labels
        for begin, end, label in zip([start, *(end + 1 for end in ends)], ends, labels):
            data.predicted[row, begin : end + 1] = label
        if not labels:
            data.predicted[row, start : len(ids)] = True
    return data


def batches(data, size, steps, rng):
    """`steps` arrays of row numbers, rows of similar length together, every row once per pass."""
    made = 0
    while made < steps:
        order = rng.permutation(len(data.lengths))
        pools = [order[i : i + 50 * size] for i in range(0, len(order), 50 * size)]
        rows = numpy.concatenate([pool[numpy.argsort(data.lengths[pool], kind="stable")] for pool in pools])
        starts = rng.permutation(range(0, max(1, len(rows) - size + 1), size))[: steps - made]
        for start in starts:
            yield rows[start : start + size]
        made += len(starts)


def losses(model, data, rows, value_weight, text_weight):
    """(value loss, text loss) of one batch; a part whose weight is zero is not computed."""
    longest = data.lengths[rows].max()
    tokens = torch.from_numpy(data.tokens[rows, :longest].astype(numpy.int64)).to(DEVICE)
    hidden = model.hidden(tokens)
    zero = hidden.new_zeros(())
    value = text = zero
    if value_weight:
        labels = torch.from_numpy(data.labels[rows, :longest]).to(DEVICE)
        marked = labels != NO_LABEL
        margin = hidden[marked] @ (model.embedding[GOOD] - model.embedding[BAD])
        value = F.binary_cross_entropy_with_logits(margin, labels[marked].float())
    if text_weight:
        chosen = torch.from_numpy(data.predicted[rows, :longest][:, 1:]).to(DEVICE)
        total = F.cross_entropy(model.logits(hidden[:, :-1][chosen]), tokens[:, 1:][chosen], reduction="sum")
        text = total / chosen.sum().clamp(min=1)
    return value, text


def learning_rate(step, steps, peak):
    """Linear warm-up over 4 % of the steps, then a cosine down to 2 % of the peak."""
    warm = max(1, steps // 25)
    if step < warm:
        return peak * (step + 1) / warm
    return peak * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm))))


def optimizers(model, peak, muon):
    """Pairs of an optimizer and its peak rate: AdamW for all, or, at the rate `muon`, Muon for the blocks' matrices."""
    blocks = [p for p in model.blocks.parameters() if p.dim() > 1]
    norms = [p for p in model.parameters() if p.dim() == 1]
    matrices = [model.embedding] if muon else [model.embedding, *blocks]
    groups = [{"params": matrices, "weight_decay": 0.05}, {"params": norms, "weight_decay": 0.0}]
    pairs = [(torch.optim.AdamW(groups, lr=peak, betas=(0.9, 0.98)), peak)]
    return pairs + [(Muon(blocks, lr=muon), muon)] if muon else pairs


def fit(model, data, *, steps, batch, peak, seed, muon=None, value_weight=0.0, text_weight=1.0, report=200):
    """Train in place, on a GPU where there is one; prints the mean losses every `report` steps. Returns the last printed (value, text) losses.

    `peak` and `muon`: see `optimizers`.
    """
    rng = numpy.random.default_rng(seed)
    model.to(DEVICE)
    pairs = optimizers(model, peak, muon)
    sums, tokens, start, last = numpy.zeros(2), 0, time.time(), (0.0, 0.0)
    for step, rows in enumerate(batches(data, batch, steps, rng)):
        for optimizer, rate in pairs:
            for group in optimizer.param_groups:
                group["lr"] = learning_rate(step, steps, rate)
        value, text = losses(model, data, rows, value_weight, text_weight)
        model.zero_grad(set_to_none=True)
        (value_weight * value + text_weight * text).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer, _ in pairs:
            optimizer.step()
        sums += float(value), float(text)
        tokens += int(data.lengths[rows].sum())
        if (step + 1) % report == 0 or step + 1 == steps:
            count = (step % report) + 1
            last = tuple(sums / count)
            speed = tokens / (time.time() - start)
            print(f"  step {step + 1}/{steps}: value {last[0]:.4f}, text {last[1]:.4f}, {speed:.0f} tokens/s", flush=True)
            sums[:] = 0
    return last
