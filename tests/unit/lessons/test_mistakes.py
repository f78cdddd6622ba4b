"""Every mistake: both programs run, the symptom shows, the faulty line is found and accepted."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest

from lessons.format.catalog import catalog
from lessons.format.document import FindMistake, LessonError, Style
from lessons.format.parser import parse_lesson, running_text
from lessons.judge.evidence import Mistake, Version, evidence_of
from lessons.judge.lines import compared, faults, faulty_lines, source_lines
from lessons.judge.mistakes import about_line, judge, reveal, said
from lessons.judge.verdicts import Verdict
from lessons.proof.completeness import MOST_COLUMNS, MOST_LINES
from lessons.proof.mistakes import prove_mistake
from lessons.proof.results import Kind
from lessons.proof.run import run_lesson
from tests.cases import for_each
from tests.unit.lessons.course import all_mistakes, mistake_called, named
from tui.math import cell_width, inline
from tui.page.mistake import GUTTER, evidence_lines

WHERE = {name: slug for slug, name in named("mistake")}
NAMES_OF_ALL = list(WHERE)

FAULTY = {
    "half-precedence": ("loss = 0.5 * e1**2 + e2**2",),
    "one-output-only": ("delta2[i] = W2[i, j] * delta3[j]",),
    "row-for-column": ("D2 = (D3 @ W2) * A2 * (1 - A2)",),
    "sigmoid-of-activation": ("delta2 = (W2 @ delta3) * sigmoid_slope(a2)",),
    # Either line may be named: what is wrong is their order.
    "updated-weights-first": (
        "W2 = W2 - lr * np.outer(a2, delta3)",
        "delta2 = (W2 @ delta3) * a2 * (1 - a2)",
    ),
    "stale-grad": ("optimizer.zero_grad()",),
    "rebind-leaf": ("w = w - lr * gradient(w)",),
    "relu-at-zero": ("D[Z < 0] = 0",),
    "softmax-sum-gradient": ("(G,) = torch.autograd.grad(P.sum(), Z)",),
    "tanh-overflow": ("e: Array = np.exp(-2 * z)",),
    "smoothl1-is-huber": ("parabola = 0.5 * size**2 / delta",),
    "off-by-one-labels": ("y = np.array(labels)",),
    "probabilities-as-logits": ("output = torch.softmax(X @ W, dim=1)",),
    "broadcast-n-by-n": ("error = y_hat - y",),
    "divide-twice": ("w = w - lr * gradient / len(y)",),
    "last-batch-loss": ("reported.append(float(loss.mean()))",),
    "accuracy-as-loss": ("costs = 1.0 * (p_of_label < 0.5)",),
    "logistic-label-mix": ("margins = y * z",),
    "whole-matrix-softmax": ("exps /= exps.sum()",),
    "mean-of-means": ("total += losses.mean().item()",),
    "last-batch": ("seen += batch_size",),
    "relu-on-logits": ("Z = torch.relu(A @ W2 + B2)",),
    "xor-symmetry": ("start = [torch.full(shape, 0.5) for shape in shapes]",),
    "chosen-on-test": ("score = float(test[model].mean())",),
}


def test_every_mistake_is_asked_for_in_a_lesson_and_is_a_slip_of_the_course() -> None:
    assert len(NAMES_OF_ALL) >= 12
    assert [(slug, name) for name, slug in WHERE.items()] == list(all_mistakes())
    assert set(NAMES_OF_ALL) >= set(FAULTY)
    assert all(mistake_called(name).title for name in NAMES_OF_ALL)


@for_each("name", NAMES_OF_ALL)
def test_the_faulty_program_shows_its_symptom_and_the_repaired_one_does_not(name: str) -> None:
    faulty, repaired = (evidence_of(mistake_called(name), version) for version in Version)
    assert not faulty.measure.ok
    assert repaired.measure.ok
    assert math.isfinite(repaired.measure.value)
    # Not by a hair.
    assert math.isnan(faulty.measure.value) or faulty.measure.value > 2 * repaired.measure.bound
    assert [fact.label for fact in faulty.facts] == [fact.label for fact in repaired.facts]
    assert faulty.facts != repaired.facts or faulty.curve != repaired.curve
    if repaired.curve is not None:
        assert all(math.isfinite(y) for y in repaired.curve.ys)
        assert faulty.curve is not None
        assert len(faulty.curve.xs) == len(faulty.curve.ys) > 1


@for_each("name", NAMES_OF_ALL)
def test_the_faulty_line_is_found_by_comparing_the_sources(name: str) -> None:
    mistake = mistake_called(name)
    lines = source_lines(mistake, Version.FAULTY)
    found = sorted(faulty_lines(mistake))
    shown = tuple(lines[number - 1].strip() for number in found)
    assert shown
    assert shown == FAULTY.get(name, shown)
    texts = list(compared(mistake))
    assert tuple(row.text for row in texts if row.sign != "+") == lines
    repaired = source_lines(mistake, Version.REPAIRED)
    assert sorted(row.text for row in texts if row.sign != "−") == sorted(repaired)


@for_each("name", NAMES_OF_ALL)
def test_the_faulty_line_is_accepted_and_every_other_one_refused(name: str) -> None:
    mistake = mistake_called(name)
    right = faulty_lines(mistake)
    lines = source_lines(mistake, Version.FAULTY)
    for number in range(1, len(lines) + 1):
        diagnosis = judge(mistake, number)
        if number in right:
            assert diagnosis.verdict is Verdict.RIGHT
            assert mistake.explanation in diagnosis.message
        else:
            assert diagnosis.verdict is Verdict.WRONG
            assert about_line(mistake, number).endswith((".", "?"))
            assert mistake.hints[0] in diagnosis.message
    assert judge(mistake, 0).verdict is Verdict.UNREADABLE
    assert judge(mistake, len(lines) + 1).verdict is Verdict.UNREADABLE
    assert reveal(mistake).verdict is Verdict.SHOWN


@for_each("name", NAMES_OF_ALL)
def test_each_wrong_line_gives_one_hint_more(name: str) -> None:
    mistake = mistake_called(name)
    assert len(mistake.hints) >= 2
    said_by_try = [judge(mistake, 1, tries).message for tries in range(len(mistake.hints) + 2)]
    for hint, message in zip(mistake.hints, said_by_try, strict=False):
        assert message.endswith(hint)
    assert said_by_try[-1] == said_by_try[-2]
    first, last = (int(word) for word in said_by_try[-1].rstrip(".").split()[-3::2])
    assert first <= min(faulty_lines(mistake)) <= max(faulty_lines(mistake)) <= last
    assert last - first < 5


@for_each("name", NAMES_OF_ALL)
def test_programs_are_short_and_fit_the_screen(name: str) -> None:
    for version in Version:
        lines = source_lines(mistake_called(name), version)
        assert len(lines) <= MOST_LINES
        assert max(map(cell_width, lines)) <= MOST_COLUMNS == 73 - GUTTER


@for_each("name", NAMES_OF_ALL)
def test_each_sentence_belongs_to_one_line_that_is_right(name: str) -> None:
    mistake = mistake_called(name)
    lines = [line.strip() for line in source_lines(mistake, Version.FAULTY)]
    right = {lines[number - 1] for number in faulty_lines(mistake)}
    for anchor, sentence in mistake.feedback.items():
        holding = [line for line in lines if anchor in line and not line.startswith('"""')]
        assert len(holding) == 1, anchor
        assert holding[0] not in right
        assert about_line(mistake, lines.index(holding[0]) + 1) == sentence


@for_each("name", NAMES_OF_ALL)
def test_all_that_is_said_can_be_shown(name: str) -> None:
    for text in said(mistake_called(name)):
        for span in running_text(text, WHERE[name]):
            if span.style is Style.MATH:
                assert inline(span.text)
            else:
                assert not set("$\\*`") & set(span.text) or span.style is Style.CODE
    runs = [(version, evidence_of(mistake_called(name), version)) for version in Version]
    for width in (40, 71):
        for line in evidence_lines(runs, width):
            assert sum(cell_width(text) for text, _ in line) <= width


def _twins(faulty: str, repaired: str, monkeypatch: pytest.MonkeyPatch) -> Mistake:
    """A mistake whose two programs have these lines."""
    texts = {Version.FAULTY: faulty.splitlines(), Version.REPAIRED: repaired.splitlines()}
    monkeypatch.setattr(
        "lessons.judge.lines.source_lines", lambda _, version: tuple(texts[version])
    )
    return mistake_called("divide-twice")


def test_where_a_line_is_missing_its_neighbours_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    mistake = _twins("a\nb\nc\nd", "a\nb\nnew\nc\nd", monkeypatch)
    assert faulty_lines(mistake) == {2, 3}
    assert [row.sign + row.text for row in compared(mistake)] == [" a", " b", "+new", " c", " d"]


def test_where_the_order_is_wrong_all_lines_in_disorder_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert faulty_lines(_twins("a\nx\nb\nc\nd", "a\nb\nc\nx\nd", monkeypatch)) == {2, 3, 4}
    assert faulty_lines(_twins("a\nb\nc\nx\nd", "a\nx\nb\nc\nd", monkeypatch)) == {2, 3, 4}


def test_equal_programs_have_no_faulty_line(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not faulty_lines(_twins("a\nb", "a\nb", monkeypatch))


def test_the_checks_report_both_runs_and_the_grader() -> None:
    rows = [
        result
        for result in run_lesson(catalog().load("linear/from-scratch"))
        if result.kind is Kind.MISTAKE and result.name.startswith("divide-twice")
    ]
    assert [row.name for row in rows] == [
        "divide-twice/faulty",
        "divide-twice/repaired",
        "divide-twice",
    ]
    assert all(row.ok for row in rows)
    assert rows[0].residual > rows[0].tolerance
    assert rows[1].residual <= rows[1].tolerance


def _oks() -> list[bool]:
    return [proof.ok for proof in prove_mistake(mistake_called("divide-twice"))]


def test_a_repaired_program_that_is_wrong_fails_its_check(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = evidence_of(mistake_called("divide-twice"), Version.FAULTY)
    monkeypatch.setattr("lessons.proof.mistakes.evidence_of", lambda *_: wrong)
    assert [proof.ok for proof in prove_mistake(mistake_called("divide-twice"))] == [
        True,
        False,
        True,
    ]


def test_a_faulty_program_without_a_symptom_fails_its_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    right = evidence_of(mistake_called("divide-twice"), Version.REPAIRED)
    monkeypatch.setattr("lessons.proof.mistakes.evidence_of", lambda *_: right)
    assert [proof.ok for proof in prove_mistake(mistake_called("divide-twice"))] == [
        False,
        True,
        True,
    ]


def test_a_grader_that_takes_any_line_fails_its_check(monkeypatch: pytest.MonkeyPatch) -> None:
    lenient = replace(reveal(mistake_called("divide-twice")), verdict=Verdict.RIGHT)
    monkeypatch.setattr("lessons.proof.mistakes.judge", lambda *_: lenient)
    assert [proof.ok for proof in prove_mistake(mistake_called("divide-twice"))] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("faulty", "repaired", "found", "said"),
    [
        ("a\nx\nc", "a\nb\nc", [(2, 1)], ""),
        ("a\nc\nd", "a\nb\nc\nd", [(2, 1)], ""),
        ("b\na\nc\nd", "a\nc\nb\nd", [(1, 1)], ""),
        ("a\n b\nc\n d", "a\nc\n  b\n d", [(2, 1)], ""),
        ("a\nx\nc\ny\nd", "a\nb\nc\ne\nd", [(2, 1), (4, 1)], "in more than one line: 2, 4 of f"),
        ("a\nx\ny\nd", "a\nb\nc\nd", [(2, 2)], "in more than one line: 2 to 3 of f"),
        ("a\nb", "a\nb", [], "are the same. Put one fault into faulty_"),
    ],
)
def test_a_program_has_one_fault_in_one_line(
    faulty: str,
    repaired: str,
    found: list[tuple[int, int]],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mistake = _twins(faulty, repaired, monkeypatch)
    assert faults(mistake) == found
    if said:
        *_, last = prove_mistake(mistake)
        assert not last.ok
        assert said in last.problem
        assert re.fullmatch(r"mistakes\.py:\d+", last.place)


PAGE = """---
minutes: 1
---
## A step
```mistake {name}
{body}
```
"""


def test_the_fence_reads_name_and_prompt() -> None:
    lesson = parse_lesson(
        PAGE.format(
            name="divide-twice",
            body="Which *line*?\n\nname: divided twice\nexplain: Once is enough.",
        ),
        "x.md",
        "linear/from-scratch",
        "A title",
    )
    (block,) = lesson.steps[0].blocks
    assert isinstance(block, FindMistake)
    assert block.name == "divide-twice"
    assert [span.text for span in block.prompt[0]] == ["Which ", "line", "?"]


@for_each(
    ("name", "body", "sentence"),
    [
        ("nonsense", "Which?", "The lesson has no mistake 'nonsense'."),
        ("divide-twice", "", "The mistake 'divide-twice' has no text."),
        ("", "Which?", "The mistake has no name."),
        ("divide-twice more", "Which?", "The mistake has words after its name."),
    ],
)
def test_a_fence_that_cannot_be_read_says_why(name: str, body: str, sentence: str) -> None:
    with pytest.raises(LessonError, match=r"x\.md:5") as caught:
        parse_lesson(PAGE.format(name=name, body=body), "x.md", "linear/from-scratch", "A title")
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("piece", "problem"),
    [
        (
            "w = w - lr",
            "is the faulty one, or stands at the fault. `line` is said about a line that",
        ),
        ("error", "The faulty program has 2 lines with 'error'. Write a longer piece"),
        ("gradient = X.T", "Two fields speak of the line with 'gradient = X.T'. Keep one."),
        ("lr = 1", "The faulty program has no line with 'lr = 1'. Write: line"),
    ],
)
def test_a_sentence_about_no_single_right_line_is_refused(piece: str, problem: str) -> None:
    path = catalog("en").load("linear/from-scratch").path
    text = path.read_text("utf-8")
    broken = text.replace('line "return": This line returns the w', f'line "{piece}": The w', 1)
    number = broken[: broken.index(f'line "{piece}"')].count("\n") + 1
    with pytest.raises(LessonError) as refused:
        parse_lesson(broken, "a.md", "linear/from-scratch", "A")
    assert str(refused.value).startswith(f"a.md:{number}: ")
    assert problem in str(refused.value)


def test_a_docstring_is_told_as_one_also_where_it_holds_a_piece_of_another_line() -> None:
    mistake = mistake_called("divide-twice")
    assert source_lines(mistake, Version.FAULTY)[1].endswith('from w = 0; returns w."""')
    assert about_line(mistake, 8).startswith("This line returns the weights.")
    assert "what the program is meant to do" in about_line(mistake, 2)
