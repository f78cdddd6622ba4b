"""The contents, and that every written lesson can be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.format.catalog import COURSE, Catalog, UnknownLessonError, catalog
from lessons.format.lesson_error import LessonError

CURRICULUM = {
    "backprop": "worked-example forward deltas gradients chain-rule matrix-calculus update-loop "
    "in-pytorch",
    "functions": "activations softmax stability regression-losses entropy classification-losses",
    "linear": "model gradient-descent likelihood from-scratch concise",
    "classification": "logistic softmax fashion-mnist softmax-from-scratch softmax-concise",
    "mlp": "hidden-layers from-scratch concise mnist-low-level mnist-module device watching",
    "frameworks": "numpy tensors autograd nn optim module fizzbuzz",
}


def test_all_lessons_of_the_curriculum_are_listed_in_order() -> None:
    wanted = [
        f"{chapter}/{name}" for chapter, names in CURRICULUM.items() for name in names.split()
    ]
    # New lessons may stand between them.
    listed = [entry.slug for entry in catalog().entries()]
    assert [slug for slug in listed if slug in wanted] == wanted


def test_every_file_is_a_lesson_of_the_contents() -> None:
    listed = {entry.path for entry in catalog().entries() if entry.path}
    assert set(COURSE.rglob("lesson.en.md")) == listed


@pytest.mark.parametrize("slug", [e.slug for e in catalog().entries() if e.is_written])
def test_every_written_lesson_loads(slug: str) -> None:
    lesson = catalog().load(slug)
    assert lesson.steps
    assert lesson.minutes > 0


def test_a_lesson_is_found_by_its_last_name() -> None:
    assert catalog().entry("worked-example").slug == "backprop/worked-example"


def test_an_unknown_lesson_names_the_nearest() -> None:
    with pytest.raises(UnknownLessonError, match="backprop/worked-example"):
        catalog().entry("backprop/worked-exampel")


def test_a_name_that_stands_twice_names_both() -> None:
    with pytest.raises(UnknownLessonError, match="linear/from-scratch or mlp/from-scratch"):
        catalog().entry("from-scratch")


def _contents(folder: Path, text: str) -> Catalog:
    (folder / "contents.yaml").write_text(
        "- {slug: linear, title: Lines, lessons: {one: The first, two: The second}}\n"
    )
    (folder / "linear" / "one").mkdir(parents=True)
    (folder / "linear" / "one" / "lesson.en.md").write_text(text)
    return Catalog(folder)


def test_a_lesson_that_is_not_written_cannot_be_loaded(tmp_path: Path) -> None:
    contents = _contents(tmp_path, "")
    assert not contents.entry("linear/two").is_written
    with pytest.raises(UnknownLessonError, match="still to come") as caught:
        contents.load("linear/two")
    assert str(tmp_path / "linear" / "two" / "lesson.en.md") in str(caught.value)


def test_contents_that_are_not_there_are_said_with_their_path(tmp_path: Path) -> None:
    with pytest.raises(LessonError, match=r"contents\.yaml:1: The contents .* cannot be read"):
        Catalog(tmp_path)


def test_a_translation_falls_back_to_english(tmp_path: Path) -> None:
    english = _contents(tmp_path, "---\nminutes: 1\n---\n## A\nB\n")
    chinese = Catalog(tmp_path, "zh")
    assert chinese.load("linear/one").title == "The first"
    assert [entry.only_english for entry in chinese.entries()] == [True, False]
    assert not any(entry.only_english for entry in english.entries())
    translated = tmp_path / "linear" / "one" / "lesson.zh.md"
    translated.write_text("---\nminutes: 1\n---\n## 甲\nB\n", encoding="utf-8")
    found = Catalog(tmp_path, "zh")
    assert not found.entry("linear/one").only_english
    assert found.load("linear/one").path == translated
    assert english.load("linear/one").path.name == "lesson.en.md"


def test_titles_are_laid_over_the_contents(tmp_path: Path) -> None:
    english = _contents(tmp_path, "---\nminutes: 1\n---\n## A\nB\n")
    (tmp_path / "contents.zh.yaml").write_text(
        "- {slug: linear, title: 线性, lessons: {one: 第一课}}\n", encoding="utf-8"
    )
    chinese = Catalog(tmp_path, "zh")
    assert chinese.chapters[0].title == "线性"
    assert [entry.title for entry in chinese.entries()] == ["第一课", "The second"]
    assert chinese.load("linear/one").title == "第一课"
    assert english.chapters[0].title == "Lines"


def test_the_course_follows_the_language_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    assert catalog().language == "en"
    monkeypatch.setattr("engine.language._language", "zh")
    assert catalog() is catalog("zh")
    assert catalog().language == "zh"


def test_neighbours_leave_out_what_is_not_written(tmp_path: Path) -> None:
    contents = _contents(tmp_path, "---\nminutes: 1\n---\n## A\n")
    assert contents.neighbour("linear/one", 1) is None
    assert contents.neighbour("linear/one", -1) is None
    before = contents.neighbour("linear/two", -1)
    assert before is not None
    assert before.slug == "linear/one"
