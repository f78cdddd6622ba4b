"""Finding words in the course."""

from __future__ import annotations

from functools import cache

from lessons.format.catalog import catalog
from lessons.format.searching import MOST, Index, Where, _paragraphs, folded
from tests.cases import for_each


@cache
def index() -> Index:
    """The index of the course, made once."""
    return Index(catalog("en"))


@for_each(
    ("wanted", "slug", "where"),
    [
        ("worked by hand", "backprop/worked-example", Where.LESSON),
        ("Jacobian", "functions/softmax", Where.SYMBOL),
        ("exchanged columns", "linear/concise", Where.SLIP),
        ("one blank", "backprop/worked-example", Where.STEP),
        (r"\sum_i g_i", "functions/softmax", Where.FORMULA),
        ("Σ g", "functions/softmax", Where.FORMULA),
        ("mean square of the output", "mlp/mnist-low-level", Where.TEXT),
    ],
)
def test_each_kind_of_passage_is_found(wanted: str, slug: str, where: Where) -> None:
    assert any((found.entry.slug, found.where) == (slug, where) for found in index().find(wanted))


@for_each("typed", ["δ", "delta", r"\delta", "Δ"])
def test_greek_letters_are_found_however_they_are_typed(typed: str) -> None:
    assert "backprop/deltas" in [found.entry.slug for found in index().find(typed)]


def test_titles_come_first_and_each_step_once() -> None:
    found = index().find("softmax")
    assert found[0].where is Where.LESSON
    assert [each.where for each in found] == sorted(each.where for each in found)
    places = [(each.entry.slug, each.step) for each in found]
    assert len(places) == len(set(places)) <= MOST


def test_steps_are_counted_as_the_lesson_counts_them() -> None:
    for slug in ("functions/softmax", "backprop/worked-example", "mlp/watching"):
        titles = {p.step: p.title for p in index()._passages if p.entry.slug == slug and p.step}
        lesson = catalog("en").load(slug)
        assert max(titles) == len(lesson.steps) - 1


def test_no_answer_is_given_away() -> None:
    for passage in index()._passages:
        assert not passage.text.startswith(("right:", "explain:", "hint"))
    for second_line in ("denominator cancels", "sigmoid cancels"):
        slugs = [found.entry.slug for found in index().find(second_line)]
        assert "functions/classification-losses" not in slugs, "what is said to a slip is no step"


def test_a_field_of_a_question_goes_on_behind_an_empty_line() -> None:
    block = ["```predict a", "explain: one", "", "  two", "", "hint: x", "```"]
    lines = ["## A", *block, "three", "", "  four"]
    passages = [text for _step, _title, text in _paragraphs(lines)]
    assert passages == ["A", "explain: one two", "hint: x", "three", "four"]


def test_nothing_is_found_for_nothing() -> None:
    assert index().find("  ") == []
    assert index().find("zzz") == []


def test_letters_are_compared_without_case_and_marks() -> None:
    assert folded(r"$W^{(l)}$ **Bias**") == "w^(l) bias"


@for_each("mark", ["option ", "option:", "factor ", "slip "])
def test_no_word_for_authors_is_shown(mark: str) -> None:
    shown = [found.text for found in index().find("softmax")]
    assert len(shown) > 20
    assert not [text for text in shown if text.startswith(mark)]
