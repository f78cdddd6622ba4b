"""`dltutor practice`: the questions of a lesson as a plain dialogue."""

from __future__ import annotations

import io
import re
from contextlib import closing

import pytest

from lessons.format.catalog import catalog
from lessons.format.document import FindMistake, Predict
from lessons.judge.lines import faulty_lines
from lessons.judge.questions import ChoiceQuestion
from lessons.judge.shuffling import shown_order
from lessons.judge.verdicts import LETTERS
from lessons.learner.progress import Progress
from lessons.learner.report import questions_of
from tests.unit.lessons.course import lesson
from tui.cli import main
from tui.page.spoken import Formulas, block_words, question_words

BOXES = re.compile("[─-╿█▏▎]")


def practice(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: str, *words: str
) -> str:
    """What is said when `typed` is typed, one answer to a line."""
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert main(["practice", *words]) == 0
    return capsys.readouterr().out


def test_a_slip_is_named_with_both_lines_and_the_answer_is_saved(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = practice(
        monkeypatch, capsys, "0.741365\n0.138\n", "backprop/worked-example", "--from", "delta_o1"
    )
    assert "Not yet: " in said
    assert "With the slip: δₒ₁ = (outₒ₁ − tₒ₁)" in said
    assert "As it should be: δₒ₁ = (outₒ₁ − tₒ₁) outₒ₁(1 − outₒ₁)" in said
    assert "Right." in said
    assert "1 of 8 answered right." in said
    log = [(a.question, a.text, a.verdict) for a in Progress().answers()]
    assert log == [("delta_o1", "0.741365", "slip"), ("delta_o1", "0.138", "right")]


def test_hints_come_one_by_one_and_the_answer_at_last(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = practice(monkeypatch, capsys, "5\n6\n7\n8\n", "backprop/worked-example", "--no-log")
    for number in (1, 2, 3):
        assert f"Hint {number} of 3" in said
    assert "The answer is 0.3775" in said
    assert not Progress().answers()


def test_the_words_of_the_dialogue(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = practice(
        monkeypatch, capsys, "skip\nback\nread\nproof\nhelp\n\nshow\nquit\n", "backprop/deltas"
    )
    assert said.count("Question 1 of") == 2
    assert "holds on random numbers" in said or "derives nothing" in said
    assert "leave the question open" in said
    assert "Type an answer, or help." in said
    assert "Shown." in said


def test_a_derivation_is_said_with_its_proof(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = "proof\n" + "skip\nproof\n" * 8
    said = practice(monkeypatch, capsys, typed, "functions/softmax", "--no-log")
    assert re.search(r"\d\. .*=.*: holds on random numbers\.", said)
    assert "does not hold" not in said


def test_a_faulty_program_is_answered_by_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    block = next(
        block for _s, block in questions_of(lesson("backprop/deltas"))
        if isinstance(block, FindMistake)
    )  # fmt: skip
    right = min(faulty_lines(block.mistake))
    said = practice(
        monkeypatch, capsys, f"x\n{right}\n", "backprop/deltas", "--from", f"mistake:{block.name}"
    )
    assert "Answer with the number of a line." in said
    assert "Right." in said


def test_latex_on_request(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = practice(
        monkeypatch, capsys, "", "backprop/worked-example", "--formulas", "latex", "--no-log"
    )
    assert r"$w_1 =$" in said or "$w_1" in said


def test_an_unknown_question_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["practice", "backprop/deltas", "--from", "nosuch"]) == 2
    assert "has no question 'nosuch'" in capsys.readouterr().err


@pytest.mark.parametrize("how", Formulas)
def test_the_whole_course_is_said_without_boxes_or_second_rows(how: Formulas) -> None:
    for slug in ("functions/softmax", "backprop/worked-example", "linear/model"):
        for step in catalog("en").load(slug).steps:
            for block in step.blocks:
                for line in block_words(block, how):
                    assert "\n" not in line
                    assert not BOXES.search(line)
        for _step, asked in questions_of(catalog("en").load(slug)):
            assert [*question_words(asked, how)]


def test_a_closed_input_ends_the_dialogue(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", None)
    assert main(["practice", "backprop/deltas", "--no-log"]) == 0
    assert "0 of 4 answered right." in capsys.readouterr().out


def test_the_lines_of_a_derivation_are_given(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    progress = Progress()
    progress.remember("order of options", "seed")
    progress.close()
    slug = "backprop/worked-example"
    typed = "help\n?!\na\nb\nc\na\nb\nc\n"
    said = practice(monkeypatch, capsys, typed, slug, "--derive", "sigmoid_slope")
    assert "level 1 of 3: one line in three is asked · question 1 of 2" in said
    assert "I cannot read that. Answer with one letter" in said
    assert "Not yet" in said
    assert "Right." in said
    log = Progress().answers()
    assert {answer.question for answer in log} <= {f"derivation:sigmoid_slope/{n}" for n in "1234"}
    assert "right" in {answer.verdict for answer in log}


def test_a_derivation_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["practice", "backprop/worked-example", "--derive", "nothing"]) == 2
    assert "It has sigmoid_slope." in capsys.readouterr().err


def test_options_stand_in_the_learners_own_order_and_are_logged_by_their_place_in_the_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    block = next(
        block for _step, block in questions_of(lesson("backprop/deltas"))
        if isinstance(block, Predict) and isinstance(block.question, ChoiceQuestion)
    )  # fmt: skip
    assert isinstance(block.question, ChoiceQuestion)
    right = block.question.proof()
    key = f"{block.slug}/{block.name}"
    seen = set()
    for seed in ("one", "two", "three", "four"):
        with closing(Progress()) as progress:
            progress.remember("order of options", seed)
        order = shown_order(block.question, key, seed)
        seen.add(order.index(right))
        typed = f"{LETTERS[order.index(right)]}\nQUIT\n"
        said = practice(monkeypatch, capsys, typed, "backprop/deltas", "--from", block.name)
        assert "Right." in said
        assert "1 of 4 answered right." in said
        shown = [line[3:] for line in said.splitlines() if re.match(r"[a-d]\) ", line)]
        plain = [line[3:] for line in question_words(block, Formulas.LINE) if line[1:3] == ") "]
        assert shown[: len(order)] == [plain[place] for place in order]
    assert len(seen) > 1
    with closing(Progress()) as progress:
        assert {answer.text for answer in progress.answers()} == {LETTERS[right]}
