"""A task of a few numbers, a clock that is told what time it is, and an ear for events."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator, Mapping

import torch

from engine.recipes.catalog import find_recipe
from engine.training.digest import sha256_of
from engine.training.events import StateChanged
from engine.training.loop import TrainingRun, train
from engine.training.order import Loader, TrainingOrder, load_task
from engine.training.snapshot import Panels, ParameterRow, SessionState, Setting
from engine.training.task import Batch, BatchSums, Evaluation, Source, Task

TIMEOUT = 20.0


class TinyTask(Task):
    """Least squares on a few points; `before_update` is told the number of each update."""

    def __init__(
        self,
        seed: int = 0,
        samples: int = 10,
        before_update: Callable[[TinyTask, int], None] = lambda task, number: None,
    ) -> None:
        generator = torch.Generator().manual_seed(seed)
        self.X = torch.randn(samples, 3, generator=generator)
        self.y = self.X.sum(dim=1)
        self.w = torch.randn(3, generator=generator).requires_grad_()
        self.before_update = before_update
        self.updates = 0
        self.batch_losses: list[tuple[float, int]] = []
        self.batch_order: list[list[float]] = []
        self.rates: list[float] = []
        self.galleries = 0
        super().__init__(
            parameters={"w": self.w},
            generator=generator,
            device=torch.device("cpu"),
            dataset="a few points",
            dataset_name="tiny",
            synthetic=True,
            train_samples=samples,
            test_samples=samples,
            classes=("below", "above"),
        )

    def batches(self, batch_size: int) -> Iterator[Batch]:
        for rows in torch.randperm(len(self.y), generator=self.generator).split(batch_size):
            yield self.X[rows], self.y[rows]

    def update(self, batch: Batch, learning_rate: float) -> BatchSums:
        self.updates += 1
        self.before_update(self, self.updates)
        X, y = batch
        y_hat = X @ self.w
        loss = ((y_hat - y) ** 2).sum()
        (gradient,) = torch.autograd.grad(loss, [self.w])
        with torch.no_grad():
            self.w -= learning_rate * gradient / len(y)
        self.batch_losses.append((float(loss.detach()), len(y)))
        self.batch_order.append(y.tolist())
        self.rates.append(learning_rate)
        return BatchSums(loss.detach(), (y_hat.sign() == y.sign()).sum(), len(y))

    def evaluate(self) -> Evaluation:
        with torch.no_grad():
            y_hat = self.X @ self.w
            right = (y_hat.sign() == self.y.sign()).float().mean()
            return Evaluation(float(((y_hat - self.y) ** 2).mean()), float(right))

    def fingerprint(self) -> str:
        return sha256_of({"X": self.X, "y": self.y})

    def rows(self) -> tuple[ParameterRow, ...]:
        return tuple(
            ParameterRow(f"w{i}", value, 1.0) for i, value in enumerate(self.w.tolist(), 1)
        )

    def panels(self) -> Panels:
        self.galleries += 1
        return Panels()


def tiny_settings(**changes: Setting) -> dict[str, Setting]:
    """Settings that the recipe `linear` takes: 3 updates an epoch of 4, 4 and 2 samples."""
    return {"epochs": 3, "lr": 0.05, "batch_size": 4, "seed": 0, **changes}


def tiny_order(**changes: Setting) -> TrainingOrder:
    """The recipe `linear` with these settings; `paused` and `resume` go into the order."""
    paused, resume = (bool(changes.pop(name, False)) for name in ("paused", "resume"))
    settings = tiny_settings(**changes)
    return TrainingOrder(find_recipe("linear"), settings, paused=paused, resume=resume)


def load(recipe: str, settings: Mapping[str, Setting], source: Source) -> Task:
    """The task of the recipe called so."""
    return load_task(TrainingOrder(find_recipe(recipe), settings, source))


def tiny_run(task: TinyTask | None = None, **changes: Setting) -> TrainingRun:
    """A new run of a tiny task, with a clock that stands still."""
    settings = tiny_settings(**changes)
    task = task or TinyTask(int(settings["seed"]))
    return TrainingRun(task, "linear", settings, FakeClock())


def advance(run: TrainingRun, updates: int) -> None:
    """Make so many updates, as a process does that is ended afterwards."""
    for _, _ in zip(range(updates), train(run), strict=False):
        pass


class FakeClock:
    """Seconds that only pass when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Ear:
    """Keeps the events of a session, and waits for the one that a test needs."""

    def __init__(self) -> None:
        self._events: queue.Queue[StateChanged] = queue.Queue()
        self.states: list[SessionState] = []

    def __call__(self, event: StateChanged) -> None:
        self._events.put(event)

    def wait_for(self, state: SessionState) -> StateChanged:
        """The next event with `state`; raises queue.Empty where none comes in time."""
        while True:
            event = self._events.get(timeout=TIMEOUT)
            self.states.append(event.state)
            if event.state is state:
                return event


def loader(task: Task) -> Loader:
    """A loader for TrainingSession that always gives `task`."""
    return lambda order: task
