"""Differentiable building blocks with hand-written gradients: fewer passes over memory than autograd's own.

On a GPU, and on processors that multiply bfloat16 in hardware (`avx512_bf16`, `amx_bf16`), the matrix products of the
training run in bfloat16, at least twice as fast; everything else, and every product elsewhere, is float32.
"""

import pathlib

import torch


def multiplies_bfloat16():
    """Whether what the training runs on multiplies bfloat16 in hardware."""
    if torch.cuda.is_available():
        return True
    cpuinfo = pathlib.Path("/proc/cpuinfo")
    return cpuinfo.exists() and any(unit in cpuinfo.read_text() for unit in ("amx_bf16", "avx512_bf16"))


REDUCED = torch.bfloat16 if multiplies_bfloat16() else torch.float32


class ReducedLinear(torch.autograd.Function):
    """y = x·Wᵀ for x (rows, in) and W (out, in), multiplied in the reduced precision and given as `dtype`."""

    @staticmethod
    def forward(context, x, weight, dtype):
        context.dtype = x.dtype
        x, weight = x.to(REDUCED), weight.to(REDUCED)
        context.save_for_backward(x, weight)
        return (x @ weight.t()).to(dtype)

    @staticmethod
    def backward(context, grad):
        x, weight = context.saved_tensors
        grad = grad.to(REDUCED)
        return (grad @ weight).to(context.dtype), (grad.t() @ x).float(), None


def trains(x):
    """Whether products of x may be reduced: while training in float32."""
    return torch.is_grad_enabled() and x.dtype in (torch.float32, REDUCED)


def linear(x, weight, dtype=torch.float32):
    """x·Wᵀ: reduced precision while training in float32, and then given as `dtype`; the exact product otherwise."""
    return ReducedLinear.apply(x, weight, dtype) if trains(x) else x @ weight.t()


class ReducedAttention(torch.autograd.Function):
    """softmax(q·kᵀ + mask)·v for q, k and v (matrices, time, channels), multiplied in the reduced precision."""

    @staticmethod
    def forward(context, q, k, v, mask):
        q, k, v = q.to(REDUCED), k.to(REDUCED), v.to(REDUCED)
        weights = torch.bmm(q, k.transpose(1, 2)).float().add_(mask).softmax(-1)
        reduced = weights.to(REDUCED)
        context.save_for_backward(q, k, v, weights, reduced)
        return torch.bmm(reduced, v).float()

    @staticmethod
    def backward(context, grad):
        q, k, v, weights, reduced = context.saved_tensors
        grad = grad.to(REDUCED)
        slope = torch.bmm(grad, v.transpose(1, 2)).float()
        slope = torch._softmax_backward_data(slope, weights, -1, torch.float32).to(REDUCED)
        grad_q, grad_k = torch.bmm(slope, k), torch.bmm(slope.transpose(1, 2), q)
        return grad_q.float(), grad_k.float(), torch.bmm(reduced.transpose(1, 2), grad).float(), None


def attention(q, k, v, mask):
    """softmax(q·kᵀ + mask)·v: reduced precision while training in float32, exact otherwise."""
    if trains(q):
        return ReducedAttention.apply(q, k, v, mask)
    return torch.bmm(torch.baddbmm(mask, q, k.transpose(1, 2)).softmax(-1), v)


class RmsNorm(torch.autograd.Function):
    """y = w * x / sqrt(mean(x²) + ε) over the last axis."""

    @staticmethod
    def forward(context, x, weight, epsilon):
        scale = torch.rsqrt(x.square().mean(-1, keepdim=True) + epsilon)
        normed = x * scale
        context.save_for_backward(normed, weight, scale)
        return normed * weight

    @staticmethod
    def backward(context, grad):
        normed, weight, scale = context.saved_tensors
        product = grad * normed
        grad_weight = product.reshape(-1, normed.shape[-1]).sum(0)
        mean = (product @ weight).unsqueeze(-1) / normed.shape[-1]
        return (grad * weight).addcmul_(normed, mean, value=-1).mul_(scale), grad_weight, None


class SwiGlu(torch.autograd.Function):
    """y = silu(gate) * up for (rows, 2·hidden) holding gate and up side by side."""

    @staticmethod
    def forward(context, both):
        gate, up = both.chunk(2, dim=-1)
        sigmoid = torch.sigmoid(gate)
        context.save_for_backward(both, sigmoid)
        return (gate * sigmoid).mul_(up)

    @staticmethod
    def backward(context, grad):
        both, sigmoid = context.saved_tensors
        gate, up = both.chunk(2, dim=-1)
        result = torch.empty_like(both)
        grad_gate, grad_up = result.chunk(2, dim=-1)
        silu = gate * sigmoid
        torch.mul(grad, silu, out=grad_up)
        slope = silu.addcmul_(sigmoid, silu, value=-1).add_(sigmoid)
        torch.mul(grad, up, out=grad_gate).mul_(slope)
        return result
