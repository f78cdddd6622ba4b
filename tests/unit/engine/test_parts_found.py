"""Parts that are found by their files: one that lacks something is said with its file."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from engine.declared import DeclarationError
from engine.training import diagnoses
from tui.panes import registry


@pytest.mark.parametrize(
    ("module", "package", "found", "text", "said"),
    [
        (diagnoses, diagnoses, diagnoses.finders, "PLACE = 3\n", "1: The file has no 'find'."),
        (diagnoses, diagnoses, diagnoses.finders, "\nPLACE = (\n", "2: This stops with SyntaxErr"),
        (registry, sys.modules["tui.panes"], registry.panes, "\n1 / 0\n", "2: This stops with Zer"),
    ],
)
def test_a_part_that_cannot_be_used_is_said_with_its_file(
    module: ModuleType,
    package: ModuleType,
    found: Callable[[], object],
    text: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "part_of_mine.py").write_text(text, "utf-8")
    monkeypatch.setattr(module, "__file__", str(tmp_path / "registry.py"))
    monkeypatch.setattr(package, "__path__", [str(tmp_path)])
    looked_for = vars(found)["__wrapped__"]  # without what was found before
    name = f"{package.__name__}.part_of_mine"
    try:
        with pytest.raises(DeclarationError) as caught:
            looked_for()
    finally:
        sys.modules.pop(name, None)
        vars(package).pop("part_of_mine", None)
    assert f"part_of_mine.py:{said}" in str(caught.value)
