"""Lab: the synthetic data of linear regression, each feature against the label, and all in 3-D."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from engine.labs.scatter import View, scaled
from engine.language import _
from tui.background import in_background
from tui.labs.base import Lab, reason
from tui.labs.registry import LabEntry
from tui.widgets.chart import Chart, Series
from tui.widgets.cloud import Cloud

WIDE = 100
"""Width of the terminal from which the charts are side by side."""
LARGER = 1.25
"""How much farther than the axes the outermost points of the cloud are."""


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
    """Two charts, the features against the label; or one cloud of points that can be turned."""

    KEEPS = ("seed", "view", "in_space")
    BINDINGS = [
        Binding(
            "n",
            "sample",
            _("New sample"),
            id="scatter.sample",
            tooltip=_("Generate new data with the next seed"),
        ),
        Binding("v", "view", _("View"), id="scatter.view",
                tooltip=_("Switch between two charts and one cloud in 3-D")),
        Binding("left", "turn(-1, 0)", _("Turn ←"), id="scatter.left", key_display="←",
                show=False, tooltip=_("Look at the cloud from farther left")),
        Binding("right", "turn(1, 0)", _("Turn →"), id="scatter.right", key_display="→",
                show=False, tooltip=_("Look at the cloud from farther right")),
        Binding("up", "turn(0, 1)", _("Turn ↑"), id="scatter.up", key_display="↑",
                show=False, tooltip=_("Look at the cloud from higher up")),
        Binding("down", "turn(0, -1)", _("Turn ↓"), id="scatter.down", key_display="↓",
                show=False, tooltip=_("Look at the cloud from lower down")),
        Binding("r", "reset", _("Reset"), id="scatter.reset", show=False,
                tooltip=_("Turn the cloud back to the start")),
    ]  # fmt: skip

    DEFAULT_CSS = """
    ScatterLab > #charts { layout: vertical; height: 18; }
    ScatterLab.-wide > #charts { layout: horizontal; height: 22; }
    ScatterLab > #space { height: 18; }
    ScatterLab.-wide > #space { height: 22; }
    ScatterLab.-full > #charts, ScatterLab.-full > #space { height: 1fr; }
    ScatterLab #where { height: 1; text-style: bold; }
    ScatterLab > #note { height: 1; }
    """

    def __init__(self, options: Mapping[str, str]) -> None:
        super().__init__(options)
        self.seed = 0
        self.sample: Sample | None = None
        self.view = View()
        self.in_space = False
        """Whether the cloud is shown instead of the charts."""

    def compose(self) -> ComposeResult:
        """Both charts, the cloud, and the note."""
        with Horizontal(id="charts"):
            for number in (1, 2):
                yield Chart(
                    _("feature {number} against y").format(number=number),
                    _("feature {number}").format(number=number),
                    "y",
                    id=f"feature-{number}",
                )
        with Vertical(id="space"):
            yield Static(id="where", markup=False)
            yield Cloud(("x₁", "x₂", "y"), id="cloud")
        yield Static(id="note", markup=False)

    def on_mount(self) -> None:
        """Generate the first sample."""
        self.query_one("#space").display = False
        self._ask()

    def on_resize(self, event: events.Resize) -> None:
        """Put the charts side by side where there is room."""
        self.set_class(self.screen.size.width >= WIDE, "-wide")

    def action_sample(self) -> None:
        """Generate data with the next seed."""
        self.seed += 1
        self._ask()

    def action_view(self) -> None:
        """Show the cloud instead of the charts, or the other way round."""
        self.in_space = not self.in_space
        self.query_one("#charts").display = not self.in_space
        self.query_one("#space").display = self.in_space
        self.say("")

    def action_turn(self, right: int, up: int) -> None:
        """Turn the cloud, where it is shown."""
        if not self.in_space:
            self.say(_("The charts cannot be turned. Press ⟨v|scatter.view⟩ for the cloud in 3-D."))
            return
        self.view = self.view.turned(right, up)
        self._show_cloud()

    def action_reset(self) -> None:
        """Turn the cloud back to the start."""
        self.view = View()
        self._show_cloud()

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
        self._show_cloud()

    def _show_cloud(self) -> None:
        """Draw the cloud as it is seen from the chosen side."""
        view, sample = self.view, self.sample
        self.put(
            "where",
            _("x₁, x₂ and y   seen from {azimuth}° around, {elevation}° up").format(
                azimuth=view.azimuth, elevation=view.elevation
            ),
        )
        if sample is not None:
            columns = (*sample.features, sample.labels)
            farthest = float(np.abs(sample.features).max())
            limits = ((-farthest, farthest),) * 2 + ((min(sample.labels), max(sample.labels)),)
            points = LARGER * scaled(columns, limits)
            self.query_one("#cloud", Cloud).set_points(points, view)

    def marked_hint(self) -> str:
        """Which data is shown, and what can be done."""
        if self.sample is None:
            return _("seed {seed} · computing…").format(seed=self.seed)
        count = len(self.sample.labels)
        if not self.has_keys:
            return _(
                "seed {seed} · {count} samples · tab, then ⟨n|scatter.sample⟩ new data · "
                "⟨v|scatter.view⟩ 3-D"
            ).format(seed=self.seed, count=count)
        if self.in_space:
            return _(
                "seed {seed} · {count} samples · ⟨←|scatter.left⟩ ⟨→|scatter.right⟩ "
                "⟨↑|scatter.up⟩ ⟨↓|scatter.down⟩ turn · ⟨r|scatter.reset⟩ reset · "
                "⟨v|scatter.view⟩ charts"
            ).format(seed=self.seed, count=count)
        return _(
            "seed {seed} · {count} samples · ⟨n|scatter.sample⟩ new data · ⟨v|scatter.view⟩ 3-D"
        ).format(seed=self.seed, count=count)


LAB = LabEntry(ScatterLab)
