"""The figures of lessons: what a fence may say, and what is said about what it may not."""

from __future__ import annotations

import pytest

from lessons.course.backprop.chain_rule import facts as chain_rule
from lessons.format import figure_names
from lessons.format.catalog import COURSE, catalog
from lessons.format.document import Figure, LessonError, Listing, plain_text
from lessons.format.drawings import Curve, Graph
from lessons.format.facts import facts_of
from lessons.format.figures import drawing_of, figures_of
from lessons.format.parser import parse_lesson
from tests.cases import for_each
from tui.figures.registry import declare, draw, words
from tui.page.lines import line_width
from tui.page.spoken import Formulas, block_words

SLUG = "functions/activations"
HEAD = "---\nminutes: 5\n---\n"
SLUGS = [entry.slug for entry in catalog("en").entries()]


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figure_names, "_find", None)
    declare()


def blocks(body: str, slug: str = SLUG) -> tuple[object, ...]:
    return parse_lesson(f"{HEAD}## One\n{body}", "a.md", slug, "A").steps[0].blocks


def test_a_figure_names_its_data_and_has_a_caption() -> None:
    (block,) = blocks("```figure curve tanh at=place_2 rows=12\nTanh, **drawn**.\n```")
    assert isinstance(block, Figure)
    assert isinstance(block.drawing, Curve)
    assert (block.kind, block.name) == ("curve", "tanh")
    assert block.options == (("at", 2.0), ("rows", 12.0))
    assert plain_text(block.caption) == "Tanh, drawn."


def test_a_listing_stands_as_it_is() -> None:
    assert blocks("```listing\n├─ a\n```") == (Listing("├─ a"),)


@for_each(
    ("fence", "problem", "mend"),
    [
        ("figure", "needs a kind and a name", "figure KIND NAME"),
        ("figure curve", "needs a kind and a name", "figure KIND NAME"),
        ("figure curv tanh", "No kind of figure is called 'curv'", "curve"),
        ("figure bars tanh", "is of the kind curve, not bars", "figure curve tanh"),
        ("figure curve tahn", "has no figure 'tahn'", "tanh"),
        ("figure curve tanh at", "has no value", "key=value"),
        ("figure curve tanh cells=3", "'cells' is not known", "at, rows"),
        ("figure curve tanh at=nowhere", "The option at is 'nowhere'", "NUMBERS"),
        ("figure curve tanh rows=1000", "outside of its limits", "from 3 to 60"),
        ("figure curve tanh rows=nan", "The option rows is 'nan'", "Give a number"),
        ("listing named", "has no name", "Leave out"),
    ],
)
def test_a_mistake_is_named_with_its_line(fence: str, problem: str, mend: str) -> None:
    with pytest.raises(LessonError) as caught:
        blocks(f"Text.\n\n```{fence}\n```")
    text = str(caught.value)
    assert text.startswith("a.md:7: ")
    assert problem in text
    assert mend in text


def test_a_picture_must_be_a_figure_of_the_lesson() -> None:
    with pytest.raises(LessonError, match=r"a\.md:3: The lesson has no figure 'tanhh'"):
        parse_lesson("---\nminutes: 5\npicture: tanhh\n---\n## One\nText.", "a.md", SLUG, "A")


@pytest.mark.parametrize("slug", SLUGS)
def test_every_lesson_has_a_picture_that_fits_on_a_card(slug: str) -> None:
    outline = catalog("en").outline(slug)
    assert outline.picture
    lines = draw(drawing_of(slug, outline.picture), 38, 8)
    assert 3 <= len(lines) <= 8 or slug == "frameworks/fizzbuzz"
    assert all(line_width(line) <= 38 for line in lines)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_figure_is_used_and_says_itself_in_words(slug: str) -> None:
    lesson = catalog("en").load(slug)
    shown = [b for step in lesson.steps for b in step.blocks if isinstance(b, Figure)]
    assert {block.name for block in shown} | {lesson.picture} == set(figures_of(slug))
    for block in shown:
        said = [*block_words(block, Formulas.LINE)]
        assert words(block.drawing) in said[0]


def test_no_drawing_is_typed_into_a_lesson() -> None:
    for path in COURSE.glob("*/*/lesson.*.md"):
        assert "\n```figure\n" not in path.read_text("utf-8"), path


def test_the_graph_of_the_chain_rule_has_the_numbers_of_its_facts() -> None:
    graph = drawing_of("backprop/chain-rule", "chain_numbers")
    assert isinstance(graph, Graph)
    nodes = {node.name: node for node in graph.nodes}
    numbers = facts_of("backprop/chain-rule").numbers
    for name, key in (("u", "u"), ("v", "v"), ("s", "s"), ("fc₁", "fc1"), ("fc₂", "fc2")):
        assert nodes[name].value == pytest.approx(numbers[f"chain_{key}"]())
    assert nodes["w"].gradient == pytest.approx(numbers["chain_start_dw"]())
    slope = chain_rule.number(r"\frac{d\, \mathrm{fc}_2}{db}")
    assert nodes["b"].gradient == pytest.approx(slope())
