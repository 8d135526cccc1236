"""Batched sampling with a key-value cache, and scoring of finished text by a value model."""

import itertools
import math

import numpy
import torch
from torch.nn import functional as F

from functions import RmsNorm, linear
from model import rotation
from tokens import BAD, BOS, EOS, GOOD, NEWLINE, decode, encode


class Cache:
    """Keys and values of a batch of equally long rows, per layer (positions, rows, heads, channels)."""

    def __init__(self, keys, values, length):
        self.keys, self.values, self.length = keys, values, length

    def select(self, rows, capacity):
        """A cache of the given rows (repeats allowed) with room for `capacity` positions."""
        return Cache(
            [self.resized(layer, rows, capacity) for layer in self.keys],
            [self.resized(layer, rows, capacity) for layer in self.values],
            self.length,
        )

    def resized(self, layer, rows, capacity):
        """One layer's chosen rows in a larger array."""
        filled = layer[: self.length, rows]
        result = filled.new_empty(capacity, *filled.shape[1:])
        result[: self.length] = filled
        return result


def prefill(model, tokens):
    """Feed prompts (rows, time); the cache and the logits of the last position (rows, vocabulary)."""
    factors = rotation(model.shape, torch.arange(tokens.shape[1]), torch.float32)
    mask = torch.full((1, tokens.shape[1], tokens.shape[1]), -math.inf).triu(1)
    x, keys, values = F.embedding(tokens, model.embedding), [], []
    for block in model.blocks:
        _, k, v = block.project(x, factors)
        keys.append(k.permute(2, 0, 1, 3))
        values.append(v.permute(2, 0, 1, 3))
        x = block(x, factors, mask)
    last = RmsNorm.apply(x[:, -1], model.norm, model.shape.epsilon)
    return Cache(keys, values, tokens.shape[1]), model.logits(last)


def advance(model, cache, tokens):
    """Feed one token per row and return the logits that follow (rows, vocabulary)."""
    rows, shape, now = len(tokens), model.shape, cache.length
    factors = rotation(shape, torch.tensor([now]), torch.float32)
    cache.length += 1
    x = F.embedding(tokens, model.embedding)
    for block, keys, values in zip(model.blocks, cache.keys, cache.values):
        q, k, v = (t[:, :, 0] for t in block.project(x[:, None], factors))
        keys[now], values[now] = k, v
        scores = (keys[: now + 1] * (q * shape.channels**-0.5)).sum(-1)
        mixed = (values[: now + 1] * scores.softmax(0)[..., None]).sum(0)
        x = block.feed_forward(x + linear(mixed.view(rows, -1), block.out))
    return model.logits(RmsNorm.apply(x, model.norm, shape.epsilon))


def draw(logits, temperature, generator):
    """One token id per row; temperature 0 takes the most likely."""
    if temperature == 0:
        return logits.argmax(-1)
    noise = -torch.log(-torch.log(torch.rand(logits.shape, generator=generator).clamp_(1e-12, 1 - 1e-7)))
    return (logits / temperature + noise).argmax(-1)


def continue_group(model, prefixes, copies, limit, stop_at_newline, temperature, generator):
    """Continuations (lists of new ids) of equally long id lists; prefix i is continued copies[i] times."""
    cache, logits = prefill(model, torch.tensor(prefixes))
    capacity = len(prefixes[0]) + limit
    rows = torch.repeat_interleave(torch.arange(len(prefixes)), torch.tensor(copies))
    cache, logits = cache.select(rows, capacity), logits[rows]
    results = [[] for _ in range(len(rows))]
    alive = numpy.arange(len(rows))
    for _ in range(limit):
        drawn = draw(logits, temperature, generator)
        for row, token in zip(alive, drawn.tolist()):
            results[row].append(token)
        going = drawn != EOS
        if stop_at_newline:
            going &= drawn != NEWLINE
        if not going.any():
            break
        if going.sum() < 0.8 * len(going):
            alive, drawn, cache = alive[going.numpy()], drawn[going], cache.select(going, capacity)
        elif not going.all():
            drawn = torch.where(going, drawn, torch.full_like(drawn, EOS))
        logits = advance(model, cache, drawn)
    return [cut(ids, stop_at_newline) for ids in results]


def cut(ids, stop_at_newline):
    """The ids up to and including the first stop token."""
    for position, token in enumerate(ids):
        if token == EOS or (stop_at_newline and token == NEWLINE):
            return ids[: position + 1]
    return ids


@torch.no_grad()
def complete(model, texts, copies, *, limit, temperature, seed, stop_at_newline=False, rows_at_once=128):
    """Continuations of each text, `copies[i]` of text i: per text a list of (new text, ended with `</s>`)."""
    generator = torch.Generator().manual_seed(seed)
    encoded = [encode(text) for text in texts]
    results = [[] for _ in texts]
    for group in equal_groups([len(ids) for ids in encoded], copies, rows_at_once):
        counts = [copies[i] for i in group]
        drawn = iter(continue_group(model, [encoded[i] for i in group], counts, limit, stop_at_newline, temperature, generator))
        for i, count in zip(group, counts):
            results[i] = [(decode(ids), ids[-1] == EOS) for ids in itertools.islice(drawn, count)]
    return results


def equal_groups(lengths, copies, rows_at_once):
    """Lists of places with the same length, each about `rows_at_once` copies together."""
    for _, places in itertools.groupby(sorted(range(len(lengths)), key=lengths.__getitem__), key=lengths.__getitem__):
        group, rows = [], 0
        for place in places:
            if group and rows + copies[place] > rows_at_once:
                yield group
                group, rows = [], 0
            group.append(place)
            rows += copies[place]
        yield group


@torch.no_grad()
def step_scores(model, texts, prompt_lengths, ended=None, rows_at_once=256):
    """Value of each solution line: logit(<good>) − logit(<bad>) after its newline; one list per text.

    Where `ended` says so, the last line is read once more after `</s>`, and the smaller value counts.
    """
    direction = model.embedding[GOOD] - model.embedding[BAD]
    results = [None] * len(texts)
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    for first in range(0, len(order), rows_at_once):
        group = order[first : first + rows_at_once]
        longest = 2 + max(len(texts[i]) for i in group)
        tokens = torch.full((len(group), longest), EOS)
        for row, i in enumerate(group):
            tokens[row, : 1 + len(texts[i])] = torch.tensor([BOS, *texts[i].encode("latin-1")])
        margins = (model.hidden(tokens) @ direction).tolist()
        for row, i in enumerate(group):
            ends = range(prompt_lengths[i], len(texts[i]))
            results[i] = [margins[row][1 + e] for e in ends if texts[i][e] == "\n"]
            if ended and ended[i] and results[i]:
                results[i][-1] = min(results[i][-1], margins[row][1 + len(texts[i])])
    return results
