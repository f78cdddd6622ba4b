"""How the cost of training grows: with the batch, the hidden units and the threads, and by the way.

Run it as `python -m tests.benchmarks.cost [--samples N] [--only ours,bare,…]`.

The model is the multilayer perceptron of the recipe mlp-concise, 784-h-10 with ReLU, on random
bytes of the size of Fashion-MNIST's images. The ways: the loop of dltutor, without what it measures
after an epoch, for the others measure nothing; a bare loop over tensors in memory; the way of many
notes, a Dataset with ToTensor under a DataLoader with 0 and 4 workers; and, where it is installed,
Lightning's Trainer over tensors in memory. All take turns. The figures are microseconds per sample,
the best of the rounds.
"""

from __future__ import annotations

import argparse
import logging
import time
import warnings
from collections.abc import Callable, Iterator
from importlib.util import find_spec

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset, TensorDataset
from torchvision.transforms.functional import to_tensor

from engine.data import ImageData
from engine.recipes.catalog import find_recipe
from engine.recipes.images import to_numbers
from engine.recipes.mlp_concise import make_net, mlp_task
from engine.training.loop import TrainingRun, train
from engine.training.task import Source
from tests.benchmarks.bare import GATHERS, batches

BATCHES, HIDDEN = (16, 64, 256, 1024, 4096), (64, 256, 1024, 4096)
LR = 0.05
SLOW = ("notes, 0 workers", "notes, 4 workers")


def images(count: int) -> ImageData:
    """Random bytes and labels."""
    generator = torch.Generator().manual_seed(0)
    pixels = torch.randint(0, 256, (count, 28, 28), dtype=torch.uint8, generator=generator)
    labels = torch.randint(0, 10, (count,), generator=generator)
    return ImageData(
        name="random", title="random", train_images=pixels, train_labels=labels,
        test_images=pixels[:10], test_labels=labels[:10],
        classes=tuple("0123456789"), synthetic=True, source="",
    )  # fmt: skip


def plain_step(hidden: int) -> Callable[[Tensor, Tensor], None]:
    """One update by the modules of PyTorch."""
    net = make_net(hidden, 10)
    optimizer, loss_fn = torch.optim.SGD(net.parameters(), lr=LR), nn.CrossEntropyLoss()

    def step(X: Tensor, y: Tensor) -> None:
        loss = loss_fn(net(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return step


def ours(data: ImageData, batch: int, hidden: int) -> Iterator[float | None]:
    """Epochs of dltutor's loop."""
    recipe = find_recipe("mlp-concise")
    given = {"batch_size": batch, "hidden": min(hidden, 2048), "epochs": 10_000, "lr": LR}
    settings = recipe.settings({**given, "threads": torch.get_num_threads()})
    settings["hidden"] = hidden  # also beyond what the form takes
    task = mlp_task(data, settings, Source("cpu"))
    run = TrainingRun(task, recipe.name, settings, time.perf_counter)
    updates = train(run)
    for metrics in updates:
        if metrics:
            yield metrics.seconds


def bare(data: ImageData, batch: int, hidden: int) -> Iterator[float | None]:
    """Epochs of a bare loop over tensors in memory, gathered by indexing."""
    X, y = to_numbers(data.train_images), data.train_labels
    step, generator = plain_step(hidden), torch.Generator().manual_seed(0)
    while True:
        for part in batches(X, y, batch, generator, GATHERS["index"]):
            step(*part)
        yield None


class Notes(Dataset[tuple[Tensor, int]]):
    """One image at a time, made into numbers when it is asked for."""

    def __init__(self, data: ImageData) -> None:
        self.images, self.labels = data.train_images.numpy(), data.train_labels.tolist()

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        return to_tensor(self.images[index][:, :, None]), self.labels[index]


def notes(data: ImageData, batch: int, hidden: int, workers: int) -> Iterator[float | None]:
    """Epochs of the loop of many notes."""
    loader = DataLoader(
        Notes(data), batch, shuffle=True, num_workers=workers, persistent_workers=workers > 0
    )
    step = plain_step(hidden)
    while True:
        for part in loader:
            step(*part)
        yield None


def lightning(data: ImageData, batch: int, hidden: int) -> Iterator[float | None]:
    """Epochs of Lightning's Trainer over a TensorDataset, without logging and checkpoints."""
    import lightning  # type: ignore[import-not-found,unused-ignore]

    for name in ("lightning.pytorch", "lightning.fabric"):
        logging.getLogger(name).setLevel(logging.ERROR)

    class Model(lightning.LightningModule):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.net, self.loss_fn = make_net(hidden, 10), nn.CrossEntropyLoss()

        def training_step(self, batch: tuple[Tensor, Tensor], index: int) -> Tensor:
            X, y = batch
            loss: Tensor = self.loss_fn(self.net(X), y)
            return loss

        def configure_optimizers(self) -> torch.optim.Optimizer:
            return torch.optim.SGD(self.net.parameters(), lr=LR)

    loader = DataLoader(
        TensorDataset(to_numbers(data.train_images), data.train_labels), batch, shuffle=True
    )
    model = Model()
    while True:
        trainer = lightning.Trainer(
            max_epochs=1, accelerator="cpu", logger=False, enable_checkpointing=False,
            enable_progress_bar=False, enable_model_summary=False,
        )  # fmt: skip
        trainer.fit(model, loader)
        yield None


WAYS: dict[str, Callable[[ImageData, int, int], Iterator[float | None]]] = {
    "ours": ours,
    "bare": bare,
    "notes, 0 workers": lambda data, batch, hidden: notes(data, batch, hidden, 0),
    "notes, 4 workers": lambda data, batch, hidden: notes(data, batch, hidden, 4),
}
if find_spec("lightning"):
    WAYS["lightning"] = lightning


def compare(data: ImageData, batch: int, hidden: int, threads: int, ways: list[str]) -> str:
    """One row: microseconds per sample of each way."""
    torch.set_num_threads(threads)
    epochs = {name: WAYS[name](data, batch, hidden) for name in ways}
    best = dict.fromkeys(ways, float("inf"))
    for number in range(4):
        for name in ways:
            if number == 3 and name in SLOW:
                continue
            started = time.perf_counter()
            seconds = next(epochs[name])
            if seconds is None:
                seconds = time.perf_counter() - started
            if number:  # the first one warms up
                best[name] = min(best[name], seconds)
    cells = (f"{1e6 * best[name] / len(data.train_labels):18.2f}" for name in ways)
    return f"{batch:5} {hidden:6} {threads:7} {''.join(cells)}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=8192)
    parser.add_argument("--only", default=",".join(WAYS), help="ways, with commas between them")
    parser.add_argument("--threads", default="1,2")
    args = parser.parse_args()
    warnings.simplefilter("ignore")  # torch and Lightning advise more workers
    wanted = [name for name in WAYS if any(name.startswith(o) for o in args.only.split(","))]
    data = images(args.samples)
    print(f"{'batch':>5} {'hidden':>6} {'threads':>7} {''.join(f'{name:>18}' for name in wanted)}")
    rows = [(b, 256) for b in BATCHES] + [(256, h) for h in HIDDEN if h != 256]
    for threads in map(int, args.threads.split(",")):
        for batch, hidden in rows:
            print(compare(data, batch, hidden, threads, wanted), flush=True)


if __name__ == "__main__":
    main()
