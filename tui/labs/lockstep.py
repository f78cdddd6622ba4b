"""Lab: versions of one model trained in lockstep; a planted slip makes one part from the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from engine.errors import UserError
from engine.labs.lockstep import RECIPES, STEPS, Runner, read_options, short_names
from engine.language import _
from engine.naming import Shown
from engine.training.lockstep import LockstepStep, Precision, Slip, verdict
from tui.background import after_refresh, in_background
from tui.columns import in_column, right
from tui.labs.base import Lab, following, sentence
from tui.labs.registry import LabEntry
from tui.widgets.chart import ROLES, Chart, Series
from tui.widgets.gradient_table import tiny_text

CHUNK = 10
"""Steps between two updates of the screen."""
FEW_ROWS, MANY_ROWS, TALL = 3, 8, 24
"""Steps that the table shows, and the height of the lab from which it shows many."""
_SLIPS = {
    Slip.RATE: _("rate 1 % too large"),
    Slip.DIVIDE_TWICE: _("loss divided twice"),
    Slip.SKIP: _("one update left out"),
}


class LockstepLab(Lab):
    """Trains versions of one model from the same start on the same batches, and compares them."""

    PAUSE: ClassVar[float] = 0.25
    """Seconds between two updates, so that a slow connection can keep up."""

    BINDINGS = [
        Binding("s", "start", _("Start/pause"), id="lockstep.start",
                tooltip=_("Start or pause the steps")),
        Binding("right,n", "one", _("One step"), id="lockstep.one", key_display="→",
                tooltip=_(
                    "Make one step in all versions; after ⟨←|lockstep.back⟩, go forward again")),
        Binding("left", "back", _("Back"), id="lockstep.back", key_display="←", show=False,
                tooltip=_("Look at the step before")),
        Binding("p", "slip", _("Plant a slip"), id="lockstep.slip",
                tooltip=_("Plant a mistake in one version; again for the next, then none")),
        Binding("v", "version", _("Version"), id="lockstep.version",
                tooltip=_("Choose the version to plant the mistake in")),
        Binding("b", "precision", _("Bits"), id="lockstep.precision",
                tooltip=_("Compute in 64 bits, or in 32 bits as in training; starts again")),
        Binding("r", "reset", _("Reset"), id="lockstep.reset",
                tooltip=_("Go back to the start, without a slip")),
    ]  # fmt: skip

    DEFAULT_CSS = """
    LockstepLab {
        height: 80vh;
        min-height: 18;
        max-height: 32;
    }
    LockstepLab > #charts { height: 1fr; }
    LockstepLab Chart { margin: 0 1 0 0; }
    """

    def __init__(self, options: Mapping[str, str]) -> None:
        super().__init__(options)
        self.names, self.total = RECIPES, STEPS
        try:
            self.names, self.total = read_options(options)
        except UserError as error:
            self.trouble = str(error)
        self.titles = short_names(self.names)
        self.steps: list[LockstepStep] = []
        self.slip: Slip | None = None
        self.slipping = len(self.names) - 1
        """The version to plant a slip in."""
        self.precision = Precision.FLOAT64
        self.running = False
        self.behind = 0
        """How many of the last steps are hidden because the learner looks back."""
        self.busy = False
        """Whether a thread is making steps."""
        self._anew = False
        """Whether the next steps start from the beginning."""
        self._runner: Runner | None = None

    def compose(self) -> ComposeResult:
        """The state, both charts, the last steps, the verdict and the note."""
        yield Static(id="state", markup=False)
        with Horizontal(id="charts"):
            yield Chart(_("loss, log"), _("step"), "", id="losses")
            yield Chart(_("difference, log"), _("step"), "", id="difference")
        yield Static(id="table")
        yield Static(id="verdict")
        yield Static(id="note", markup=False)

    def on_mount(self) -> None:
        """Get ready; the data is loaded when the steps start."""
        self._make_runner()

    def on_resize(self) -> None:
        """Show as many rows as the new height has room for."""
        after_refresh(self, self.show)

    @property
    def seen(self) -> list[LockstepStep]:
        """The steps up to the one that the learner looks at."""
        return self.steps[: len(self.steps) - self.behind]

    @property
    def done(self) -> int:
        """Steps made so far."""
        return self.steps[-1].step if self.steps else 0

    # What the keys do

    def action_start(self) -> None:
        """Start or pause."""
        if self.done >= self.total:
            self._say_finished()
            return
        self.running = not self.running
        self.trouble, self.behind = "", 0
        self.say("")
        self.show()
        if self.running and not self.busy:
            self._advance(CHUNK)

    def action_one(self) -> None:
        """One step, while paused."""
        if self.running or self.busy:
            self.say(_("The steps are running. ⟨s|lockstep.start⟩ pauses them."))
        elif self.behind:
            self.behind -= 1
            self.say("")
            self.show()
        elif self.done >= self.total:
            self._say_finished()
        else:
            self.trouble = ""
            self._advance(1)

    def action_back(self) -> None:
        """Look at the step before; the trainings themselves stay where they are."""
        if self.running or self.busy:
            self.say(_("The steps are running. ⟨s|lockstep.start⟩ pauses them."))
        elif self.behind >= len(self.steps):
            self.say(_("There is no step before this one."))
        else:
            self.behind += 1
            self.say("")
            self.show()

    def _say_finished(self) -> None:
        self.say(
            _("All {count} steps are done. ⟨r|lockstep.reset⟩ goes back to the start.").format(
                count=self.total
            )
        )

    def action_slip(self) -> None:
        """Choose the next mistake, or none."""
        self.slip = following(self.slip, [None, *Slip])
        self.show()

    def action_version(self) -> None:
        """Choose the next version to plant it in."""
        self.slipping = (self.slipping + 1) % len(self.names)
        self.show()

    def action_reset(self) -> None:
        """Back to the start."""
        self.running, self._anew = False, True
        self.steps, self.slip, self.trouble, self.behind = [], None, "", 0
        self.say("")
        self.show()

    def action_precision(self) -> None:
        """Switch between 64 and 32 bits."""
        is_wide = self.precision is Precision.FLOAT64
        self.precision = Precision.FLOAT32 if is_wide else Precision.FLOAT64
        self.action_reset()
        self._make_runner()

    # The steps, on a thread

    def _make_runner(self) -> None:
        self._runner = Runner(self.names, self.data_dir, self.precision)

    def _advance(self, count: int) -> None:
        runner = self._runner
        assert runner is not None, "the lab is mounted"
        count = min(count, self.total - self.done)
        slips = {self.names[self.slipping]: self.slip} if self.slip else {}
        anew, self._anew, self.busy = self._anew, False, True
        asked = (self.slip, self.slipping)
        self.show()
        in_background(
            self,
            lambda: runner.advance(count, slips, anew=anew),
            lambda result: self._advanced(asked, *result),
            self._failed,
        )

    def _advanced(
        self,
        asked: tuple[Slip | None, int],
        made: list[LockstepStep],
        left: Mapping[str, Slip],
    ) -> None:
        self.busy = False
        if not self._anew:  # otherwise it was reset in the meantime
            self.steps += made
            if not left and asked == (self.slip, self.slipping):
                self.slip = None  # it was a slip in a single step
            parts_now = bool(made) and made[-1].first_apart is made[-1]
            if parts_now or self.done >= self.total:
                self.running = False
        self.say("")
        self.show()
        if self.running:
            self.set_timer(self.PAUSE, self._go_on)

    def _go_on(self) -> None:
        if self.running and not self.busy:
            self._advance(CHUNK)

    def _failed(self, error: Exception) -> None:
        self.busy, self.running = False, False
        if self._anew:
            self.show()
            return
        self._anew = True
        self.trouble = sentence(error, _("The steps failed"))
        self.show()
        self.say("")

    # What is shown

    def marked_hint(self) -> str:
        if not self.has_keys:
            return _("Press tab, then ⟨s|lockstep.start⟩ to start the steps.")
        if self.running:
            return _(
                "⟨s|lockstep.start⟩ pause · ⟨p|lockstep.slip⟩ plant a slip · "
                "⟨v|lockstep.version⟩ in which version · ⟨b|lockstep.precision⟩ bits · "
                "⟨r|lockstep.reset⟩ reset"
            )
        if self.done >= self.total:
            return _(
                "⟨r|lockstep.reset⟩ back to the start · ⟨p|lockstep.slip⟩ plant a slip · "
                "⟨v|lockstep.version⟩ in which version"
            )
        return _(
            "⟨s|lockstep.start⟩ start · ⟨→|lockstep.one⟩ ⟨←|lockstep.back⟩ one step · "
            "⟨p|lockstep.slip⟩ plant a slip · ⟨v|lockstep.version⟩ in which · "
            "⟨b|lockstep.precision⟩ bits · ⟨r|lockstep.reset⟩ reset"
        )

    def show(self) -> None:
        self.put("state", self._state())
        self.put("table", self._table())
        self.put("verdict", self._verdict())
        self._draw()

    def _state(self) -> str:
        if self.busy and not self.steps:
            doing = _("loading")
        elif self.running:
            doing = _("running")
        else:
            doing = _("finished") if self.done >= self.total else _("paused")
        where = self.titles[self.slipping]
        planted = f"{where}: {_SLIPS[self.slip]}" if self.slip else _("no slip planted")
        return _("step {done}/{total} · {doing} · {bits} bits · {planted}").format(
            done=self.seen[-1].step if self.seen else 0,
            total=self.total,
            doing=doing,
            bits=self.precision.removeprefix("float"),
            planted=planted,
        )

    def _table(self) -> Content:
        """The loss of each version in the last steps, and the largest parameter difference."""
        room = self.size.width - 5 - 9
        digits = 8 if len(self.names) <= 3 else 4 if room >= 10 * len(self.names) else 3
        width = max(digits + 6, *(len(title) + 1 for title in self.titles))
        apart = max(digits + 6, *(len(title) + 2 for title in self.titles))
        if apart * len(self.names) <= room:
            width = apart  # one blank between two names is hardly seen
        rows = FEW_ROWS if self.size.height < TALL else MANY_ROWS
        parts: list[tuple[str, str]] = [(right(_("step"), 5), "$foreground-muted")]
        for number, title in enumerate(self.titles):
            parts.append((f"{title:>{width}}", f"$series-{ROLES[number]}"))
        parts.append((" " + _("apart by"), "$foreground-muted"))
        shown: list[LockstepStep | None] = [*self.seen[-rows:]]
        losses = map(
            "".join,
            zip(
                *(
                    in_column(
                        [f"{Shown(step.losses[i]):.{digits}g}" for step in self.seen[-rows:]], width
                    )
                    for i in range(len(self.names))
                ),
                strict=True,
            ),
        )
        shown += [None] * (rows - len(shown))
        for step in shown:
            if step is None:
                parts.append(("\n", ""))
                continue
            sign, style = ("✓", "") if step.gap.is_rounding else ("✗", "$text-error")
            parts.append((f"\n{step.step:>5}{next(losses)}", ""))
            parts.append((f" {tiny_text(step.gap.difference):>7}{sign}", style))
        return Content.assemble(*parts)

    def _verdict(self) -> Content:
        if not self.seen:
            return Content(_("Same parameters, same batches: do they stay together?") + "\n")
        text = verdict(self.names, self.seen[-1])
        together = self.seen[-1].is_together
        sign, style = ("✓ ", "$text-success") if together else ("✗ ", "$text-error")
        return Content.assemble((sign, style), text)

    def _draw(self) -> None:
        seen = self.seen
        xs = tuple(float(step.step) for step in seen)
        losses = [
            Series(title, xs, tuple(step.losses[i] for step in seen), ROLES[i], "", line=True)
            for i, title in enumerate(self.titles)
        ]
        gaps = tuple(step.gap.difference for step in seen)
        limits = (0.0, float(self.total))
        self.query_one("#losses", Chart).set_series(losses, log=True, x_limits=limits)
        self.query_one("#difference", Chart).set_series(
            [Series(_("largest"), xs, gaps, "error", "", line=True)], log=True, x_limits=limits
        )


LAB = LabEntry(
    LockstepLab,
    options={
        "recipes": "two to six recipes, separated by commas",
        "steps": "the number of steps to compare",
    },
)
