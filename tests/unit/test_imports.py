"""What may be imported without what: proved in a fresh interpreter."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit import warm

PROBE = """
import sys
{statements}
print(",".join(name for name in {forbidden!r} if name in sys.modules))
"""


def _imported(statements: str, *forbidden: str) -> str:
    return _printed(statements, *forbidden)[-1]


def _printed(statements: str, *forbidden: str) -> list[str]:
    """The lines of the statements, and as the last one what they have imported."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE.format(statements=statements, forbidden=forbidden)],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.removesuffix("\n").split("\n")


# These two run their recipe for the numbers of the first step, and recipes import torch.
RUN_THEIR_RECIPE = ("mlp/mnist-low-level", "frameworks/fizzbuzz")
ALL_LESSONS = f"""
import engine.network, engine.gradients, engine.slips
import engine.recipes.catalog, engine.training.snapshot
from lessons.format.catalog import catalog
slugs = [entry.slug for entry in catalog().entries() if entry.is_written]
for slug in slugs:
    catalog().load(slug)
import lessons.learner.progress, lessons.proof.run
read = [name for name in ("torch", "textual", "rich") if name in sys.modules]
from tui.page.lesson import block_lines
for slug in slugs:
    if slug not in {RUN_THEIR_RECIPE}:
        for block in catalog().load(slug).steps[0].blocks:
            block_lines(block, 80)
        assert "torch" not in sys.modules, slug
import tui.app, tui.screens.lesson, tui.screens.training
print(read)
"""

EXIT = """
import contextlib, io
from tui.cli import main
with contextlib.redirect_stdout(io.StringIO()):
    try:
        main([{word!r}])
    except SystemExit:
        pass
"""


def test_all_but_a_training_loads_without_torch_and_lessons_without_textual() -> None:
    """Read in full, with the modules of their checks; then the first step of each is laid out.

    Before, the network and the descriptions of recipes are imported, and in the end the screens.
    """
    assert _printed(ALL_LESSONS, "torch") == ["[]", ""]


def test_the_engine_never_draws() -> None:
    """In a fork, which has PyTorch: dltutor is imported anew, and what draws would be, too."""
    drawing = ("textual", "rich", "plotext")
    statements = f"""
for name in [name for name in sys.modules if name.partition(".")[0] in {drawing}]:
    del sys.modules[name]
import engine.training.session, engine.recipes.softmax, engine.data
"""
    found = [
        warm.run(["-c", PROBE.format(statements=each, forbidden=drawing)])
        for each in (statements, f"{statements}import plotext")
    ]
    assert [done.stdout for done in found] == ["\n", "plotext\n"], found


def test_the_probe_can_fail() -> None:
    assert _imported("import textual", "torch", "textual") == "textual"


NOT_FOR_A_LIST = (
    "textual", "rich", "torch", "numpy", "yaml", "markdown_it", "mdit_py_plugins", "pygments",
    "PIL", "mpmath", "importlib.metadata", "asyncio", "tui.math.layout", "engine.formulas.parser",
    "lessons.format.parser", "lessons.format.document",
)  # fmt: skip
START = """
import contextlib, io
sys.argv[1:] = {words!r}
from tui.start import main
with contextlib.redirect_stdout(io.StringIO()):
    main()
"""


@pytest.mark.parametrize("word", ["--version", "-V"])
def test_the_version_is_said_before_anything_is_imported(word: str) -> None:
    loaded = ("argparse", "dataclasses", "gettext", "tui.cli", "tui.commands", "tui.labs")
    assert _imported(START.format(words=[word]), *NOT_FOR_A_LIST, *loaded) == ""


def test_lessons_are_listed_without_a_reader_and_without_a_screen(tmp_path: Path) -> None:
    own = f"import os\nos.environ['XDG_DATA_HOME'] = {str(tmp_path)!r}\n"
    listed = own + START.format(words=["lessons", "--json"])
    assert _imported(listed, *NOT_FOR_A_LIST) == ""


def test_the_first_screen_needs_no_reader_no_numpy_and_no_other_screen() -> None:
    """Then what serves browsers is imported: what that needs is so only to serve."""
    loaded = (
        "torch", "numpy", "yaml", "markdown_it", "mpmath", "PIL", "plotext",
        "lessons.format.parser", "lessons.format.document", "engine.training.snapshot",
        "engine.formulas.parser",
        "tui.math.layout", "tui.page.lesson", "tui.screens.lesson", "tui.screens.training",
        "tui.screens.review", "tui.trainings", "tui.race",
    )  # fmt: skip
    served = ("aiohttp", "textual_serve", "torch")
    statements = f"""
import tui.app, tui.config, tui.screens.home
print([name for name in {loaded} if name in sys.modules])
import tui.commands.serve, tui.serving.child, tui.serving.nursery
"""
    assert _printed(statements, *served) == ["[]", ""]


def test_the_probe_of_lists_can_fail() -> None:
    assert _imported(START.format(words=["show", "backprop/forward"]), "yaml") == "yaml"


@pytest.mark.parametrize("word", ["--help", "--version"])
def test_help_and_version_import_neither_textual_nor_torch(word: str) -> None:
    assert _imported(EXIT.format(word=word), "textual", "torch", "numpy") == ""


def test_the_maths_renderer_needs_nothing_but_python() -> None:
    assert _imported("import tui.math", "rich", "textual", "numpy", "wcwidth", "yaml") == ""
