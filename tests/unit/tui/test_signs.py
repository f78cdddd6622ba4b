"""Formulas for fonts that lack the pieces of tall signs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lessons.format.catalog import catalog
from tui.cli import main
from tui.math import cell_width
from tui.page.signs import use_plain_signs

PIECES = set("⎲⎳⎛⎜⎝⎞⎟⎠⎡⎢⎣⎤⎥⎦⎧⎨⎩⎫⎬⎭")


@pytest.fixture(autouse=True)
def full_signs() -> Iterator[None]:
    """Each test begins and ends with the better signs."""
    use_plain_signs(False)
    yield
    use_plain_signs(False)


@pytest.mark.parametrize("slug", [entry.slug for entry in catalog().entries() if entry.is_written])
def test_a_plain_page_has_no_pieces(slug: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", slug, "--width", "76", "--plain-signs"]) == 0
    plain = capsys.readouterr().out
    assert not PIECES & set(plain)
    assert max(map(cell_width, plain.splitlines())) <= 76


def test_the_better_signs_are_the_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "backprop/deltas"]) == 0
    assert PIECES & set(capsys.readouterr().out)
