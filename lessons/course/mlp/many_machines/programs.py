"""The programs that `mlp/many-machines` shows and runs."""

from __future__ import annotations

import math

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset


def one_batch_two_workers() -> None:
    """Print the gradient of a batch, and the average of two workers with their shares."""
    generator = torch.Generator().manual_seed(0)
    X = torch.randn(8, 3, generator=generator, dtype=torch.float64)
    y = torch.randn(8, 1, generator=generator, dtype=torch.float64)
    net = nn.Linear(3, 1, dtype=torch.float64)
    nn.init.ones_(net.weight)

    def gradient(X: Tensor, y: Tensor) -> Tensor:
        loss = nn.functional.mse_loss(net(X), y)
        return torch.autograd.grad(loss, net.weight)[0]

    whole = gradient(X, y)
    for cut in (4, 6):
        first, second = gradient(X[:cut], y[:cut]), gradient(X[cut:], y[cut:])
        plain = (first + second) / 2
        weighted = (cut * first + (8 - cut) * second) / 8
        print(f"{cut} and {8 - cut} samples")
        print(f"  plain mean off by     {(plain - whole).abs().max():.1e}")
        print(f"  weighted mean off by  {(weighted - whole).abs().max():.1e}")


def noise_of_batches(sizes: tuple[int, ...], drawn: int = 2000) -> list[float]:
    """For batches of each size: how far their gradient is from that of all samples, typically."""
    generator = torch.Generator().manual_seed(0)
    X = torch.randn(4096, 3, generator=generator)
    y = X @ torch.tensor([1.0, -2.0, 0.5]) + torch.randn(4096, generator=generator)
    slopes = -y[:, None] * X  # of each sample, at w = 0
    found = []
    for size in sizes:
        rows = torch.randint(len(X), (drawn, size), generator=generator)
        off = slopes[rows].mean(1) - slopes.mean(0)
        found.append(math.sqrt((off**2).sum(1).mean().item()))
    return found


def noise_by_workers() -> None:
    """Print the noise of the averaged gradient, for workers with 16 samples each."""
    workers = (1, 2, 4, 8, 16)
    noise = noise_of_batches(tuple(16 * count for count in workers))
    for count, found in zip(workers, noise, strict=True):
        print(f"{count:2} workers, batch {16 * count:3}: noise {found:.3f}", end="")
        print(f", that is {found / noise[0]:.2f} of one worker's")


def train_together(net: nn.Module, data: TensorDataset, batch: int, lr: float) -> None:
    """One epoch on every worker; torchrun starts the program once for each of them."""
    dist.init_process_group("gloo")  # the workers find each other
    model = DistributedDataParallel(net)  # all take the weights of worker 0
    sampler: DistributedSampler[object] = DistributedSampler(data)
    sampler.set_epoch(0)  # the same shuffle everywhere, another one in each epoch
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    for X, y in DataLoader(data, batch // dist.get_world_size(), sampler=sampler):
        optimizer.zero_grad()
        nn.functional.mse_loss(model(X), y).backward()  # averages over the workers, too
        optimizer.step()
    dist.destroy_process_group()


def ring_of(gradients: list[Tensor]) -> int:
    """Let every tensor become the sum of all, part by part; the numbers that each one sends."""
    workers, sent = len(gradients), 0
    parts = [g.tensor_split(workers) for g in gradients]  # views of the gradients
    for turn in range(2 * (workers - 1)):
        adds = turn < workers - 1
        shift = turn if adds else turn - workers
        moving = [parts[k][(k - shift) % workers].clone() for k in range(workers)]
        for k, part in enumerate(moving):
            kept = parts[(k + 1) % workers][(k - shift) % workers]
            kept.copy_(kept + part if adds else part)
        sent += moving[0].numel()
    return sent


def around_the_ring() -> None:
    """Print what each of four workers has before and after, and what it sent."""
    gradients = [torch.arange(1.0, 9.0) * 10**k for k in range(4)]
    for k, gradient in enumerate(gradients):
        print(f"worker {k + 1} has", *(f"{value:g}" for value in gradient.tolist()))
    sent = ring_of(gradients)
    for k, gradient in enumerate(gradients):
        print(f"worker {k + 1} now", *(f"{value:g}" for value in gradient.tolist()))
    print(f"each sent {sent} numbers: 2 (4 - 1) / 4 of 8 is {2 * 3 / 4 * 8:g}")
