# SPDX-License-Identifier: MIT
"""Top-k and a sampler chain beside PyTorch, on the same logits, on one thread, taking turns.

    compare.py CALLS    (the shared library of calls.cpp)

The chain is written as Hugging Face's logits processors are: each takes all scores and gives new
ones. What either side keeps is compared first.
"""
import ctypes
import sys
import time

try:
    import torch
except ImportError:
    print("PyTorch: not installed (Debian's python3-torch), not measured")
    sys.exit(0)

K, P, MIN_P, TEMPERATURE, REPETITION = 40, 0.95, 0.05, 0.8, 1.1
ROUNDS, CALLS = 21, 20
OUT = float("-inf")


def repetition_penalty(scores, seen):
    found = torch.gather(scores, 1, seen)
    found = torch.where(found < 0, found * REPETITION, found / REPETITION)
    return scores.scatter(1, seen, found)


def top_k(scores):
    return scores.masked_fill(scores < torch.topk(scores, K)[0][..., -1, None], OUT)


def top_p(scores):
    ranked, order = torch.sort(scores, descending=False)
    below = ranked.softmax(dim=-1).cumsum(dim=-1) <= 1 - P
    below[..., -1:] = False
    return scores.masked_fill(below.scatter(1, order, below), OUT)


def min_p(scores):
    probabilities = scores.softmax(dim=-1)
    return scores.masked_fill(probabilities < MIN_P * probabilities.max(dim=-1, keepdim=True)[0], OUT)


def probabilities_of(scores, seen):
    scores = min_p(top_p(top_k(repetition_penalty(scores, seen))))
    return (scores / TEMPERATURE).softmax(dim=-1)


def row_of(vocabulary):
    """As of a model that is sure: 30 candidates far above the rest, none of them equal."""
    row = torch.randn(1, vocabulary) * 2
    row[0, torch.randperm(vocabulary)[:30]] = 16 - 0.6 * torch.arange(30)
    return row


def microseconds(call):
    begin = time.perf_counter()
    call()
    return (time.perf_counter() - begin) * 1e6


def measure(kernels, vocabulary):
    logits = row_of(vocabulary)
    seen = torch.randperm(vocabulary)[:64].unsqueeze(0)
    tokens = (ctypes.c_uint32 * 64)(*seen[0].tolist())
    largest = (ctypes.c_uint32 * K)()
    token = ctypes.c_uint32()
    # The kernels restore the logits that they change for a moment; PyTorch makes copies.
    row = ctypes.c_void_p(logits.data_ptr())

    def ours_top_k(calls=CALLS):
        return kernels.measure_top_k(row, vocabulary, K, largest, calls)

    def ours_chain(uniform=0.5, calls=CALLS):
        return kernels.measure_chain(row, vocabulary, tokens, 64, uniform, ctypes.byref(token), calls)

    ours_top_k(1)
    assert list(largest) == torch.topk(logits, K)[1][0].tolist(), "top-k differs"
    kept = set(probabilities_of(logits, seen)[0].nonzero().flatten().tolist())
    drawn = set()
    for i in range(1000):
        ours_chain((i + 0.5) / 1000, 1)
        drawn.add(token.value)
    assert drawn <= kept, "the chain keeps another set"

    pairs = {
        "top-k 40": (ours_top_k, lambda: microseconds(lambda: torch.topk(logits, K)), 40),
        "chain": (
            ours_chain,
            lambda: microseconds(lambda: torch.multinomial(probabilities_of(logits, seen), 1)),
            1000,
        ),
    }
    for name, (ours, theirs, wanted) in pairs.items():
        times = [(ours(), theirs()) for _ in range(ROUNDS)]
        least = [min(side) for side in zip(*times)]
        median = [sorted(side)[ROUNDS // 2] for side in zip(*times)]
        print(
            f"{vocabulary:>9}  {name:<9}{least[0]:>10.2f}{median[0]:>10.2f}{least[1]:>12.1f}{median[1]:>12.1f}"
            f"{least[1] / least[0]:>10.0f}{median[1] / median[0]:>10.0f}{wanted:>10}"
        )


def main():
    torch.manual_seed(1)
    torch.set_num_threads(1)
    kernels = ctypes.CDLL(sys.argv[1])
    size, number = ctypes.c_size_t, ctypes.c_int
    kernels.measure_top_k.argtypes = [ctypes.c_void_p, size, size, ctypes.c_void_p, number]
    kernels.measure_chain.argtypes = [
        ctypes.c_void_p, size, ctypes.c_void_p, size, ctypes.c_double, ctypes.c_void_p, number,
    ]
    kernels.measure_top_k.restype = kernels.measure_chain.restype = ctypes.c_double
    print(f"PyTorch {torch.__version__}, one thread; us, least and median of {ROUNDS} rounds in turn")
    print(
        f"{'tokens':>9}  {'':<9}{'ours':>10}{'':>10}{'PyTorch':>12}{'':>12}{'ratio':>10}{'median':>10}{'wanted':>10}"
    )
    for vocabulary in 32_000, 128_256, 151_936:
        measure(kernels, vocabulary)


main()
