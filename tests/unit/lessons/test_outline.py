"""A lesson's outline is the same whether its text is scanned or the lesson is read in full."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from engine.language import languages
from lessons.format.catalog import COURSE, Catalog, catalog
from lessons.format.outline import outline_of, scan
from lessons.format.parser import step_keys
from lessons.format.plain_yaml import Unusual, chapters
from tests.cases import for_each
from tests.unit.lessons.course import SLUGS, lesson

HEAD = "---\nminutes: 5\n---\n"


@pytest.mark.parametrize("slug", SLUGS)
def test_an_outline_is_that_of_the_lesson_read_in_full(slug: str) -> None:
    assert catalog("en").outline(slug) == outline_of(lesson(slug))


def test_the_course_is_scanned_and_hardly_ever_read_in_full() -> None:
    paths = [*COURSE.glob("*/*/lesson.*.md")]
    given_up = [path for path in paths if scan(path.read_text("utf-8")) is None]
    assert len(given_up) <= len(paths) // 20, given_up


@pytest.mark.parametrize("path", sorted(COURSE.glob("contents*.yaml")), ids=lambda path: path.name)
def test_the_contents_are_read_as_pyyaml_reads_them(path: Path) -> None:
    assert chapters(path.read_text("utf-8")) == yaml.safe_load(path.read_text("utf-8"))


@for_each(
    "body",
    [
        "## One\nText.\n\n## Two\nText.\n",
        "## Huber's *loss*\nText.\n\n## What `a()` keeps of $x_1$ {#kept}\nText.\n",
        "## One\n```figure\n## no step\n```\n## Two\nText.\n",
        "## One\n````figure\n```\n## no step\n```\n````\n## Two\nText.\n",
        "## One\n~~~figure\n## no step\n~~~\n## Two\nText.\n",
        "## One\n$$\n## x\n$$\nText.\n",
        "## One\n$$x = 1$$\n\n## Two\nText.\n",
        "##  Two blanks  \nText.\n",
        "## Closed ##\nText.\n",
        "  ## Indented\nText.\n",
        "## One\nText\n---\nMore.\n",
        "## A [link](lesson:a/b) in a title\nText.\n",
        "## R&amp;D and &lt;\nText.\n",
        "## One\n- item\n- ## no step here\n",
        "## One\n\n    ## code\n\nText.\n",
    ],
)
def test_what_is_scanned_is_what_markdown_says_or_nothing(body: str) -> None:
    found = scan(HEAD + body)
    assert found is None or found.keys == step_keys(Path("a.md"), HEAD + body)


@for_each(
    "text",
    [
        "## No head\n",
        HEAD,
        f"{HEAD}Text before the first step.\n",
        f"{HEAD}## One\n\n## One\n",
        f"{HEAD}## ∇\n",
        f"{HEAD}## One {{#Not a key}}\n",
        f"{HEAD}## One\n```figure\nno end\n",
        f"{HEAD}## One\n<div>\n",
        "---\nminutes: many\n---\n## One\n",
        "---\nminutes: 5\ngoals:\n- say: why\n---\n## One\n",
    ],
)
def test_what_is_unusual_is_left_to_the_reader(text: str) -> None:
    assert scan(text) is None


@for_each(
    "text",
    [
        "- {slug: a, title: A, lessons: {b: B}}\n",
        "- slug: a\n  title: yes\n  lessons:\n    b: B\n",
        "- slug: a\n  title: 'It''s'\n  lessons:\n    b: one # two\n",
        "- slug: a\n  title: A\n  lessons:\n    b: B: C\n",
        "- slug: a\n  title: |\n    A\n",
        "# a remark\n- slug: a\n  title: A#1\n  lessons:\n    b: http://x\n    c: 'q: #'\n",
    ],
)
def test_contents_are_read_as_pyyaml_reads_them_or_not_at_all(text: str) -> None:
    try:
        found = chapters(text)
    except Unusual:
        return
    assert found == yaml.safe_load(text)


def test_quoted_goals_and_needs_are_read() -> None:
    text = (
        "---\nminutes: 7\nneeds: [a/b, c/d-e]\ngoals:\n  - 'don''t: #1'\n  - plain\n---\n## One\n"
    )
    found = scan(text)
    assert found is not None
    assert (found.minutes, found.needs, found.goals) == (
        7, ("a/b", "c/d-e"), ("don't: #1", "plain"),
    )  # fmt: skip


def test_a_translation_has_the_keys_of_the_english_lesson(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "contents.yaml").write_text("- {slug: a, title: A, lessons: {b: B}}\n", "utf-8")
    texts = {"en": "## Loss\nA.\n## Slope\nB.\n", "zh": "## 甲\nA.\n## 乙\nB.\n"}
    for code, text in texts.items():
        (tmp_path / "a" / "b" / f"lesson.{code}.md").write_text(HEAD + text, "utf-8")
    english, chinese = (Catalog(tmp_path, code).outline("a/b") for code in ("en", "zh"))
    assert english.keys == ("loss", "slope")
    assert chinese == english
    assert "zh" in languages()
