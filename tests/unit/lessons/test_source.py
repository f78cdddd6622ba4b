"""The code that lessons show: found by name, also where a module has it from another one."""

from __future__ import annotations

import pytest

from lessons.format.source import SourceError, load_source


def test_a_name_is_followed_to_the_file_that_defines_it() -> None:
    direct = load_source("engine.activations.sigmoid:Sigmoid.derivative")
    assert load_source("engine.activations:Sigmoid.derivative") == direct
    assert direct.path.name == "sigmoid.py"
    assert direct.text.startswith("def derivative(self, z: Array) -> Array:")


def test_a_name_that_nobody_defines_is_refused() -> None:
    with pytest.raises(SourceError, match=r"engine\.activations' does not define 'Sigmoyd'"):
        load_source("engine.activations:Sigmoyd")
