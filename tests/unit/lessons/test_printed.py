"""The kept output of a program: rounding may move a number a little, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

from lessons.proof.printed import change, left_over, read_printed, written_printed
from tests.cases import for_each


@for_each(
    ("now", "said"),
    [
        ("loss 0.6931  after 10", ""),
        ("loss  0.6933 after 10  ", ""),
        (
            "loss 0.70 after 10",
            "Line 1 of its output was 'loss 0.6931 after 10' and is now 'los",
        ),
        ("loss 0.6931 after 11", "Line 1"),
        ("cost 0.6931 after 10", "Line 1"),
        ("loss 0.6931 after 10 of 20", "Line 1"),
        ("loss nan after 10", "Line 1"),
        ("loss 0.6931 after 10\nend", "Its output has a new line 2: 'end'"),
        ("", "Line 1"),
    ],
)
def test_what_changed_is_said(now: str, said: str) -> None:
    found = change("loss 0.6931 after 10\n", now)
    assert found.startswith(said)
    assert bool(found) is bool(said)


def test_rounding_is_no_change() -> None:
    assert not change("off 2.4e-07 33,396,554 −1.50", "off 0.0e+00 33,396,560 −1.49")
    assert change("off 2.4e-03", "off 2.5e-03") == ""  # within two units of its last digit
    assert change("off 2.40e-03", "off 2.44e-03")
    assert change("1,024 images", "1,025 images")
    assert change("two\nlines", "two").startswith("Line 2 of its output is gone")


def test_every_changed_line_is_said_and_no_other() -> None:
    before = "\n".join(["start", *(f"row {n} is {n}.5" for n in range(12)), "end"])
    assert change(before, before.replace("row 1 is 1.5\n", "")) == (
        "Line 3 of its output is gone: 'row 1 is 1.5'."
    )
    now = before.replace("row 3 is", "row 3 was").replace("end", "new\nend").replace("5.5", "9.5")
    assert change(before, now).split("\n") == [
        "Line 5 of its output was 'row 3 is 3.5' and is now 'row 3 was 3.5'.",
        "Line 7 of its output was 'row 5 is 5.5' and is now 'row 5 is 9.5'.",
        "Its output has a new line 14: 'new'.",
    ]
    many = change(before, before.replace(" is ", " was ")).split("\n")
    assert len(many) == 9
    assert many[-1] == "4 more lines have changed."


def test_the_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    outputs = {"programs:a": "  one\n\n    two  \n", "engine.x:b": "10%\r90%\x0c\u2028end"}
    path = tmp_path / "printed.txt"
    path.write_text(written_printed("a/b", outputs), "utf-8")
    assert read_printed(path) == {
        "programs:a": "  one\n\n    two",
        "engine.x:b": "10%\n90%\\x0c\u2028end",
    }
    assert list(left_over(path, {"programs:a"})) == [("engine.x:b", 8)]
    assert read_printed(tmp_path / "none.txt") == {}
