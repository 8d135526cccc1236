"""Muon, an optimizer for the matrices of a transformer's blocks (K. Jordan and others, 2024).

Each step is the momentum with all its singular values set to about one, which a small model learns arithmetic from in
a fraction of the steps that AdamW takes.
"""

import torch

# Coefficients of the published quintic: five rounds bring singular values from 0.001 to 1 into 0.7 to 1.2.
QUINTIC, ROUNDS = (3.4445, -4.7750, 2.0315), 5


def orthogonalised(matrices):
    """The matrices (count, rows, columns) with singular values near one, by Newton-Schulz iteration in bfloat16."""
    tall = matrices.shape[1] > matrices.shape[2]
    x = matrices.transpose(1, 2) if tall else matrices
    lengths = torch.stack([matrix.norm() for matrix in x])[:, None, None]
    x = (x / (lengths + 1e-7)).bfloat16().contiguous()
    a, b, c = QUINTIC
    for _ in range(ROUNDS):
        square = torch.bmm(x, x.transpose(1, 2))
        x = torch.baddbmm(x, torch.baddbmm(square, square, square, beta=b, alpha=c), x, beta=a)
    return (x.transpose(1, 2) if tall else x).float()


class Muon(torch.optim.Optimizer):
    """Nesterov momentum, orthogonalised; with weight decay proportional to the rate. Matrices of one shape go together."""

    def __init__(self, matrices, lr, momentum=0.95, weight_decay=0.05):
        shapes = {}
        for matrix in matrices:
            shapes.setdefault(matrix.shape, []).append(matrix)
        groups = [{"params": alike} for alike in shapes.values()]
        super().__init__(groups, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        """One update of every matrix by its gradient."""
        for group in self.param_groups:
            grads = torch.stack([matrix.grad for matrix in group["params"]])
            mean = self.state[group["params"][0]].setdefault("mean", torch.zeros_like(grads))
            mean.mul_(group["momentum"]).add_(grads)
            updates = orthogonalised(grads.add_(mean, alpha=group["momentum"]))
            scale = max(1.0, grads.shape[1] / grads.shape[2]) ** 0.5
            for matrix, update in zip(group["params"], updates):
                matrix.mul_(1 - group["lr"] * group["weight_decay"]).add_(update, alpha=-group["lr"] * scale)
