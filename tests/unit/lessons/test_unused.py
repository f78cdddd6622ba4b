"""Names in the Python files of a lesson that nothing uses are said with their lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.formulas.notation import Notation
from lessons.format import facts
from lessons.format.document import LessonError
from lessons.format.parser import parse_lesson
from lessons.proof import unused as module
from lessons.proof.unused import unused

LESSON = "---\nminutes: 1\n---\n## One\n{text}"
FACTS = """
SCOPES = {
    "a": NOTATION,
    "a/numbers": NOTATION,
    "b": NOTATION,
}
NUMBERS = {
    "linked": float,
    "inside": float,
    **{f"made_{i}": float for i in range(3)},
    "spare": float,
}
WITHOUT_NUMBERS = {
    "b": "its lines are numbers",
}
"""
NUMBERS = "```numbers a\nw = 1\nw + 1 = 2\n```\n"
DERIVATIONS = "".join(f"```derivation {name}\nw = w :: so\n```\n" for name in "ab")
TEXT = f"See [3](number:linked) and $\\num{{inside}}{{3}}$.\n\n{NUMBERS}{DERIVATIONS}"


@pytest.mark.parametrize(
    ("old", "new", "program", "line", "said"),
    [
        ("", "", "", 11, "'spare' of NUMBERS. Write [6](number:spare) into a.md, or take 'spare'"),
        ("linked)", "spare)", "", 8, "Nothing in the lesson uses 'linked' of NUMBERS."),
        ("{inside}", "{spare}", "", 9, "Nothing in the lesson uses 'inside' of NUMBERS."),
        ("", "", "SPARE = NUMBERS['spare']()", 0, ""),
        ("", "", "ALL = [NUMBERS[name]() for name in 'abc']", 0, ""),
        ("derivation b", "derivation bb", "NUMBERS[0]", 5, "'b' of SCOPES. Did you mean bb?"),
        ("derivation b", "scope b\n```\n```derivation bb", "NUMBERS[0]", 14, "'b' of WITHOUT_NUM"),
        ("numbers a", "numbers a, b", "NUMBERS[0]", 14, "a derivation that has no block of num"),
        ("numbers a", "numbers b, a", "NUMBERS[0]", 4, "'a/numbers' of SCOPES. Did you mean b/n"),
    ],
)
def test_a_name_that_nothing_uses_is_said_with_its_line(
    old: str,
    new: str,
    program: str,
    line: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "facts.py").write_text(FACTS, "utf-8")
    (tmp_path / "programs.py").write_text(program, "utf-8")
    known = facts.Facts(
        Notation(),
        dict.fromkeys(("a", "b"), Notation()),
        dict.fromkeys(("linked", "spare"), float),
    )
    monkeypatch.setattr("lessons.format.fences.facts_of", lambda slug: known)
    monkeypatch.setattr("lessons.format.parser.facts_of", lambda slug: known)
    monkeypatch.setattr("lessons.format.running.facts_of", lambda slug: known)
    own = {"facts": tmp_path / "facts.py"}
    monkeypatch.setattr(module, "module_path", lambda slug, name: own.get(name))
    assert old in TEXT
    text = LESSON.format(text=TEXT.replace(old, new))
    lesson = parse_lesson(text, tmp_path / "a.md", "a/b", "A")
    lesson.path.write_text(text, "utf-8")
    found: list[LessonError] = [*unused(lesson)]
    assert [error.line for error in found][:1] == ([line] if line else [])
    assert all(error.path == tmp_path / "facts.py" for error in found)
    assert said in "".join(map(str, found))
