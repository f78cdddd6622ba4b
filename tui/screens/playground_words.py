"""What the playground says of a run: its losses as a curve and in numbers, its scale, its state."""

from __future__ import annotations

from typing import TypeAlias

from textual.content import Content

from engine.language import _, plural
from engine.playground.features import FEATURES
from engine.playground.points import Points
from engine.playground.run import Frame
from engine.playground.runner import Runner
from engine.playground.settings import OWN, RANDOM, Settings
from tui.math import cell_width
from tui.widgets.chart import Series
from tui.widgets.clickable import clickable
from tui.widgets.coded import coded
from tui.widgets.diverging import STEPS, rgb, sign_of
from tui.widgets.play_ink import SOFT

SCALE = 12
"""Cells of the scale of colours."""
GAP = "  "
"""Between two settings."""

Part: TypeAlias = str | tuple[str, str]
"""A text, or a text and how it is drawn."""


def losses(frame: Frame, steps_per_epoch: int) -> tuple[Series, Series]:
    """The losses of training and test up to a frame, over the epochs."""
    rows = [row for row in frame.rows if row.step <= frame.step]
    if rows[-1].step != frame.step:
        rows.append(frame.now)
    xs = tuple(row.step / steps_per_epoch for row in rows)
    return (
        Series(_("training"), xs, tuple(row.train_loss for row in rows), "success", "", True),
        Series(_("test"), xs, tuple(row.test_loss for row in rows), "accent", "", True),
    )


def numbers(frame: Frame, *, is_wide: bool) -> list[Part]:
    """Both losses and accuracies, and how far the run is."""
    now = frame.now
    rows = [
        (_("training"), now.train_loss, now.train_accuracy, "$series-success"),
        (_("test"), now.test_loss, now.test_accuracy, "$series-accent"),
    ]
    parts: list[Part] = []
    name_width = max(len(row[0]) for row in rows)
    for name, loss, right, hue in rows:
        parts += [(f" ━ {name:<{name_width}}", hue), _(" loss "), (_loss(loss), "bold")]
        if right is not None:
            told = _("{percent:.0f} %\N{NO-BREAK SPACE}right") if is_wide else _("{percent:.0f} %")
            parts += ["  " + told.format(percent=100 * right)]
        parts += ["\n"]
    told = _(" step {step}, epoch {epoch}").format(step=frame.step, epoch=frame.epoch)
    return [*parts, (told, "$foreground-muted"), "\n"]


def scale(points: Points, *, has_shades: bool, is_dark: bool) -> list[Part]:
    """What blue and orange mean."""
    low, high = ("−1", "+1") if points.is_regression else points.classes
    if not points.is_regression:
        low, high = _("class {name}").format(name=low), _("class {name}").format(name=high)
    parts: list[Part] = [f" {low} "]
    for place in range(SCALE + 1):
        value = 2 * place / SCALE - 1
        level = round(value * SOFT * STEPS)
        if has_shades:
            parts.append(sign_of(value * STEPS))
        else:
            parts.append(("█", "rgb({},{},{})".format(*rgb(level, is_dark))))
    return [*parts, f" {high}"]


def place(settings: Settings, width: int) -> list[str]:
    """The head of the screen in rows of `width` cells: the settings, never cut.

    The line that can be shared stands there where one row holds it, else its values in few words.
    """
    title = " " + _("Playground") + "  "
    values = _values(settings)
    few = GAP.join(values)
    # Drawn points would fill the screen. The panels say what this is where only the values fit.
    line = [] if settings.data == OWN else [title + settings.line]
    for row in (*line, title + few, " " + few):
        if cell_width(row) < width:
            return [row]
    rows = [title.rstrip()]
    for value in values:
        more = rows[-1] + GAP + value
        if cell_width(more) < width:
            rows[-1] = more
        else:
            rows.append(" " + value)
    return rows


def _values(settings: Settings) -> list[str]:
    """Each setting in few words; penalties and first weights only where they are not usual."""
    told = dict(word.split("=", 1) for word in settings.line.split())
    data = told["data"]
    if settings.data == OWN:
        data = plural("{count} drawn point", "{count} drawn points", len(settings.points))
    named = [name for name in ("l1", "l2") if told[name] != "0"] + ["batch", "noise", "train"]
    return [
        data,
        ",".join(FEATURES[name].title for name in settings.features),
        f"{told['layers']} {told['activation']}",
        f"{told['optimiser']} {told['rate']}",
        *(f"{name} {told[name]}" for name in [*named, "seed"]),
        *([f"start {settings.start}"] if settings.start != RANDOM else []),
    ]


def which_points(shown: str) -> Content:
    """Which points the surface shows, as a key to show others."""
    told = {
        "train": _("points: training"), "test": _("points: test"),
        "both": _("points: all"), "none": _("no points"),
    }[shown]  # fmt: skip
    return clickable([("⟨p|playground.points⟩", told, "screen.points")])


def drawing(count: int) -> Content:
    """How points are drawn, and how many there are."""
    told = _(
        "Drawing: arrows move, ⟨1|play_surface.one⟩ and ⟨0|play_surface.zero⟩ draw, "
        "⟨backspace|play_surface.erase⟩ erases, ⟨c|play_surface.clear⟩ clears. "
        "{count} points"
    )
    return coded(told.format(count=count))


def pace_of(runner: Runner) -> str:
    """How fast it trains."""
    pace = runner.pace
    return _("{pace:g} epochs a second").format(pace=pace) if pace else _("as fast as possible")


def going(runner: Runner) -> Content:
    """Whether it trains, and how fast."""
    told = pace_of(runner)
    trains = _("trains") if runner.is_going else _("paused")
    sign = "▶" if runner.is_going else "■"
    keys = [
        ("⟨v|playground.pace⟩", told, "screen.pace"),
        ("⟨b|playground.epoch_back⟩", _("epoch back"), "screen.epoch_back"),
        ("⟨y|playground.copy⟩", _("copy the settings"), "screen.copy"),
    ]
    return Content.assemble(f"{sign} {trains}  ", clickable(keys))


def _loss(value: float) -> str:
    """A loss in six cells."""
    return f"{value:6.4f}" if value < 10 else f"{value:6.4g}"
