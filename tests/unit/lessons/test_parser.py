"""The lesson format: what is read, and what is said about what cannot be."""

from __future__ import annotations

import textwrap

import pytest

from lessons.format import lab_names
from lessons.format.document import (
    Code,
    DisplayMath,
    ItemList,
    Lab,
    LessonError,
    Listing,
    Paragraph,
    Span,
    Style,
    Table,
    Training,
    plain_text,
)
from lessons.format.parser import parse_lesson, running_text
from tests.cases import for_each

SLUG = "linear/from-scratch"
HEAD = """\
---
minutes: 5
needs: [linear/model]
symbols:
  - ['W', 'd \\times k', 'the weights of $k$ classes']
---
"""


@pytest.fixture(autouse=True)
def one_lab(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lessons know one lab with one option."""
    monkeypatch.setattr(lab_names, "_find", lambda: {"stepper": frozenset({"phase"})})


def lesson(body: str) -> str:
    return HEAD + textwrap.dedent(body)


def test_where_no_lab_was_declared_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab_names, "_find", None)
    block = (
        parse_lesson(lesson("## One\n```lab anything goes=here\n```"), "a.md", SLUG, "A")
        .steps[0]
        .blocks[0]
    )
    assert block == Lab("anything", (("goes", "here"),))


def test_front_matter_becomes_fields() -> None:
    found = parse_lesson(lesson("## One\nText."), "a.md", SLUG, "A lesson")
    assert (found.slug, found.title, found.minutes) == ("linear/from-scratch", "A lesson", 5)
    assert found.chapter == "linear"
    assert found.needs == ("linear/model",)
    (symbol,) = found.symbols
    assert symbol.latex == "W"
    assert symbol.meaning[1] == Span("k", Style.MATH)


def test_each_second_level_heading_begins_a_step() -> None:
    found = parse_lesson(lesson("## One $x$\nText.\n\n## Two\nMore."), "a.md", SLUG, "A lesson")
    assert [plain_text(step.title) for step in found.steps] == ["One x", "Two"]
    assert [step.line for step in found.steps] == [7, 10]


def test_running_text_has_styles() -> None:
    text = running_text("a **b** *c* `d` $e^2$ [f](lesson:linear/model)")
    assert [(span.text, span.style) for span in text if span.text.strip()] == [
        ("a ", Style.PLAIN),
        ("b", Style.STRONG),
        ("c", Style.EMPHASIS),
        ("d", Style.CODE),
        ("e^2", Style.MATH),
        ("f", Style.LESSON),
    ]
    assert text[-1].target == "linear/model"


def test_blocks_are_read() -> None:
    body = """\
        ## One
        Text.

        $$a = b$$

        1. first
        2. second

        | a | b |
        |---|---|
        | 1 | $x$ |

        > A remark.

        ```listing
        --o--
        ```

        ```code engine.recipes.linear:sgd
        The update.
        ```

        ```lab stepper phase=backward
        ```

        ```training linear epochs=3
        ```
        """
    blocks = parse_lesson(lesson(body), "a.md", SLUG, "A lesson").steps[0].blocks
    text, maths, items, table, remark, figure, code, lab, training = blocks
    assert isinstance(text, Paragraph)
    assert not text.quoted
    assert isinstance(maths, DisplayMath)
    assert maths.latex == "a = b"
    assert isinstance(items, ItemList)
    assert (items.start, len(items.items)) == (1, 2)
    assert isinstance(table, Table)
    assert table.rows[0][1] == (Span("x", Style.MATH),)
    assert isinstance(remark, Paragraph)
    assert remark.quoted
    assert figure == Listing("--o--")
    assert isinstance(code, Code)
    assert not code.runs
    assert plain_text(code.caption) == "The update."
    assert lab == Lab("stepper", (("phase", "backward"),))
    assert training == Training("linear", (("epochs", "3"),))


@for_each(
    ("body", "line", "words"),
    [
        ("Text.", 7, "outside of a step"),
        ("## One\n```labs stepper\n```", 8, "block kind 'labs' is not known"),
        ("## One\n```lab steper\n```", 8, "No lab is called 'steper'"),
        ("## One\n```lab stepper speed=3\n```", 8, "option 'speed' is not known"),
        ("## One\n```lab stepper phase\n```", 8, "has no value"),
        ("## One\n```training lineer\n```", 8, "no recipe 'lineer'"),
        ("## One\n```training linear epochs=0\n```", 8, "out of bounds"),
        ("## One\n```predict nothing\nHow?\n```", 8, "have no question 'nothing'"),
        ("## One\n```derivation nothing\n\na = b\n```", 10, "no reason"),
        ("## One\n```code engine.recipes.linear:sgdd\n```", 8, "does not define 'sgdd'"),
        ("## One\n```code engine.recipe:sgd\n```", 8, "no module"),
        ("## One\n```\nx\n```", 8, "has no kind"),
        ("## One\nSee [5](number:nothing).", 8, "No number of the lesson is called 'nothing'"),
        ("## One\nSee [5](https://example.org).", 8, "leads nowhere"),
        ("## One\n---", 8, "has no place in a lesson"),
        ("# One", 7, "outside of a step"),
        ("", 1, "no steps"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_mend(body: str, line: int, words: str) -> None:
    with pytest.raises(LessonError) as caught:
        parse_lesson(HEAD + body, "course/a.md", SLUG, "A lesson")
    assert caught.value.line == line
    assert words in str(caught.value)
    assert str(caught.value).startswith(f"course/a.md:{line}: ")
    assert caught.value.mend.endswith(".")


@for_each(
    ("head", "words"),
    [
        ("## One\n", "no front matter"),
        ("---\nneeds: []\n---\n## One\n", "no 'minutes'"),
        ("---\nminutes: soon\n---\n## One\n", "'minutes' is not a whole number"),
        ("---\nminutes: 1\nautor: x\n---\n## One\n", "'autor' is not known"),
        ("---\nminutes: [\n---\n## One\n", "not YAML"),
        ("---\nminutes: 1\nsymbols: [x]\n---\n## One\n", "list of two"),
    ],
)
def test_front_matter_mistakes_are_named(head: str, words: str) -> None:
    with pytest.raises(LessonError, match=words):
        parse_lesson(head, "a.md", SLUG, "A lesson")


def test_a_line_break_between_chinese_characters_leaves_no_blank() -> None:
    found = parse_lesson(
        "---\nminutes: 1\n---\n## 一\n误差\n**反向**\n传播 $x$\n和 b\nc\n", "a.md", SLUG, ""
    )
    (paragraph,) = found.steps[0].blocks
    assert isinstance(paragraph, Paragraph)
    assert plain_text(paragraph.text) == "误差反向传播 x 和 b c"
