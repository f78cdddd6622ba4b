"""A training on the screen, as the benchmarks drive it.

Run as a program (`python -m tests.benchmarks.screen RECIPE EPOCHS [DIR]`), it opens the screen of a
recipe, with the data of DIR or, without one, the built-in set. `in_training` runs that in a
terminal, starts the training and waits for its first chart.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from engine.recipes.catalog import find_recipe
from engine.training.hyperparameters import SettingError
from tests.benchmarks.terminal import Terminal, fresh_home

if TYPE_CHECKING:
    from tui.app import TutorApp

TAB = "▐"
"""Stands at the tab of the open pane, which is written anew when another one is opened."""


def main() -> None:
    """Open the screen of a recipe."""
    from tui.app import TutorApp

    recipe, epochs, *folder = sys.argv[1:]
    app = TutorApp(data_dir=Path(folder[0]) if folder else None)
    app.call_later(open_training, app, recipe, epochs)
    app.run()


def open_training(app: TutorApp, recipe: str, epochs: str) -> None:
    """Open the screen of a recipe, which does not ask where the application has no images."""
    from tui.screens.training import TrainingScreen

    app.open_training(recipe, {"epochs": epochs})
    screen = app.screen
    assert isinstance(screen, TrainingScreen)
    screen.beginning.synthetic = app.data_dir is None  # some recipes need no images


@contextmanager
def in_training(recipe: str, epochs: int, data_dir: Path | None) -> Iterator[Terminal]:
    """The terminal in which a recipe trains; raises SystemExit where there is no such recipe."""
    try:
        find_recipe(recipe)
    except SettingError as error:
        raise SystemExit(str(error)) from None
    command = [sys.executable, "-m", "tests.benchmarks.screen", recipe, str(epochs)]
    with fresh_home() as home:
        terminal = Terminal([*command, *([str(data_dir)] if data_dir else [])], environ=home)
        try:
            terminal.until(TAB)
            terminal.count(2.0)
            terminal.press("s")
            terminal.until("●", 120.0)
            terminal.count(3.0)
            yield terminal
        finally:
            terminal.close()


if __name__ == "__main__":
    main()
