"""Every step has a key that stays, whatever becomes of its title, its place and its language."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lessons.format.catalog import Catalog
from lessons.format.document import LessonError, plain_text
from lessons.format.parser import parse_lesson, step_keys
from lessons.learner.moved import place_of_step
from lessons.learner.progress import Progress
from lessons.learner.progress_file import _steps_of_0_1
from lessons.proof.translations import differences
from tests.cases import for_each
from tests.unit.lessons.course import SLUGS, lesson

HEAD = "---\nminutes: 1\n---\n"
RELEASED = [*Path(__file__).parent.glob("step_keys_of_*.json")]


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.stem)
def test_no_key_that_was_released_is_lost(path: Path) -> None:
    for slug, keys in json.loads(path.read_text("utf-8")).items():
        now = [place_of_step(slug, key) for key in keys]
        lost = sorted(key for where, key in now if key not in lesson(where).keys)
        assert not lost, f"{slug}: put each behind the title of its step, as in {{#{lost[0]}}}"


def test_the_shipped_table_is_that_of_the_release() -> None:
    path = Path(__file__).with_name("step_keys_of_0_1.json")
    assert path in RELEASED
    assert json.loads(path.read_text("utf-8")) == _steps_of_0_1()
    steps = json.loads(path.with_name("ids_of_0_1.json").read_text("utf-8"))
    assert {slug: len(keys) for slug, keys in _steps_of_0_1().items()} == {
        slug: old["steps"] for slug, old in steps.items()
    }


@pytest.mark.parametrize("slug", SLUGS)
def test_the_keys_are_the_same_without_reading_the_lesson(slug: str) -> None:
    found = lesson(slug)
    assert step_keys(found.path, found.path.read_text("utf-8")) == found.keys
    assert not any("{#" in plain_text(step.title) for step in found.steps)


@for_each(
    ("title", "key", "shown"),
    [
        ("Huber's loss, and how the two differ", "hubers-loss-and-how-the-two-differ", ""),
        ("Why no_grad", "why-no-grad", ""),
        ("What `backward()` keeps of $x_1$", "what-backward-keeps-of-x-1", ""),
        ("Reworded {#as-it-was}", "as-it-was", "Reworded"),
        ("The slope of $w$ {#slope}", "slope", "The slope of w"),
        ("The {#middle} stays", "the-middle-stays", ""),
        ("∇ {#gradient}", "gradient", "∇"),
    ],
)
def test_a_key_comes_from_the_title_or_from_its_mark(title: str, key: str, shown: str) -> None:
    found = parse_lesson(f"{HEAD}## {title}\nText.\n", "a.md", "a/b", "A")
    assert found.keys == (key,)
    if shown:
        assert plain_text(found.steps[0].title) == shown


@for_each(
    ("titles", "said"),
    [
        (("One", "one!"), "a.md:6: Two steps have the key 'one'"),
        (("One", "Two {#one}"), "a.md:6: Two steps have the key 'one'"),
        (("Two {#Two words}",), "a.md:4: The mark {#Two words} is not a key"),
        (("∇",), "a.md:4: The title has no letter"),
        (("One {#}",), "a.md:4: The title has no letter"),
    ],
)
def test_a_key_that_cannot_be_used_is_refused(titles: tuple[str, ...], said: str) -> None:
    text = HEAD + "".join(f"## {title}\nText.\n" for title in titles)
    with pytest.raises(LessonError) as caught:
        parse_lesson(text, "a.md", "a/b", "A")
    assert str(caught.value).startswith(said)
    troubles: list[LessonError] = []
    assert len(parse_lesson(text, "a.md", "a/b", "A", troubles).steps) == len(titles)
    assert [str(error) for error in troubles] == [str(caught.value)]


def course(folder: Path, english: str, chinese: str) -> tuple[Catalog, Catalog]:
    """A lesson in two languages, each given by its titles and texts."""
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "contents.yaml").write_text("- {slug: a, title: A, lessons: {b: B}}\n", "utf-8")
    for code, text in (("en", english), ("zh", chinese)):
        (folder / "a" / "b" / f"lesson.{code}.md").write_text(HEAD + text, "utf-8")
    return Catalog(folder), Catalog(folder, "zh")


def test_a_translation_has_the_english_keys(tmp_path: Path) -> None:
    english, chinese = course(
        tmp_path, "## Loss\nA.\n## Slope {#old}\nB.\n", "## 同名\n甲。\n## 同名 {#old}\n乙。\n"
    )
    keys = ("loss", "old")
    assert english.load("a/b").keys == english.step_keys("a/b") == keys
    assert chinese.step_keys("a/b") == chinese.load("a/b").keys == keys
    progress = Progress(tmp_path / "p.sqlite")
    progress.visit("a/b", 1, chinese.load("a/b").keys)
    assert progress.get("a/b").places(english.step_keys("a/b")) == {1}


def test_a_translation_that_is_out_of_date_takes_no_step_for_another(tmp_path: Path) -> None:
    english, chinese = course(
        tmp_path,
        "## One\n$$x = 1$$\n## New\n$$y = 2$$\n## Last\n```listing\n.\n```\n",
        "## 一\n$$x = 1$$\n## 末\n```listing\n。\n```\n",
    )
    assert english.load("a/b").keys == ("one", "new", "last")
    assert chinese.load("a/b").keys == ("one", "last")


def test_a_step_that_only_the_translation_has_is_no_english_one(tmp_path: Path) -> None:
    _, chinese = course(tmp_path, "## One\n$$x = 1$$\n", "## One\n文。\n## 一\n$$x = 1$$\n")
    assert chinese.load("a/b").keys == ("+one", "one")


def test_the_check_of_a_language_compares_marks(tmp_path: Path) -> None:
    course(tmp_path, "## One {#old}\nA.\n", "## 一 {#other}\n甲。\n")
    english, chinese = (tmp_path / "a" / "b" / f"lesson.{code}.md" for code in ("en", "zh"))
    found = [str(each) for each in differences("a/b", english, chinese)]
    assert any(":4: " in each and "the key {#old}" in each for each in found), found
    chinese.write_text(chinese.read_text("utf-8").replace("other", "old"), "utf-8")
    assert list(differences("a/b", english, chinese)) == []
