"""A training that is stepped by hand, and a small application around it."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widgets import Input, Static

import tui
from engine.training.order import TrainingOrder
from engine.training.runs import RunStore
from engine.training.snapshot import (
    Curve,
    EpochMetrics,
    ParameterRow,
    PredictedImage,
    SessionState,
    Snapshot,
)
from tui.themes import ThemedApp

STYLES = Path(tui.__file__).parent / "styles"
CLASSES = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Ankle boot")


class FakeSession:
    """Implements `engine.training.events.Session`; notes what it is asked for."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.started: list[TrainingOrder] = []
        self.learning_rates: list[float] = []
        self._snapshot = Snapshot()
        self.is_closed = False

    @property
    def snapshot(self) -> Snapshot:
        return self._snapshot

    def publish(self, snapshot: Snapshot) -> None:
        """Replace the snapshot, with the next revision."""
        self._snapshot = replace(snapshot, revision=self._snapshot.revision + 1)

    def change(self, **changes: object) -> None:
        """Publish the present snapshot with other values in some fields."""
        self.publish(replace(self._snapshot, **changes))  # type: ignore[arg-type]  # by name

    def start(self, order: TrainingOrder) -> None:
        self.calls.append("resume from checkpoint" if order.resume else "start")
        self.started.append(order)
        self.publish(
            Snapshot(
                state=SessionState.LOADING,
                recipe=order.recipe.name,
                settings=MappingProxyType(dict(order.settings)),
                epochs=int(order.settings["epochs"]),
            )
        )

    def pause(self) -> None:
        self.calls.append("pause")

    def resume(self) -> None:
        self.calls.append("resume")

    def step(self) -> None:
        self.calls.append("step")

    def run_epoch(self) -> None:
        self.calls.append("run_epoch")

    def stop(self) -> None:
        self.calls.append("stop")

    def forget(self) -> None:
        if not self._snapshot.state.is_active:
            self.calls.append("forget")
            self.publish(Snapshot())

    def set_learning_rate(self, value: float) -> None:
        self.learning_rates.append(value)

    def close(self, timeout: float = 5.0) -> bool:
        self.is_closed = True
        return True


class HostApp(ThemedApp[None]):
    """Owns a `FakeSession` and shows one screen or widget; never looks by itself."""

    CSS_PATH = [
        STYLES / f"{name}.tcss" for name in ("training", "data_choice", "confirm", "export")
    ]

    def __init__(self, *shown: Screen[None] | Static, theme: str = "dltutor-dark") -> None:
        super().__init__()
        self.animation_level = "none"
        self.data_dir: Path | None = None
        self.refresh_rate = 0.0
        self.is_seen = True
        self.fake = FakeSession()
        self.runs = RunStore()
        self.race_status = ""
        self._to_show = shown
        self._wanted_theme = theme

    @property
    def session(self) -> FakeSession:
        return self.fake

    @property
    def has_session(self) -> bool:
        return True

    def compose(self) -> ComposeResult:
        yield Static("the screen below")

    def on_mount(self) -> None:
        self.theme = self._wanted_theme
        for shown in self._to_show:
            if isinstance(shown, Screen):
                self.push_screen(shown)
            else:
                self.screen.mount(shown)

    def start_training(self, order: TrainingOrder) -> None:
        self.fake.start(order)

    def start_race(self, order: TrainingOrder, *, best: bool = False) -> None:
        self.fake.calls.append("race at best rates" if best else "race")

    def device_names(self) -> tuple[str, ...]:
        return ("cpu", "cuda:0")


def still(app: App[None]) -> None:
    """Stop every cursor on the screen from blinking."""
    for field in app.screen.query(Input):
        field.cursor_blink = False


def image(label: int, predicted: int, probability: float = 0.8) -> PredictedImage:
    """A 28×28 picture of rings whose shape depends on the label."""
    y, x = np.mgrid[0:28, 0:28] - 13.5
    rings = np.sin(np.hypot(x, y * (1 + label / 4)) / (1.5 + label / 3)) ** 2
    inside = (np.hypot(x, y) < 12).astype(np.float64)
    return PredictedImage((255 * rings * inside).astype(np.uint8), label, predicted, probability)


def losses(count: int, start: float, floor: float) -> Curve:
    """A falling curve with a wave on it, the same every time."""
    steps = tuple(range(1, count + 1))
    fall = count / 3
    values = tuple(
        floor + (start - floor) * math.exp(-step / fall) * (1 + 0.2 * math.sin(step * 1.7))
        for step in steps
    )
    return Curve(steps, values, values, values, (1,) * count)


def softmax_running(epochs: int = 3) -> Snapshot:
    """A softmax regression in its epoch `epochs` + 1 of 10."""
    measured = tuple(
        EpochMetrics(
            epoch=epoch,
            step=235 * epoch,
            train_loss=0.4 + 0.6 / epoch,
            train_accuracy=0.86 - 0.12 / epoch,
            during_loss=0.4 + 0.9 / epoch,
            during_accuracy=0.86 - 0.2 / epoch,
            test_loss=0.43 + 0.6 / epoch,
            test_accuracy=0.84 - 0.13 / epoch,
            seconds=0.13 * epoch,
            samples_per_second=451_000.0,
        )
        for epoch in range(1, epochs + 1)
    )
    begin = EpochMetrics(0, 0, 2.31, 0.1, 2.32, 0.09, 0.0, 0.0)
    return Snapshot(
        state=SessionState.RUNNING,
        recipe="softmax",
        settings=MappingProxyType({"epochs": 10, "lr": 0.1, "batch_size": 256, "seed": 0}),
        device="cpu",
        dataset="Fashion-MNIST",
        train_samples=60_000,
        test_samples=10_000,
        epoch=epochs,
        epochs=10,
        step=235 * epochs + 100,
        total_steps=2350,
        seconds=0.5,
        samples_per_second=451_000.0,
        seconds_left=12.3,
        losses=losses(235 * epochs + 100, 2.3, 0.5),
        measured=(begin, *measured),
        gallery=tuple(
            image(label, label if label % 3 else (label + 4) % 6, 0.5 + label / 20)
            for label in (0, 1, 2, 3, 4, 5, 1, 2)
        ),
        classes=CLASSES,
    )


def linear_finished() -> Snapshot:
    """A linear regression after its 5 epochs."""
    measured = tuple(
        EpochMetrics(
            epoch=epoch,
            step=100 * epoch,
            train_loss=10.0 ** (1 - epoch),
            train_accuracy=None,
            during_loss=3 * 10.0 ** (1 - epoch),
            test_loss=1.1 * 10.0 ** (1 - epoch),
            test_accuracy=None,
            seconds=0.02,
            samples_per_second=50_000.0,
        )
        for epoch in range(1, 6)
    )
    return Snapshot(
        state=SessionState.FINISHED,
        recipe="linear",
        settings=MappingProxyType({"epochs": 5, "lr": 0.03, "batch_size": 10, "seed": 0}),
        device="cpu",
        dataset="Synthetic linear data",
        synthetic=True,
        train_samples=1000,
        epoch=5,
        epochs=5,
        step=500,
        total_steps=500,
        seconds=0.1,
        samples_per_second=50_000.0,
        losses=losses(500, 14.0, 5e-5),
        measured=(EpochMetrics(0, 0, 16.0, None, 17.0, None, 0.0, 0.0), *measured),
        parameters=(
            ParameterRow("w[0]", 1.999512, 2.0),
            ParameterRow("w[1]", 3.400213, 3.4),
            ParameterRow("b", 4.2, None),
        ),
    )
