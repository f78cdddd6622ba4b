"""A training in a lesson as lines: what is trained, with which settings, and how it went."""

from __future__ import annotations

from collections.abc import Iterable

from engine.language import _, plural
from engine.naming import Shown
from engine.recipes.catalog import find_recipe
from engine.training.runs import KeptRun
from engine.training.snapshot import Setting
from lessons.format.document import Training
from tui.guess import verdict
from tui.page.hints import hint_pieces
from tui.page.lines import Ink, InkLine, Piece, wrap

_OF_THE_MACHINE = frozenset({"seed", "threads", "validation"})
"""Settings that say nothing about the model; they are shown only where the lesson sets them."""


def chosen(block: Training) -> dict[str, Setting]:
    """The settings that the lesson chose, read as values."""
    recipe = find_recipe(block.recipe)
    return {name: recipe.hyperparameter(name).parse(text) for name, text in block.options}


def last_run(block: Training, runs: Iterable[KeptRun]) -> KeptRun | None:
    """The first of `runs`, the latest first, that began with what the lesson chose.

    Settings that the lesson leaves alone may differ: whoever tries another rate sees that run.
    """
    wanted = chosen(block).items()
    return next((r for r in runs if wanted <= (r.started_with or r.settings).items()), None)


def own_runs(
    block: Training, all_of_lesson: Iterable[Training], runs: Iterable[KeptRun]
) -> list[KeptRun]:
    """The `runs` that belong to no training of the lesson that chooses more than `block` does.

    A run with Adam is that of the card that says so, not of the one that leaves the rule alone.
    """
    wanted = chosen(block).items()
    others = [
        chosen(one).items() for one in all_of_lesson
        if one.recipe == block.recipe and wanted < chosen(one).items()
    ]  # fmt: skip
    return [
        run for run in runs
        if not any(other <= (run.started_with or run.settings).items() for other in others)
    ]  # fmt: skip


def card(block: Training, last: KeptRun | None, width: int) -> list[InkLine]:
    """What a training does and how the last run of it ended, `width` cells wide."""
    title = find_recipe(block.recipe).title
    lines = wrap([(_("Train: {recipe}").format(recipe=title), Ink.HEADING)], width)
    lines += wrap(_settings(block), width, 2, 2)
    lines += wrap(_state(last), width, 0, 2)
    if last is not None:
        for said in verdict(last.guess, last.measured, last.epochs):
            lines += wrap([(said, Ink.PLAIN)], width, 2, 4)
    return [
        *lines,
        *wrap(
            hint_pieces(_("⟨enter|training-card.open⟩ or a click opens the training")),
            width,
            2,
            2,
        ),
    ]


def _settings(block: Training) -> list[Piece]:
    """Each setting that matters; those that the lesson chose stand out."""
    recipe = find_recipe(block.recipe)
    by_lesson = chosen(block)
    settings = recipe.settings(by_lesson)
    found: list[Piece] = []
    for one in recipe.hyperparameters:
        if one.name in _OF_THE_MACHINE and one.name not in by_lesson:
            continue
        value = settings[one.name]
        text = value if isinstance(value, str) else f"{Shown(value):g}"
        found += [(" · ", Ink.QUIET)] if found else []
        found.append((f"{one.label} ", Ink.QUIET))
        found.append((str(text), Ink.STRONG if one.name in by_lesson else Ink.PLAIN))
    return found


def _state(last: KeptRun | None) -> list[Piece]:
    if last is None:
        return [("○ ", Ink.QUIET), (_("Not trained yet."), Ink.PLAIN)]
    epochs = plural("{count} epoch", "{count} epochs", last.epoch)
    said = _("Run {run}: {epochs}").format(run=last.run, epochs=epochs)
    found: list[Piece] = [("✓ ", Ink.GOOD) if last.is_whole else ("◐ ", Ink.WARN)]
    found.append((said, Ink.PLAIN))
    if last.epoch and last.measured:
        end = last.measured[-1]
        if end.test_accuracy is not None:
            measured, value = _("test accuracy"), f"{end.test_accuracy:.4f}"
        else:
            measured, value = _("test loss"), f"{Shown(end.test_loss):.4g}"
        found += [(f", {measured} ", Ink.PLAIN), (value, Ink.NUMBER)]
    if last.synthetic:
        found.append((_(", on the built-in glyphs"), Ink.QUIET))
    return found
