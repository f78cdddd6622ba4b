"""Code and keys in a sentence are drawn as such."""

from __future__ import annotations

from textual.content import Content

from tests.cases import for_each
from tui.widgets.coded import CODE_STYLE, KEY_STYLE, coded, in_toast


@for_each(
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


def test_keys_have_the_hue_of_keys_also_in_a_corner() -> None:
    text = "Type [a] `b`; enter sets it, ⟨escape|values.cancel⟩ keeps it."
    shown = coded(text)
    assert shown.plain == "Type [a] b; enter sets it, escape keeps it."
    keys = [shown.plain[at.start : at.end] for at in shown.spans if at.style == KEY_STYLE]
    assert keys == ["enter", "escape"]
    markup, has_markup = in_toast(text)
    assert has_markup
    assert Content.from_markup(markup).plain == shown.plain
    assert in_toast("[b] is no markup") == ("[b] is no markup", False)
