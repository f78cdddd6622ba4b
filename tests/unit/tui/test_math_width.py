"""The renderer's own width table agrees with wcwidth; the import is light."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from wcwidth import wcswidth

from engine.formulas.symbols import CALLIGRAPHIC, CHARACTERS, COMMANDS, DOUBLE_STRUCK, NEGATED
from tests.cases import for_each
from tests.unit.tui.math_samples import FORMULAS
from tui.math import cell_width, draw, inline, line_text
from tui.math.scripts import SUBSCRIPTS, SUPERSCRIPTS

ROOT = Path(__file__).parents[3]


def test_every_sign_of_the_tables_is_one_cell_of_the_basic_plane() -> None:
    texts = {symbol.text for symbol in (*COMMANDS.values(), *CHARACTERS.values())}
    for table in (SUBSCRIPTS, SUPERSCRIPTS, NEGATED, DOUBLE_STRUCK, CALLIGRAPHIC):
        texts |= {*table, *table.values()}
    for text in texts:
        assert cell_width(text) == wcswidth(text) == len(text), text
        assert all(ord(letter) < 0x10000 for letter in text)


@for_each("latex", FORMULAS)
def test_drawn_lines_have_the_width_that_wcwidth_gives(latex: str) -> None:
    for plain_fonts in (False, True):
        for line in (*draw(latex, 60, plain_fonts=plain_fonts), inline(latex)):
            text = line_text(line)
            assert cell_width(text) == wcswidth(text)


@for_each("text", ["", "abc", "ŷ", "x\u0302", "x\u20d7", "中文", "a\tb", "\n", "é "])
def test_other_texts(text: str) -> None:
    assert cell_width(text) == wcswidth(text)


def test_import_needs_only_the_standard_library() -> None:
    """-S leaves site-packages out, so any third-party import would fail."""
    code = "import tui.math as m; print(m.line_text(m.inline(r'\\frac12 x^2')))"
    done = subprocess.run(
        [sys.executable, "-S", "-X", "utf8", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "½x²"), done.stderr
