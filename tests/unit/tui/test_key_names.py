"""Texts name keys by marks, each the id of a binding: as keys come, or as they were set."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import tui
from engine.folders import config_folder, ensure
from lessons.derive.tasks import markdown
from lessons.format.catalog import catalog
from lessons.format.document import LessonError, plain_text
from lessons.format.parser import running_text
from lessons.format.searching import Index
from tests.cases import for_each
from tui.bindings import all_bindings
from tui.cli import main
from tui.commands.check_parts import refuse_wrong_keys
from tui.key_names import MARK, key_named, keyed, use_keys
from tui.keymap import usual_key
from tui.page.hints import hint_pieces
from tui.page.lines import Ink
from tui.page.prose import pieces
from tui.widgets.clickable import lit
from tui.widgets.coded import KEY_STYLE
from tui.widgets.faded import Prompt
from tui.widgets.pane_bar import bar
from tui.widgets.welcome import Welcome


def test_keys_stand_out_of_cards_and_bars() -> None:
    use_keys({})
    prompt = Prompt()
    prompt.place = "⟨enter|faded.on⟩: another round · ⟨f|faded.read⟩: read"
    lines = [*Welcome().lines(90), *prompt.lines(60)]
    lit_up = [text for line in lines for text, ink in line if ink is Ink.CODE]
    assert lit_up == ["enter", "→", "/", "?", "q", "enter", "enter", "f"]
    row = bar({"1": "loss"}, "1", "⟨y|training.log⟩: log · ⟨m|training.view⟩: view", 60)
    assert [row.plain[at.start : at.end] for at in row.spans if at.style == KEY_STYLE] == ["y", "m"]


def test_keys_stand_out_of_a_hint_where_they_were_changed_and_where_lines_end() -> None:
    use_keys({"choice.close": "x"})
    for broken in (None, "enter opens ·\nx closes"):
        shown = lit("enter opens · ⟨escape|choice.close⟩ closes", broken)
        assert shown.plain.replace("\n", " ") == "enter opens · x closes"
        keys = [shown.plain[at.start : at.end] for at in shown.spans if at.style == KEY_STYLE]
        assert sorted(keys) == ["enter", "x"]
    assert hint_pieces("tab, then ⟨escape|choice.close⟩") == [
        ("tab", Ink.CODE), (", then ", Ink.QUIET), ("x", Ink.CODE),
    ]  # fmt: skip
    assert hint_pieces("⟨enter|code.run⟩: run") == [("enter", Ink.CODE), (": run", Ink.QUIET)]
    use_keys({"choice.close": "shift+enter"})
    assert hint_pieces("⟨escape|choice.close⟩")[0][0].startswith("shift+"), "one key, lit once"


@pytest.fixture(autouse=True)
def as_they_come() -> Iterator[None]:
    yield
    use_keys({})


def texts(sign: str) -> Iterator[tuple[str, str]]:
    """The texts of the screens, with their file, of all files that may hold the sign."""
    for path in sorted(Path(tui.__file__).parent.rglob("*.py")):
        source = path.read_text("utf-8")
        if sign not in source and not re.search(r"\\[uUN]", source):  # nor as an escape
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield path.name, node.value


def test_every_mark_names_a_binding_and_calls_its_key_by_its_name() -> None:
    bindings = all_bindings()
    marks = [(file, *mark) for file, text in texts("⟨") for mark in MARK.findall(text)]
    assert len(marks) > 100
    for file, shown, name in marks:
        if file == "key_names.py":
            continue
        keys = bindings[name].key.split(",")
        assert usual_key(shown) in [usual_key(key) for key in keys], f"{file}: {shown} {name}"


def test_a_text_names_the_key_that_is_in_force() -> None:
    text = "⟨enter|code.run⟩: run · ⟨→|lesson.next⟩: go on · f⟨x⟩"
    assert keyed(text) == "enter: run · →: go on · f⟨x⟩"
    use_keys({"code.run": "ctrl+e,enter", "lesson.next": "question_mark"})
    assert keyed(text) == "ctrl+e: run · ?: go on · f⟨x⟩"
    assert key_named("nosuch.key", "n") == "n"


def test_a_brace_can_be_a_key() -> None:
    use_keys({"code.run": usual_key("{") or ""})
    assert keyed("⟨enter|code.run⟩: {what}".format(what="run")) == "{: run"


def lesson_files() -> list[Path]:
    """The lessons in every language."""
    found = [entry.path for code in ("en", "zh") for entry in catalog(code).entries()]
    return sorted({path for path in found if path is not None})


@for_each("path", lesson_files(), ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_lesson_names_keys_by_marks(path: Path) -> None:
    refuse_wrong_keys(path)
    bare = re.findall(r"\b[Pp]ress `(?!⟨|tab`|enter`)[^`]*`", path.read_text("utf-8"))
    assert not bare, "write `⟨s|training.start⟩` in their place"


@for_each(
    ("line", "said"),
    [
        ("`⟨s|training.strat⟩`", r"no binding 'training\.strat'\. Did you mean training\.start"),
        ("`⟨r|training.start⟩`", r"The key of training\.start is s, not r\."),
        ("`⟨s|start⟩`", r"⟨s\|start⟩ is not the mark of a key\. Write it as code: `⟨s\|tr"),
        ("⟨s|training.start⟩", "is not the mark of a key"),
        ("| `⟨s\\|training.strat⟩` | starts |", r"There is no binding 'training\.strat'"),
        ("## Press `⟨s|training.start⟩`", "stands in a title"),
    ],
)
def test_a_mark_in_a_lesson_that_is_wrong(line: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "lesson.en.md"
    path.write_text(f"## One\nWhere $⟨a|b⟩$ and `⟨s|training.start⟩` stand.\n\n{line}\n", "utf-8")
    with pytest.raises(LessonError, match=rf"lesson\.en\.md:4: .*{said}"):
        refuse_wrong_keys(path)


def test_the_text_of_a_lesson_names_the_key_that_is_in_force() -> None:
    markdown_text = "Press `⟨s|training.start⟩`, then `s`."
    text = running_text(markdown_text)
    assert plain_text(text) == "Press s, then s."
    assert markdown(text) == markdown_text
    use_keys({"training.start": "f5"})
    assert "".join(part for part, _ink in pieces(text)) == "Press f5, then s."


def test_a_search_finds_the_key_that_is_in_force() -> None:
    assert any("press `s`" in found.text for found in Index(catalog("en")).find("training press"))
    use_keys({"training.start": "f5"})
    found = Index(catalog("en"), keyed).find("open the training press")
    assert any("press `f5`" in each.text for each in found)
    assert not any("training.start" in each.text for each in found)


def test_lessons_that_are_printed_or_asked_name_the_keys_that_were_chosen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = '[keys]\n"training.start" = "f5"\n"lockstep.precision" = "f6"\n'
    (ensure(config_folder()) / "config.toml").write_text(chosen, "utf-8")
    assert main(["show", "mlp/watching"]) == 0
    printed = capsys.readouterr().out
    assert re.search(r"f5 .*starts, pauses, resumes", printed)
    assert "|" + "training" not in printed
    monkeypatch.setattr("sys.stdin", io.StringIO("read\nquit\n"))
    assert main(["practice", "classification/softmax-concise", "--from", "why_not_equal"]) == 0
    assert "f6 switches to the 32 bits" in capsys.readouterr().out
