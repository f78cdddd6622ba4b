"""Lab: one to four workers share a batch, beside one model that has the whole batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from textual.app import ComposeResult
from textual.binding import Binding
from textual.geometry import Size
from textual.widgets import Static

from engine.errors import UserError
from engine.labs.workers import (
    BATCHES,
    EVEN,
    MOST_UPDATES,
    MOST_WORKERS,
    UNEVEN,
    Mistake,
    Moment,
    Settings,
    read_settings,
    update_of,
)
from engine.language import _
from tui.labs import workers_words as words
from tui.labs.base import following
from tui.labs.registry import LabEntry
from tui.labs.two_views import TwoViewsLab
from tui.widgets.chart import Chart, Series

MANY = 25
"""Updates that one key makes."""
TALL = 28
"""Rows of the lab from which it shows table and chart together."""


class WorkersLab(TwoViewsLab):
    """Deal, forward and backward, all-reduce, update: step by step, right or with a mistake."""

    HOW = _("Press tab, then ⟨→|workers.step⟩ for a step.")
    KEYS = _(
        "⟨→|workers.step⟩ ⟨←|workers.back⟩ step · ⟨n|workers.update⟩ update · ⟨f|workers.many⟩ "
        "25 updates · ⟨1|workers.1⟩…⟨4|workers.4⟩ workers · ⟨b|workers.batch⟩ batch · "
        "⟨u|workers.uneven⟩ last batch · ⟨m|workers.mistake⟩ mistake · ⟨v|workers.view⟩ chart · "
        "⟨r|workers.reset⟩ reset"
    )

    KEEPS = ("moment", "shows_chart")
    BINDINGS = [
        Binding("right", "step", _("Step"), id="workers.step", key_display="→",
                tooltip=_("Show the next step")),
        Binding("left", "back", _("Back"), id="workers.back", key_display="←",
                tooltip=_("Show the step before")),
        Binding("n", "updates(1)", _("Update"), id="workers.update",
                tooltip=_("Finish this update, and begin the next one")),
        Binding("f", "updates(25)", _("25 updates"), id="workers.many",
                tooltip=_("Make 25 updates at once")),
        *(
            Binding(str(count), f"workers({count})", _("Workers"), id=f"workers.{count}",
                    show=False, tooltip=_("Share the batch among {count}; starts again").format(
                        count=count))
            for count in range(1, MOST_WORKERS + 1)
        ),
        Binding("b", "batch", _("Batch"), id="workers.batch", show=False,
                tooltip=_("Use another batch size: {sizes}; starts again").format(
                    sizes=", ".join(map(str, BATCHES)))),
        Binding("u", "uneven", _("Last batch"), id="workers.uneven", show=False,
                tooltip=_("Leave a smaller last batch, or none; starts again")),
        Binding("m", "mistake", _("Mistake"), id="workers.mistake",
                tooltip=_("Switch the next mistake on, and the last one off; starts again")),
        Binding("v", "view", _("Chart"), id="workers.view",
                tooltip=_("Show the numbers, or how far the weights are apart")),
        Binding("r", "reset", _("Reset"), id="workers.reset", show=False,
                tooltip=_("Go back to the start, without a mistake")),
    ]  # fmt: skip

    DEFAULT_CSS = """
    WorkersLab { height: 75vh; min-height: 18; max-height: 34; }
    WorkersLab > #chart { display: none; height: 1fr; min-height: 8; }
    WorkersLab.-chart > #chart { display: block; }
    WorkersLab.-chart > .numbers { display: none; }
    WorkersLab.-tall > #chart, WorkersLab.-tall > .numbers { display: block; }
    WorkersLab > #phase { color: $primary; }
    WorkersLab > #result { margin: 1 0 0 0; }
    WorkersLab > #note { min-height: 2; color: $text-muted; }
    """

    def __init__(self, options: Mapping[str, str]) -> None:
        super().__init__(options)
        settings = Settings()
        try:
            settings = read_settings(dict(options))
        except UserError as error:
            self.trouble = str(error)
        self.begun = settings
        self.moment = Moment(settings)
        self.shows_chart = False

    def compose(self) -> ComposeResult:
        """The state, the table, what is sent, the results, the chart, the note."""
        yield Static(id="state")
        yield Static(id="phase", classes="numbers")
        yield Static(id="table", classes="numbers")
        yield Static(id="sent", classes="numbers")
        yield Static(id="bytes", classes="numbers")
        yield Chart(_("weights apart, log"), _("update"), "", id="chart")
        yield Static(id="result")
        yield Static(id="note", markup=False)

    def holds_both(self, size: Size) -> bool:
        """Whether there is room for table and chart."""
        return size.height >= TALL

    # What the keys do

    def action_step(self) -> None:
        """The next step."""
        self._take(self.moment.forward())

    def action_back(self) -> None:
        """The step before."""
        self._take(self.moment.back())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """At the ends the keys that lead beyond are greyed out."""
        if action in ("step", "updates") and not self.moment.can_go_on:
            return None
        if action == "back" and not self.moment.can_go_back:
            return None
        return True

    def refused(self, action: str) -> None:
        """Say why there is nothing after or before."""
        if action == "back":
            self.say(_("This is the start. ⟨→|workers.step⟩ shows the next step."))
        else:
            text = _(
                "{count} updates are the most of this lab. ⟨r|workers.reset⟩ goes back to the "
                "start."
            )
            self.say(text.format(count=MOST_UPDATES))

    def action_updates(self, count: int) -> None:
        """Some updates, to their end."""
        self._take(self.moment.on(count))

    def action_workers(self, count: int) -> None:
        """Share the batch among so many."""
        self._set(replace(self.moment.settings, workers=count))

    def action_batch(self) -> None:
        """Another batch size."""
        batch = following(self.moment.settings.batch, BATCHES)
        self._set(replace(self.moment.settings, batch=batch))

    def action_uneven(self) -> None:
        """A smaller last batch, or none."""
        uneven = not self.moment.settings.uneven
        self._set(replace(self.moment.settings, uneven=uneven))
        last = UNEVEN % self.moment.settings.batch
        self.say(
            _("{samples} samples now: the last batch of each pass has {last}.").format(
                samples=UNEVEN, last=last
            )
            if uneven
            else _("{samples} samples now: all batches are full.").format(samples=EVEN)
        )

    def action_mistake(self) -> None:
        """The next mistake."""
        mistake = following(self.moment.settings.mistake, Mistake)
        self._set(replace(self.moment.settings, mistake=mistake))
        if mistake is Mistake.PLAIN_MEAN and not self.moment.settings.uneven:
            self.say(
                _(
                    "With shares of one size it does no harm: ⟨u|workers.uneven⟩ "
                    "leaves a smaller last batch."
                )
            )

    def switch_view(self) -> None:
        """Show the numbers, or the chart."""
        self.shows_chart = not self.shows_chart
        self.show()

    def action_reset(self) -> None:
        """Go back to the start."""
        self._take(Moment(replace(self.moment.settings, mistake=Mistake.NONE)))

    def _set(self, settings: Settings) -> None:
        self._take(Moment(settings))

    def _take(self, moment: Moment) -> None:
        self.moment, self.trouble = moment, ""
        self.show()
        self.say("")

    # What is shown

    def show(self) -> None:
        """The moment, and the way to it."""
        moment = self.moment
        self.set_class(self.shows_chart, "-chart")
        self.put("state", words.state_line(moment))
        self.put("phase", words.phase_line(moment))
        self.put("table", words.table(moment))
        self.put("sent", words.sent_line(moment))
        self.put("bytes", words.bytes_line(moment))
        self.put("result", words.result_line(moment))
        self._draw()
        self.refresh_bindings()

    def _draw(self) -> None:
        moment = self.moment
        made = [update_of(moment.settings, number) for number in range(moment.number + 1)]
        steps = tuple(float(number) for number in range(len(made)))
        from_one = tuple(update.apart for update in made)
        series = [Series(_("from one model"), steps, from_one, "primary", "", line=True)]
        if moment.settings.mistake is Mistake.STARTS:
            spread = tuple(update.spread for update in made)
            title = _("worker from worker")
            series.append(Series(title, steps, spread, "error", "▪", line=True))
        self.query_one(Chart).set_series(series, log=True)


LAB = LabEntry(
    WorkersLab,
    options={
        "workers": "how many share the batch: 1, 2, 3 or 4",
        "batch": "samples of the whole batch: 8, 12 or 24",
        "last": "even or uneven: whether the last batch is as large as the others",
        "mistake": "none, plain-mean, twice, shuffles or starts",
    },
)
