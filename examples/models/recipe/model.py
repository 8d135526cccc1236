"""A small Llama: RMSNorm, interleaved RoPE, SwiGLU, no biases, tied embeddings."""

import dataclasses
import math

import torch
from torch.nn import functional as F

from functions import REDUCED, RmsNorm, SwiGlu, attention, linear
from tokens import VOCABULARY


@dataclasses.dataclass(frozen=True)
class Shape:
    """Sizes of one model; `width` is the embedding length, `hidden` the feed-forward length."""

    width: int = 128
    layers: int = 4
    heads: int = 4
    hidden: int = 352
    context: int = 256
    rope_base: float = 10000.0
    epsilon: float = 1e-5

    @property
    def channels(self):
        """Channels of one attention head."""
        return self.width // self.heads


def rotation(shape, positions, dtype):
    """Complex factors exp(i·position·frequency), (positions, channels / 2), in the complex kin of `dtype`."""
    pairs = torch.arange(shape.channels // 2, dtype=torch.float64, device=positions.device)
    angle = positions.to(torch.float64)[..., None] * shape.rope_base ** (-2 * pairs / shape.channels)
    return torch.polar(torch.ones_like(angle), angle).to(torch.complex128 if dtype == torch.float64 else torch.complex64)


def rotate(x, factors):
    """Apply RoPE to x (..., channels): neighbouring channels form one complex number."""
    pairs = torch.view_as_complex(x.unflatten(-1, (-1, 2)))
    return torch.view_as_real(pairs * factors).flatten(-2)


def normal(rows, columns, scale):
    """A weight matrix (rows, columns) of independent normal numbers."""
    return torch.nn.Parameter(torch.randn(rows, columns) * scale)


class Block(torch.nn.Module):
    """One transformer layer."""

    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        inwards, outwards = shape.width**-0.5, 0.02
        self.attention_norm = torch.nn.Parameter(torch.ones(shape.width))
        self.qkv = normal(3 * shape.width, shape.width, inwards)
        self.out = normal(shape.width, shape.width, outwards)
        self.feed_norm = torch.nn.Parameter(torch.ones(shape.width))
        self.gate_up = normal(2 * shape.hidden, shape.width, inwards)
        self.down = normal(shape.width, shape.hidden, outwards)

    def project(self, x, factors):
        """Rotated queries and keys, and values, each (batch, heads, time, channels), of x (batch, time, width)."""
        batch, time, width = x.shape
        normed = RmsNorm.apply(x, self.attention_norm, self.shape.epsilon).view(-1, width)
        qkv = linear(normed, self.qkv).view(batch, time, 3, self.shape.heads, -1).permute(2, 0, 3, 1, 4).contiguous()
        turned, values = qkv.split([2, 1])
        queries, keys = rotate(turned, factors).unbind(0)
        return queries, keys, values[0]

    def feed_forward(self, x):
        """x (rows, width) plus the SwiGLU feed-forward of its norm."""
        normed = RmsNorm.apply(x, self.feed_norm, self.shape.epsilon)
        return x + linear(SwiGlu.apply(linear(normed, self.gate_up, REDUCED)), self.down)

    def forward(self, x, factors, mask):
        """Causal self-attention and feed-forward over x (batch, time, width)."""
        batch, time, width = x.shape
        q, k, v = (t.reshape(-1, time, self.shape.channels) for t in self.project(x, factors))
        mixed = attention(q * self.shape.channels**-0.5, k, v, mask).view(batch, -1, time, self.shape.channels).transpose(1, 2)
        attended = x.view(-1, width) + linear(mixed.reshape(-1, width), self.out)
        return self.feed_forward(attended).view(batch, time, width)


class Llama(torch.nn.Module):
    """The whole model; `hidden` gives the final states, `logits` projects them on the vocabulary."""

    def __init__(self, shape=Shape()):
        super().__init__()
        self.shape = shape
        self.embedding = normal(VOCABULARY, shape.width, 0.05)
        self.blocks = torch.nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = torch.nn.Parameter(torch.ones(shape.width))

    def hidden(self, tokens):
        """Normed final states (batch, time, width) of token ids (batch, time)."""
        time, dtype = tokens.shape[1], self.embedding.dtype
        factors = rotation(self.shape, torch.arange(time, device=tokens.device), dtype)
        mask = torch.full((1, time, time), -math.inf, dtype=dtype, device=tokens.device).triu(1)
        x = F.embedding(tokens, self.embedding)
        for block in self.blocks:
            x = block(x, factors, mask)
        return RmsNorm.apply(x, self.norm, self.shape.epsilon)

    def logits(self, hidden):
        """Scores of every token of the vocabulary (rows, vocabulary) for final states (rows, width)."""
        return linear(hidden, self.embedding)


def deepened(model, layers):
    """The same model with new layers on top of its own, so that it has `layers`."""
    taller = Llama(dataclasses.replace(model.shape, layers=layers))
    taller.load_state_dict(model.state_dict(), strict=False)
    return taller
