"""A lab is one file: it is found where it lies, and lessons know it and its options."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import UserError
from lessons.format import lab_names
from lessons.format.document import LessonError
from lessons.format.parser import parse_lesson
from tests.cases import for_each
from tests.unit.copies import copy_packages, python
from tui.labs import declare, labs, make_lab
from tui.labs.base import by_items
from tui.labs.registry import _options

NEW_LAB = '''
"""Lab: counts."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Static

from tui.labs.base import Lab
from tui.labs.registry import LabEntry


class CountingLab(Lab):
    """Counts upwards."""

    KEYS = "n one more"
    BINDINGS = [Binding("n", "more", "More", id="counting.more", tooltip="One more")]

    def compose(self) -> ComposeResult:
        yield Static(id="count")
        yield Static(id="note")

    def on_mount(self) -> None:
        self.count = int(self.options.get("first", "0"))

    def show(self) -> None:
        self.put("count", str(self.count))

    def action_more(self) -> None:
        self.count += 1
        self.show()


LAB = LabEntry(CountingLab, options={"first": "the number to begin with"})
'''

PROBE = '''
import asyncio, contextlib, io
from pathlib import Path

import tui
from lessons.format.catalog import _catalog, catalog
from tui.cli import main

assert Path(tui.__file__).is_relative_to(Path.cwd()), tui.__file__
entry = next(entry for entry in catalog().entries() if entry.is_written)
written = entry.path.read_text("utf-8")


def show(fence):
    """What `dltutor show` returns and says where the lesson has one more fence."""
    entry.path.write_text(written + "\\n\\n```" + fence + "\\n```\\n", "utf-8")
    _catalog.cache_clear()
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            status = main(["show", entry.slug])
        except Exception as error:
            return 1, str(error)
    return status, said.getvalue()


status, said = show("lab counting second=4")
assert status != 0 and "'second' is not known" in said and "first" in said, said
assert entry.path.name in said, said
status, said = show("lab counting first=4")
assert status == 0, said
block = catalog().load(entry.slug).steps[-1].blocks[-1]

from tui.labs import make_lab
from tui.themes import ThemedApp


class Page(ThemedApp):
    def compose(self):
        yield make_lab(block.name, dict(block.options))


async def open_it():
    async with Page().run_test() as pilot:
        await pilot.press("n")
        print("shown:", pilot.app.query_one("#count").content, pilot.app.query_one("#note").content)


asyncio.run(open_it())
'''


def test_a_new_lab_is_one_new_file(tmp_path: Path) -> None:
    copy = copy_packages(tmp_path)
    (copy / "tui/labs/counting.py").write_text(NEW_LAB, "utf-8")
    done = python(copy, "-c", PROBE)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "shown: 5 n one more"


def test_labs_are_listed_without_textual() -> None:
    probe = "import sys; from tui.labs import labs; print(len(labs()), 'textual' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(len(labs())), "False"]


def test_a_module_without_a_declaration_is_no_lab() -> None:
    assert "stepper" in labs()
    assert not {"base", "writing", "registry", "stepping", "__init__"} & set(labs())
    with pytest.raises(KeyError):
        make_lab("base", {})


def test_options_that_must_be_run_to_be_read_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "counting.py"
    path.write_text("OPTIONS = {}\n\nLAB = LabEntry(\n    CountingLab,\n    options=OPTIONS,\n)\n")
    with pytest.raises(UserError, match=r"counting\.py:5: .* Write them as"):
        _options(path)
    path.write_text("LAB = LabEntry(CountingLab)\nMORE = 1\n")
    assert _options(path) == {}
    path.write_text('"""Nothing."""\n')
    assert _options(path) is None


@pytest.mark.parametrize(
    ("fence", "words"),
    [
        ("lab steper", ["No lab is called 'steper'", "stepper"]),
        (
            "lab stepper speed=3",
            ["'speed' is not known", "activation, bias, layers, phase"],
        ),
        ("lab gallery speed=3", ["'speed' is not known", "none"]),
    ],
)
def test_lessons_refuse_what_no_lab_declares(
    fence: str, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lab_names, "_find", None)
    declare()
    head = "---\nminutes: 5\nneeds: []\n---\n"
    with pytest.raises(LessonError) as caught:
        parse_lesson(f"{head}## One\n```{fence}\n```\n", "one.md", "linear/one", "One")
    for word in ["one.md:6: ", *words]:
        assert word in str(caught.value)


@for_each(
    ("width", "lines"),
    [
        (0, ["← → y · e edit all · r reset"]),
        (28, ["← → y · e edit all · r reset"]),
        (20, ["← → y · e edit all ·", "r reset"]),
        (10, ["← → y ·", "e edit all ·", "r reset"]),
    ],
)
def test_a_hint_breaks_between_its_items(width: int, lines: list[str]) -> None:
    assert by_items("← → y · e edit all · r reset", width).split("\n") == lines
