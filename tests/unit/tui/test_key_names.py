"""Texts name keys by marks, each the id of a binding: as keys come, or as they were set."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import tui
from tui.bindings import all_bindings
from tui.key_names import MARK, key_named, keyed, use_keys
from tui.keymap import usual_key


@pytest.fixture(autouse=True)
def as_they_come() -> Iterator[None]:
    yield
    use_keys({})


def texts() -> Iterator[tuple[str, str]]:
    """Every text of the screens, with its file."""
    for path in sorted(Path(tui.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield path.name, node.value


def test_every_mark_names_a_binding_and_calls_its_key_by_its_name() -> None:
    bindings = all_bindings()
    marks = [(file, *mark) for file, text in texts() for mark in MARK.findall(text)]
    assert len(marks) > 100
    for file, shown, name in marks:
        if file == "key_names.py":
            continue
        keys = bindings[name].key.split(",")
        assert usual_key(shown) in [usual_key(key) for key in keys], f"{file}: {shown} {name}"


def test_a_text_names_the_key_that_is_in_force() -> None:
    text = "⟨enter|code.run⟩: run · ⟨→|lesson.next⟩: go on · f⟨x⟩"
    assert keyed(text) == "enter: run · →: go on · f⟨x⟩"
    use_keys({"code.run": "ctrl+e,enter", "lesson.next": "question_mark"})
    assert keyed(text) == "ctrl+e: run · ?: go on · f⟨x⟩"
    assert key_named("nosuch.key", "n") == "n"


def test_a_brace_can_be_a_key() -> None:
    use_keys({"code.run": usual_key("{") or ""})
    assert keyed("⟨enter|code.run⟩: {what}".format(what="run")) == "{: run"
