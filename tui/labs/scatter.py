"""Lab: the synthetic data of linear regression, each feature against the label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widgets import Static

from engine.language import _
from tui.background import in_background
from tui.labs.base import Lab, reason
from tui.labs.registry import LabEntry
from tui.widgets.chart import Chart, Series

WIDE = 100
"""Width of the terminal from which the charts are side by side."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One synthetic data set: two features and the label of each sample."""

    seed: int
    features: tuple[tuple[float, ...], tuple[float, ...]]
    labels: tuple[float, ...]
    correlations: tuple[float, float]
    """Pearson's correlation coefficient of each feature with the label."""


def make_sample(seed: int) -> Sample:
    """The training data of the recipe `linear` for a seed. Imports torch."""
    import torch

    from engine.recipes.linear import SAMPLES, TRUE_B, TRUE_W, synthetic_data

    generator = torch.Generator().manual_seed(seed)
    X, y = synthetic_data(torch.tensor(TRUE_W), TRUE_B, SAMPLES, generator)
    first, second, labels = (column.tolist() for column in (X[:, 0], X[:, 1], y))
    correlation = np.corrcoef([first, second, labels])[2]
    return Sample(
        seed,
        (tuple(first), tuple(second)),
        tuple(labels),
        (float(correlation[0]), float(correlation[1])),
    )


class ScatterLab(Lab):
    """Two charts: the first and the second feature against the label."""

    BINDINGS = [
        Binding(
            "n",
            "sample",
            _("New sample"),
            id="scatter.sample",
            tooltip=_("Generate new data with the next seed"),
        ),
    ]

    DEFAULT_CSS = """
    ScatterLab > #charts { layout: vertical; height: 18; }
    ScatterLab.-wide > #charts { layout: horizontal; height: 22; }
    ScatterLab > #note { height: 1; }
    """

    def __init__(self, options: Mapping[str, str]) -> None:
        super().__init__(options)
        self.seed = 0
        self.sample: Sample | None = None

    def compose(self) -> ComposeResult:
        """Both charts and the note."""
        with Horizontal(id="charts"):
            for number in (1, 2):
                yield Chart(
                    _("feature {number} against y").format(number=number),
                    _("feature {number}").format(number=number),
                    "y",
                    id=f"feature-{number}",
                )
        yield Static(id="note", markup=False)

    def on_mount(self) -> None:
        """Generate the first sample."""
        self._ask()

    def on_resize(self, event: events.Resize) -> None:
        """Put the charts side by side where there is room."""
        self.set_class(self.screen.size.width >= WIDE, "-wide")

    def action_sample(self) -> None:
        """Generate data with the next seed."""
        self.seed += 1
        self._ask()

    def _ask(self) -> None:
        """Generate the data on a thread: torch takes seconds to import."""
        seed = self.seed
        self.sample, self.trouble = None, ""
        self.say("")
        in_background(self, lambda: make_sample(seed), self._made, self._failed)

    def _made(self, sample: Sample) -> None:
        """Show the sample, if it is the one that was requested last."""
        if sample.seed == self.seed:
            self.sample = sample
            self.show()
            self.say("")

    def _failed(self, error: Exception) -> None:
        self.trouble = _("The data cannot be generated: {reason}.").format(reason=reason(error))
        self.say("")

    def show(self) -> None:
        """Draw the sample, if there is one."""
        sample = self.sample
        if sample is None:
            return
        farthest = float(np.ceil(np.abs(sample.features).max()))
        lowest, highest = float(np.floor(min(sample.labels))), float(np.ceil(max(sample.labels)))
        pairs = zip(sample.features, sample.correlations, strict=True)
        for number, (xs, correlation) in enumerate(pairs, start=1):
            chart = self.query_one(f"#feature-{number}", Chart)
            chart.set_title(
                _("feature {number} against y   correlation {correlation}").format(
                    number=number, correlation=f"{correlation:+.4f}"
                )
            )
            chart.set_series(
                [Series("y", xs, sample.labels, cloud=True)],
                x_limits=(-farthest, farthest),
                y_limits=(lowest, highest),
            )

    def hint(self) -> str:
        """Which data is shown, and what can be done."""
        if self.sample is None:
            return _("seed {seed} · computing…").format(seed=self.seed)
        return _("seed {seed} · {count} samples · n new data").format(
            seed=self.seed, count=len(self.sample.labels)
        )


LAB = LabEntry(ScatterLab)
