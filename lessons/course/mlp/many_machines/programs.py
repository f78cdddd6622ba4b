"""The programs that `mlp/many-machines` shows and runs."""

from __future__ import annotations

import math
from typing import TypeAlias

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset

Samples: TypeAlias = TensorDataset
Sampler: TypeAlias = "DistributedSampler[object]"


def one_batch_two_workers() -> None:
    """Print how far two workers are from the whole batch."""
    generator = torch.Generator().manual_seed(0)
    X, y = torch.randn(8, 4, generator=generator).split([3, 1], 1)
    net = nn.Linear(3, 1, bias=False)
    nn.init.ones_(net.weight)

    def gradient(X: Tensor, y: Tensor) -> Tensor:
        loss = nn.functional.mse_loss(net(X), y)
        return torch.autograd.grad(loss, net.weight)[0]

    whole = gradient(X, y)
    for cut in (4, 6):
        first = gradient(X[:cut], y[:cut])
        second = gradient(X[cut:], y[cut:])
        plain = (first + second) / 2
        weighted = (cut * first + (8 - cut) * second) / 8
        print(f"{cut} and {8 - cut} samples")
        print(f"  plain mean:    {(plain - whole).abs().max():.1e} off")
        print(f"  weighted mean: {(weighted - whole).abs().max():.1e} off")


def noise_of(batch: int, drawn: int = 2000) -> float:
    """How far the gradient of a random batch typically is off."""
    generator = torch.Generator().manual_seed(0)
    X = torch.randn(4096, 3, generator=generator)
    noise = torch.randn(4096, generator=generator)
    y = X @ torch.tensor([1.0, -2.0, 0.5]) + noise
    slopes = -y[:, None] * X  # of each sample, at w = 0
    rows = torch.randint(4096, (drawn, batch), generator=generator)
    off = slopes[rows].mean(1) - slopes.mean(0)
    return math.sqrt((off**2).sum(1).mean().item())


def noise_by_workers() -> None:
    """Print the noise of the average over more and more workers."""
    one = noise_of(16)
    for workers in (1, 2, 4, 8, 16):
        noise = noise_of(16 * workers)
        share = noise / one
        print(f"{workers:2} workers: {noise:.3f}, {share:.2f} of one's")


def train_together(net: nn.Module, data: Samples, batch: int) -> None:
    """One epoch; torchrun runs this once for each worker."""
    dist.init_process_group("gloo")  # the workers find each other
    model = DistributedDataParallel(net)  # all start like worker 0
    sampler: Sampler = DistributedSampler(data)
    sampler.set_epoch(0)  # one shuffle for all, new in each epoch
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    share = batch // dist.get_world_size()
    for X, y in DataLoader(data, share, sampler=sampler):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(X), y)
        loss.backward()  # averages over the workers, too
        optimizer.step()
    dist.destroy_process_group()


def ring_of(gradients: list[Tensor]) -> int:
    """Turn each tensor into the sum of all; what each one sends."""
    workers, sent = len(gradients), 0
    parts = [g.tensor_split(workers) for g in gradients]  # views
    for turn in range(2 * (workers - 1)):
        adds = turn < workers - 1
        shift = turn if adds else turn - workers
        moving = [parts[k][(k - shift) % workers] for k in range(workers)]
        for k, part in enumerate([part.clone() for part in moving]):
            kept = parts[(k + 1) % workers][(k - shift) % workers]
            kept.copy_(kept + part if adds else part)
        sent += moving[0].numel()
    return sent


def around_the_ring() -> None:
    """Print what four workers have before and after."""
    gradients = [torch.arange(1, 9) * 10**k for k in range(4)]
    for k, gradient in enumerate(gradients, start=1):
        print(f"worker {k} has", *gradient.tolist())
    sent = ring_of(gradients)
    for k, gradient in enumerate(gradients, start=1):
        print(f"worker {k} now", *gradient.tolist())
    print(f"each sent {sent} numbers, and 2(4 - 1)/4 of 8 is {6 / 4 * 8:g}")
