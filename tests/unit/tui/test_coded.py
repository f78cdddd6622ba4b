"""Code in a sentence is drawn as code."""

from __future__ import annotations

import pytest

from tui.widgets.coded import CODE_STYLE, coded


@pytest.mark.parametrize(
    ("text", "plain", "code"),
    [
        ("Fetch it with `dltutor data fetch mnist`, then start.",
         "Fetch it with dltutor data fetch mnist, then start.", ["dltutor data fetch mnist"]),
        ("`fg` brings it back; [b] is `x[0]`", "fg brings it back; [b] is x[0]", ["fg", "x[0]"]),
        ("a lone ` stays", "a lone ` stays", []),
        ("no code", "no code", []),
    ],
)  # fmt: skip
def test_code_has_its_own_hue(text: str, plain: str, code: list[str]) -> None:
    shown = coded(text)
    assert shown.plain == plain
    assert [shown.plain[at.start : at.end] for at in shown.spans if at.style == CODE_STYLE] == code
