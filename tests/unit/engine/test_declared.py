"""Declarations in the files of parts: what an author does wrong is said with file and line."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from engine import activations
from engine.broken import load_part
from engine.declared import DeclarationError, declared
from engine.recipes import catalog, rules, setting
from engine.recipes.optimisers import SGD
from engine.training.recipe import Recipe
from tests.cases import for_each
from tui.cli import main


class Part(NamedTuple):
    name: str
    place: int = 0


def read(folder: Path, text: str, encoding: str = "utf-8") -> list[Part]:
    (folder / "part.py").write_text(f'"""A part."""\n\n{text}\n', encoding)
    return [part for _, part in declared("parts", folder, "PART", Part, {"Part": Part})]


@pytest.mark.parametrize("text", ['PART = Part("ä")', 'PART: Part = Part(\r\n    "ä"\r\n)'])
def test_what_an_editor_writes_is_read(text: str, tmp_path: Path) -> None:
    assert read(tmp_path, text, "utf-8-sig") == [Part("ä")]


@for_each(
    ("text", "encoding", "said"),
    [
        ('PART = Part("ä")', "latin-1", "This line is not UTF-8 text. Save the file"),
        ("PART = Part(3)", "utf-8", "PART cannot be used. `name` of Part is 3. It must be a te"),
        ('PART = Part("a", "b")', "utf-8", "`place` of Part is 'b'. It must be a whole number."),
        ("PART = Part(NAME)", "utf-8", "It may use Part, and nothing else from its file."),
        ('PART = Part("a", plaice=1)', "utf-8", "unexpected keyword argument 'plaice'"),
        ("PART = 'a'", "utf-8", "PART is not a Part. Write PART = Part(…)."),
        (
            'PARTS = Part("a")',
            "utf-8",
            "Nothing finds `PARTS = Part(…)`. Write it as `PART = Part(",
        ),
        ('PART=Part("a")', "utf-8", "Nothing finds `PART=Part(…)`. Write it as `PART = Part(…)`."),
        ("PART = Part(", "utf-8", "The statement PART = … has no end."),
    ],
)
def test_a_declaration_that_cannot_be_used(
    text: str, encoding: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(DeclarationError) as caught:
        read(tmp_path, text, encoding)
    assert str(caught.value).startswith(f"{tmp_path / 'part.py'}:3: ")
    assert said in str(caught.value)


def test_a_module_in_another_encoding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "part_of_latin.py").write_text('"""A\npärt."""\n', "latin-1")
    with pytest.raises(DeclarationError, match=r"This line is not UTF-8 text\. Save the file in"):
        load_part("part_of_latin")


def test_a_recipe_needs_what_every_training_has(monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = Recipe("a", "A", "a", "a", (setting.epochs(1), setting.seed()))
    monkeypatch.setattr(catalog, "declared", lambda *_: [(Path("a.py"), recipe)])
    with pytest.raises(DeclarationError, match=r"no setting 'lr'\. Write setting\.learning_rate"):
        catalog.recipes.__wrapped__()


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"adam": 1}, "There are two optimiser rules 'adam'"),
        ({"mine": 1}, "The file has no subclass of Optimiser called 'Mine'"),
    ],
)
def test_a_rule_has_a_name_and_a_class(
    found: dict[str, int], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (name,) = found
    declaration = (Path("mine.py"), rules.Rule(name, "Mine"))
    monkeypatch.setattr(rules, "declared", lambda *_: [declaration])
    monkeypatch.setattr(rules, "load_part", lambda *_: math)
    monkeypatch.setattr(rules, "rules", rules.rules.__wrapped__)
    with pytest.raises(DeclarationError, match=said):
        rules.rules() and rules.rule_class(name)
    assert rules.rule_class("sgd") is SGD


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"text_form": "tanh ⟨y⟩"}, "Its text_form has the mark ⟨y⟩, which nothing fills in."),
        ({"latex_form": 3}, "The activation function has no latex_form."),
    ],
)
def test_the_forms_of_an_activation_function(
    changed: dict[str, object], said: str, tmp_path: Path
) -> None:
    module = load_part("engine.activations.tanh")
    kind = type("Mine", (type(module.ACTIVATION),), changed)
    mine = type(module)("mine")
    mine.__file__ = str(tmp_path / "mine.py")
    (tmp_path / "mine.py").write_text("# Mine.\nACTIVATION = Mine\n", "utf-8")
    for found, problem in ((kind(), said), (kind, "ACTIVATION is the class Mine, and no instance")):
        vars(mine)["ACTIVATION"] = found
        with pytest.raises(DeclarationError, match=problem):
            activations._whole(mine)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"latex_form": r"\tahn ⟨z⟩"}, "Its latex_form cannot be drawn: The command .tahn is not"),
        ({"derivative_latex_form": "{⟨z⟩"}, "Its derivative_latex_form cannot be drawn: { is nev"),
    ],
)
def test_the_check_draws_the_forms_of_an_activation_function(
    changed: dict[str, object],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    activations.refuse_undrawable()
    kind = type("Mine", (activations.Tanh,), {**changed, "__module__": activations.Tanh.__module__})
    monkeypatch.setitem(activations.ACTIVATIONS, "mine", kind())
    with pytest.raises(DeclarationError, match=said):
        activations.refuse_undrawable()
    assert main(["check", "functions/softmax"]) == 2
    assert re.search(rf"tanh\.py:\d+: {said}", capsys.readouterr().err)


def test_a_function_that_pytorch_does_not_have() -> None:
    kind = type("Mine", (activations.Tanh,), {"torch_name": "softsgn"})
    with pytest.raises(DeclarationError, match="PyTorch has no function 'softsgn'"):
        kind().torch_function()
