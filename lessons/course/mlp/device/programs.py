"""The programs that `mlp/device` shows and runs."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable
from time import perf_counter

import torch
from torch import Tensor, nn

from engine.devices import available_devices, choose, timed


def devices_here() -> None:
    """Print the devices of this machine, and the one that `auto` means."""
    devices = available_devices()
    for device in devices:
        print(f"{device.name:<7} {device.title}")
    print("auto means", choose("auto"))
    if len(devices) == 1:
        print("There is no GPU here. All trainings run on the CPU.")


ELSEWHERE = torch.device("meta")
"""A device that PyTorch has on every machine: it keeps shapes, and no numbers."""


def tensor_and_module() -> None:
    """Print where a tensor and a module lie after `.to` without an assignment."""
    X, net = torch.ones(4, 2), nn.Linear(2, 1)
    moved = X.to(ELSEWHERE)
    print("X.to(...)     X:", X.device, "  result:", moved.device)
    print("already there:", "the same tensor" if X.to("cpu") is X else "a copy")
    result = net.to(ELSEWHERE)
    print("net.to(...)   net:", net.weight.device, "  result is net:", result is net)
    try:
        net(X)
    except RuntimeError as error:
        print("net(X):", error)


def train_on(name: str, batches: Iterable[tuple[Tensor, Tensor]]) -> nn.Module:
    """Train a small network on the device called `name`, wherever the batches lie."""
    device = choose(name)
    net = nn.Sequential(nn.Linear(20, 10)).to(device)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for X, y in batches:
        X, y = X.to(device), y.to(device)
        loss = nn.CrossEntropyLoss()(net(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return net


def mean_pixel(device: torch.device) -> tuple[float, int]:
    """The mean of made-up images, turned into numbers on `device`, and the bytes that travel."""
    generator = torch.Generator().manual_seed(0)
    images = torch.randint(0, 256, (1000, 28, 28), generator=generator, dtype=torch.uint8)
    X = images.to(device) / 255  # bytes travel, numbers are made there
    return X.mean().item(), images.nbytes  # one number comes back


def there_and_back() -> None:
    """Print what `mean_pixel` finds on the fastest device, and on the CPU."""
    device = choose("auto")
    for where in dict.fromkeys((device, torch.device("cpu"))):
        mean, travelled = mean_pixel(where)
        copied = travelled if where.type != "cpu" else 0
        print(f"{where.type:<5} mean {mean:.4f}  bytes copied to it: {copied:,}")
    if device.type == "cpu":
        print("There is no GPU here, so nothing had to be copied.")


def asked_and_done() -> list[str]:
    """Play a device with a queue: what happens in which order when work takes its time."""
    log: list[str] = []
    jobs: queue.Queue[int] = queue.Queue()
    waited_for = threading.Event()

    def device() -> None:
        number = jobs.get()
        waited_for.wait()  # a long product: nothing comes before somebody waits for it
        log.append(f"the device finishes product {number}")
        jobs.task_done()

    worker = threading.Thread(target=device)
    worker.start()
    log.append("the program asks for product 1")
    jobs.put(1)
    log.append("the call returns, and the next line runs")
    waited_for.set()
    jobs.join()
    log.append("synchronize() returns")
    worker.join()
    return log


def queue_of_work() -> None:
    """Print that order."""
    print(*asked_and_done(), sep="\n")


def time_a_product() -> None:
    """Time a product of matrices: until the call returns, and until the device is done."""
    device = choose("auto")
    for where in dict.fromkeys((device, torch.device("cpu"))):
        generator = torch.Generator().manual_seed(0)
        A, B = (torch.randn(1000, 1000, generator=generator).to(where) for _ in range(2))
        A @ B  # the first product loads programs, and would be timed with them
        with timed(where) as timing:
            begin = perf_counter()
            A @ B
            returned = perf_counter() - begin
        print(f"{where.type}: returned {in_words(returned)}, done {in_words(timing.seconds)}")
    if device.type == "cpu":
        print("There is no GPU here: on the CPU a call returns when it is done.")


def in_words(seconds: float) -> str:
    """A duration, roughly: `after about 20 milliseconds`."""
    for size, unit in ((1.0, "seconds"), (1e-3, "milliseconds"), (1e-6, "microseconds")):
        if seconds >= size:
            return f"after about {float(f'{seconds / size:.1g}'):g} {unit}"
    return "after less than a microsecond"


def trained_twice(rate: float, updates: int) -> tuple[list[float], list[float]]:
    """The losses of two trainings that differ in the last bit of one weight."""
    found = []
    for last_bit in (0, 1):
        generator = torch.Generator().manual_seed(0)
        X = torch.randn(200, 2, generator=generator)
        y = (X[:, 0] * X[:, 1] > 0).long()
        W1 = torch.randn(2, 30, generator=generator)
        W2 = torch.randn(30, 2, generator=generator) * 0.3
        if last_bit:
            W1[0, 0] = torch.nextafter(W1[0, 0], torch.tensor(9.0))
        optimizer = torch.optim.SGD([W1.requires_grad_(), W2.requires_grad_()], lr=rate)
        losses = []
        for _ in range(updates):
            loss = nn.functional.cross_entropy((X @ W1).relu() @ W2, y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        found.append(losses)
    return found[0], found[1]


def last_digits() -> None:
    """Print the losses of both trainings, with a small and with a large rate."""
    for rate in (1.0, 4.0):
        print(f"rate {rate:g}")
        one, other = trained_twice(rate, 301)
        for t in (0, 100, 200, 300):
            print(f"  update {t + 1:3}  loss {one[t]:.6f}  and {other[t]:.6f}")


def move_the_loss() -> None:
    """Print what a loss keeps, and whether it works before and after `.to`."""
    scores = torch.empty(4, 2, device=ELSEWHERE)
    y = torch.empty(4, dtype=torch.long, device=ELSEWHERE)
    for weight in (None, torch.tensor([1.0, 3.0])):
        loss_fn = nn.CrossEntropyLoss(weight=weight)
        print("buffers:", ", ".join(dict(loss_fn.named_buffers())) or "none")
        try:
            loss_fn(scores, y)
            print("  before .to: it works")
        except RuntimeError as error:
            print("  before .to:", error)
        print("  after .to: it works on", loss_fn.to(ELSEWHERE)(scores, y).device)
