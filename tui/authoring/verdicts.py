"""The beginning of the table that the tests have for each question: answers and their verdicts."""

from __future__ import annotations

from pathlib import Path

from tui.authoring.writing import ROOT, filled

_TABLES = ROOT / "tests" / "unit" / "lessons" / "verdicts"
_UNREADABLE = "d | x | both | none | ? | yes"
_ROWS = {
    "number": {
        "right, null": "6 | 6.0 | 3*2 | = 6",
        "slip, «slip»added": "5 | 3+2",
        "wrong, null": "9 | 8 | 1.5 | 4 | 32 | 66",
    },
    "choice": {
        "right, null": "b | B | b) | (b)",
        "slip, «slip»added": "a | A",
        "wrong, null": "c | C",
        "unreadable, null": _UNREADABLE,
    },
    "sign": {
        "right, null": "- | − | minus | negative",
        "slip, sign": "+ | plus | positive",
        "wrong, null": "0 | zero",
        "unreadable, null": "x | both | 2",
    },
    "shape": {
        "right, null": "(2, 3) | 2x3 | 2, 3 | [2, 3]",
        "slip, «slip»as-it-was": "(3, 2) | 3x2",
        "wrong, null": "(2, 2) | (3, 3) | (6,) | (1, 6) | (2, 3, 1) | ()",
    },
    "order": {
        "right, null": "c b a | cba | c, b, a | c < b < a",
        "wrong, null": "a b c | b c a | c a b | a c b | b a c",
        "unreadable, null": "a b | a a b | x",
    },
    "fill": {
        "right, null": "a | A | a) | 2",
        "slip, «slip»difference": "b | B",
        "wrong, null": "c | C | 3",
        "unreadable, null": "d | x | none",
    },
}
"""For each kind of question that `dltutor new` writes: its verdicts, and answers that get them."""


def with_table(slug: str, name: str, kind: str, slip: str = "") -> dict[Path, str]:
    """The table of a lesson with the answers of one more question.

    Empty where there are no tests, as in an installed copy. The slip of the question begins with
    `slip`.
    """
    if not _TABLES.is_dir():
        return {}
    path = _TABLES / f"{slug}.yaml"
    before = path.read_text("utf-8") if path.exists() else ""
    rows = [
        f'- ["{answer}", {filled(verdict, slip=slip)}]\n'
        for verdict, answers in _ROWS[kind].items()
        for answer in answers.split(" | ")
    ]
    return {path: f"{before}{name}:\n{''.join(rows)}"}
