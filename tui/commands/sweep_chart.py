"""The charts of `dltutor sweep`, printed as text."""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Size

from engine.language import _, plural
from engine.training.grid import Point, judge
from engine.training.hyperparameters import SettingKind
from engine.training.rate_finder import RateSweep
from engine.training.recipe import Recipe
from tui.columns import left
from tui.math.width import cell_width
from tui.widgets.chart import Drawing, Series, draw
from tui.widgets.marks import MARKS
from tui.widgets.rate_chart import rate_series
from tui.widgets.spread import spread_series

HEIGHT = 18
WIDEST = 120
WIDE_RANGE = 10.0
"""Values that span more than this factor are drawn on a log scale."""


def charts(recipe: Recipe, found: Sequence[Point], varied: Sequence[str], width: int) -> list[str]:
    """The figure after every epoch, and, where one number varies, at the end against it."""
    figure = judge(found)
    name = {
        "test_loss": _("test loss"),
        "test_accuracy": _("test accuracy"),
        "validation_loss": _("validation loss"),
        "validation_accuracy": _("validation accuracy"),
    }[figure]
    return [
        *_against(recipe, found, varied, figure, name, width),
        *_along(recipe, found, varied, figure, name, width),
    ]


def _along(
    recipe: Recipe, found: Sequence[Point], varied: Sequence[str], figure: str, name: str,
    width: int,
) -> list[str]:  # fmt: skip
    from tui.commands.sweep_output import setting_label

    drawn = [point for point in found if point.along(figure)]
    if not drawn:
        return []
    shown = drawn[: len(MARKS)]
    series = [
        spread_series(setting_label(recipe, dict(point.settings), varied), point.along(figure), at)
        for at, point in enumerate(shown)
    ]
    title = _("{figure} after every epoch, mean and range over the seeds").format(figure=name)
    if len(drawn) > len(shown):
        more = plural("the first {count} setting", "the first {count} settings", len(shown))
        title += f" ({more})"
    drawing = Drawing(_("epoch"), name, tuple(series), log=_is_wide(series))
    return ["", *printed(title, drawing, width)]


def _against(
    recipe: Recipe, found: Sequence[Point], varied: Sequence[str], figure: str, name: str,
    width: int,
) -> list[str]:  # fmt: skip
    """The figure at the end against the one setting that varies, if that is a number."""
    if len(varied) != 1 or len(found) < 3:
        return []
    setting = recipe.hyperparameter(varied[0])
    if setting.kind is SettingKind.CHOICE:
        return []
    known = [(float(point.settings[setting.name]), point.spread(figure)) for point in found]
    along = sorted((x, one) for x, one in known if one is not None)
    if len(along) < 2:
        return []
    xs = [x for x, _one in along]
    series = spread_series(name, along, 0)
    title = _("{figure} against {setting}, mean and range over the seeds").format(
        figure=name, setting=setting.label
    )
    log_x = min(xs) > 0 and max(xs) / min(xs) >= WIDE_RANGE
    drawing = Drawing(
        setting.label, name, (series,), log=_is_wide([series]) and "loss" in figure, log_x=log_x
    )
    return ["", *printed(title, drawing, width)]


def _is_wide(series: Sequence[Series]) -> bool:
    values = [y for one in series for y in one.ys]
    return min(values) > 0 and max(values) / min(values) > WIDE_RANGE


def rate_chart(found: RateSweep, width: int) -> list[str]:
    """The loss against the rate."""
    series = rate_series(found)
    drawing = Drawing(_("learning rate"), _("loss"), series, log=_is_wide(series[:1]), log_x=True)
    return printed(_("loss against the learning rate"), drawing, width)


def printed(title: str, drawing: Drawing, width: int) -> list[str]:
    """A chart as text, with a legend below its title."""
    width = min(width, WIDEST)
    lines, row = [title], ""
    for one in drawing.series:
        entry = f"{one.sign} {one.name}"
        if row and cell_width(row) + 3 + cell_width(entry) > width:
            lines.append(row)
            row = ""
        row += left("", 3) + entry if row else entry
    lines.append(row)
    rows = draw(drawing, Size(width, HEIGHT))
    return lines + ["".join(text for text, _role in line).rstrip() for line in rows]
