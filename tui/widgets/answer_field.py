"""A field for an answer that is typed."""

from __future__ import annotations

from textual.binding import Binding
from textual.widgets import Input

from engine.language import _


class AnswerField(Input):
    """What is typed; `enter`, which judges it, stands in the bottom row like other keys."""

    BINDINGS = [
        Binding("enter", "submit", _("Answer"), id="predict.answer",
                tooltip=_("Answer with what is typed")),
    ]  # fmt: skip
