"""Muon, an optimizer for the matrices of a transformer's blocks (K. Jordan and others, 2024).

Each step is the momentum with all its singular values set to about one, which a small model learns arithmetic from in
a fraction of the steps that AdamW takes.
"""

import torch

# Coefficients of the published quintic: five rounds bring singular values from 0.001 to 1 into 0.7 to 1.2.
QUINTIC, ROUNDS = (3.4445, -4.7750, 2.0315), 5


def orthogonalised(matrix):
    """The matrix with singular values near one, by Newton-Schulz iteration in bfloat16."""
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.t() if tall else matrix
    x = (x / (x.norm() + 1e-7)).bfloat16().contiguous()
    a, b, c = QUINTIC
    for _ in range(ROUNDS):
        square = x @ x.t()
        x = torch.addmm(x, torch.addmm(square, square, square, beta=b, alpha=c), x, beta=a)
    return (x.t() if tall else x).float()


class Muon(torch.optim.Optimizer):
    """Nesterov momentum, orthogonalised; with weight decay proportional to the rate."""

    def __init__(self, matrices, lr, momentum=0.95, weight_decay=0.05):
        super().__init__(matrices, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        """One update of every matrix by its gradient."""
        for group in self.param_groups:
            for matrix in group["params"]:
                mean = self.state[matrix].setdefault("mean", torch.zeros_like(matrix))
                mean.mul_(group["momentum"]).add_(matrix.grad)
                update = orthogonalised(matrix.grad.add(mean, alpha=group["momentum"]))
                scale = max(1.0, matrix.shape[0] / matrix.shape[1]) ** 0.5
                matrix.mul_(1 - group["lr"] * group["weight_decay"]).add_(update, alpha=-group["lr"] * scale)
