"""Values, figures and labs of another kind than a lesson needs: said with file, line and mend."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from engine.broken import load_part
from engine.errors import UserError
from lessons.format.document import Figure, LessonError
from lessons.format.drawings import Curve, Line, Surface
from lessons.format.facts import facts_in
from lessons.format.figures import drawing_of
from lessons.format.parser import parse_lesson
from lessons.format.tables import keys_twice
from lessons.format.trouble import in_file
from tests.cases import for_each
from tui.commands.check_parts import refuse_lab_options, refuse_undrawable
from tui.labs.tangent import TangentLab
from tui.page.lesson import block_lines
from tui.page.lines import Ink, InkLine

HEAD = "---\nminutes: 1\n---\n## One\n"
FACTS = """
from engine.formulas.notation import Notation
from lessons.judge.values import Choice, Fill, Number, Order, Shape, Sign

NOTATION = Notation()
SCOPES = {"a": NOTATION}
NUMBERS = {
    "w": lambda: 3.0,
}
QUESTIONS = {
    "q": Number(lambda: 1.0, slips={"s": lambda: 2.0}),
    "c": Choice(lambda: 1),
    "h": Shape(lambda: (2, 3), slips={"t": lambda: (3, 2)}),
}
"""


def use(module: ModuleType, path: Path) -> None:
    """Import the facts of a module, and compute all that they compute."""
    try:
        exec(compile(path.read_text("utf-8"), path, "exec"), vars(module))
    except TypeError as error:
        raise in_file(error, path.parent, path) from error
    facts = facts_in(module, {})
    for compute in facts.numbers.values():
        compute()
    for values in facts.questions.values():
        computes = [getattr(values, name, None) for name in ("answer", "proof")]
        computes += [way for ways in getattr(values, "slips", {}).values() for way in ways]
        for compute in filter(None, computes):
            compute()


@for_each(
    ("old", "new", "line", "said"),
    [
        ("lambda: 3.0", "3.0", 8, "The number 'w' is a float. Write NUMBERS ="),
        ("lambda: 3.0", "lambda: '3'", 8, "'w' computes is '3', and not a number."),
        ("lambda: 3.0", "lambda: 1 / 0", 8, "This stops with ZeroDivisionError: division by zero."),
        ("lambda: 3.0", "lambda: (_ for _ in ()).throw(GeneratorExit)", 8, "with GeneratorExit"),
        ("lambda: 3.0", "lambda: exit()", 8, "This would end the whole program (SystemExit)."),
        ("lambda: 3.0", "lambda: 10**400", 8, "What 'w' computes is too large for a floating-"),
        ("lambda: 2.0", "lambda: -(10**400)", 11, "What 'q' computes is too large for a floati"),
        ("lambda: 3.0", "lambda: None", 8, "'w' computes is None, and not a number."),
        ("lambda: 1.0", "lambda: '1'", 11, "'q' computes is '1', and not a number."),
        ("lambda: 2.0", "lambda: '2'", 11, "'q' computes is '2', and not a number."),
        ("lambda: 1)", "lambda: 0.5)", 12, "'c' computes is 0.5, and not the index of an opt"),
        ("lambda: (3, 2)", "lambda: 6", 13, "'h' computes is 6, and not a tuple of sizes."),
        ("Choice(lambda: 1)", "3", 12, "The question 'c' is an int. Write QUESTIONS ="),
        ('{"s": lambda: 2.0}', "[lambda: 2.0]", 11, '{"name": lambda: …}, and not a list.'),
        ("lambda: 1.0", "lambda x: 1.0", 11, "What computes 'q' cannot be called: <lambda>() miss"),
        ("lambda: 2.0", "lambda x: 2.0", 11, "'q' cannot be called: <lambda>() missing 1 requir"),
        ("lambda: 3.0", "lambda x: 3.0", 8, "cannot be called: <lambda>() missing 1 required po"),
        (
            "lambda: 1.0, ",
            "lambda: 1.0, digits='4', ",
            11,
            "`digits` must be a whole number, not '4'",
        ),
        (
            "lambda: 1.0, ",
            "lambda: 1.0, unit=3, ",
            11,
            '`unit` must be a text, such as "MB", not 3.',
        ),
        (
            "lambda: 1.0, ",
            "lambda: 1.0, before=3, ",
            11,
            "the value before the step must be a function",
        ),
        ("lambda: 1.0, ", "lambda: 1.0, tolerance=-1, ", 11, "`tolerance` must be 0 or more, not"),
        ("Choice(lambda: 1)", "Choice(1)", 12, "the proof must be a function, `lambda: …`, not 1."),
        (
            "Choice(lambda: 1)",
            "Order((1, 0))",
            12,
            "the proof must be a function, `lambda: …`, not",
        ),
        (
            "Choice(lambda: 1)",
            "Sign(-1.0)",
            12,
            "the value must be a function, `lambda: …`, not -1",
        ),
        ("Choice(lambda: 1)", "Fill('x')", 12, "Fill(…) needs a notation, and not 'x'."),
        ("lambda: (2, 3)", "(2, 3)", 13, "the shape must be a function, `lambda: …`, not (2, 3)."),
        ('{"t": lambda: (3, 2)}', "[]", 13, 'TypeError: slips are written {"name": lambda'),
        ('{"a": NOTATION}', '{"a": {}}', 6, "The scope 'a' is a dict. Write SCOPES ="),
        ('{"a": NOTATION}', "[NOTATION]", 6, "SCOPES is a list. Write SCOPES ="),
        ('NOTATION = Notation()\nSCOPES = {"a": NOTATION}', "NOTATION = 'x'", 5, "is a str. Writ"),
    ],
)
def test_a_fact_of_another_kind_is_said_with_its_line(
    old: str, new: str, line: int, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "facts.py"
    assert old in FACTS
    path.write_text(FACTS.replace(old, new), "utf-8")
    module = ModuleType("facts")
    module.__file__ = str(path)
    with pytest.raises(LessonError) as caught:
        use(module, path)
    assert said in str(caught.value)
    assert (caught.value.path, caught.value.line) == (path, line)


def refuse(error: LessonError) -> None:
    raise error


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("FIGURES = [make]", 4, "FIGURES is a list. Write FIGURES ="),
        ("FIGURES = {'a': make()}", 4, "The figure 'a' is a Curve. Write FIGURES ="),
        ("FIGURES = {'a': lambda: 3}", 4, "The figure 'a' is an int, and not a drawing."),
        ("FIGURES = {'a': lambda: 1 / 0}", 4, "This stops with ZeroDivisionError"),
        ("FIGURES = {'a': lambda: make(low=3)}", 3, "made: `low` must be smaller than `high`."),
        ("FIGURES = {'a': lambda: make(low=-1e308)}", 3, "The ends of the axis must be below 1e1"),
        ("FIGURES = {'a': lambda: make(f=3)}", 4, "`f` of Line is 3. It must be a function."),
        ("FIGURES = {'a': lambda: make(hue='red')}", 4, "`hue` of Line is 'red'. It must be a Hue"),
        ("FIGURES = {'a': lambda: make(x=3)}", 4, "`x` of Curve is 3. It must be a text"),
        ("FIGURES = {'a': lambda: make(tangent='b')}", 3, "This stops with TypeError"),
        ("FIGURES = {'a': make, 'a': make}", 4, "The key 'a' stands here a second time"),
    ],
)
def test_a_figure_that_cannot_be_made_is_said_with_its_line(
    text: str, line: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "figures.py"
    make = (
        "from lessons.format.drawings import Curve, Line\n"
        "def make(f=abs, hue=None, low=-1, x='x', **more):\n"
        "    return Curve((Line('L', f, **({'hue': hue} if hue else {})),), low, 2, x, **more)\n"
    )
    path.write_text(make + text + "\n", "utf-8")
    module = ModuleType("figures")
    module.__file__ = str(path)
    exec(compile(path.read_text("utf-8"), path, "exec"), vars(module))
    monkeypatch.setattr("lessons.format.figures.lesson_module", lambda slug, name: module)
    monkeypatch.setattr("lessons.format.figures.module_path", lambda slug, name: path)
    with pytest.raises(LessonError) as caught:
        [drawing_of(str(tmp_path), "a"), *map(refuse, keys_twice(path))]
    assert said in str(caught.value)
    assert (caught.value.path, caught.value.line) == (path, line)


def test_a_figure_must_be_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    def draw(*_: object, **__: object) -> list[InkLine]:
        raise KeyError("hue")

    lesson = parse_lesson(HEAD + "Text.\n", "a.md", "backprop/chain-rule", "A")
    figure = Figure("graph", "chain_numbers", drawing_of("backprop/chain-rule", "chain_numbers"))
    lesson = replace(lesson, steps=(replace(lesson.steps[0], blocks=(figure,)),))
    refuse_undrawable(lesson)
    nowhere = Line("L", lambda x: 1e308 / x)
    for drawing in (Curve((nowhere,), -1, 1), Surface("L", lambda x, y: x / 0, (0, 1), (0, 1))):
        figure_of_nothing = replace(figure, drawing=drawing)
        with pytest.raises(LessonError, match=r"figures\.py:\d+: The .* 'L' has no finite value"):
            refuse_undrawable(
                replace(lesson, steps=(replace(lesson.steps[0], blocks=(figure_of_nothing,)),))
            )
    for said, lost in (("TypeError: float", Line("L", lambda x: [x])), ("end", Line("L", exit))):  # type: ignore[arg-type,return-value]
        broken = replace(figure, drawing=Curve((lost,), -1, 1))
        assert block_lines(broken, 60), "the screens draw it without its curve"
        with pytest.raises(LessonError, match=rf"figures\.py:\d+: This .*{said}"):
            refuse_undrawable(replace(lesson, steps=(replace(lesson.steps[0], blocks=(broken,)),)))
    monkeypatch.setattr("tui.figures.registry.draw", draw)
    with pytest.raises(LessonError, match=r"figures\.py:\d+: This stops with KeyError: 'hue'"):
        refuse_undrawable(replace(lesson, steps=(), picture="chain_numbers"))
    with pytest.raises(LessonError, match=r"figures\.py:\d+: This stops with KeyError: 'hue'"):
        refuse_undrawable(lesson)
    monkeypatch.setattr("tui.figures.registry.draw", lambda *_, **__: [(("x" * 31, Ink.PLAIN),)])
    with pytest.raises(
        LessonError, match=r"graph\.py:1: `draw` gives 31 columns where there are 30"
    ):
        refuse_undrawable(lesson)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda options: 1 / 0, r"a\.md:5: This stops with ZeroDivisionError"),
        ("Lab", r"tangent\.py:\d+: LAB names 'Lab', which is no subclass of Lab\."),
        (TangentLab, r"tangent\.py:\d+: Two bindings of the lab have the id 'tangent\.right'\."),
    ],
)
def test_a_lab_that_cannot_be_made(
    make: object, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = load_part("tui.labs.tangent")
    if make is TangentLab:
        monkeypatch.setattr(make, "BINDINGS", [*make.BINDINGS, *make.BINDINGS[:1]])
    elif callable(make):
        monkeypatch.setattr(module.LAB.widget, "__init__", lambda self, options: make(options))
    else:
        monkeypatch.setattr(module, "LAB", module.LAB._replace(widget=make))
    text = HEAD + "```lab tangent function=tanh\n```\n"
    lesson = parse_lesson(text, tmp_path / "a.md", "a/b", "A")
    lesson.path.write_text(text, "utf-8")
    with pytest.raises(UserError, match=said):
        refuse_lab_options(lesson)
