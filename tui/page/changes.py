"""What would change a learner's file into the solution, line by line, in colours."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from textual.content import Content

from engine.language import _

_PLACE = re.compile(r"@@ -(\d+)")
_HUES = {"-": "$text-error", "+": "$text-success"}


def changes(mine: Sequence[str], solution: Sequence[str]) -> Content:
    """Lines to remove and to add, with a line around them; each part says where it begins.

    The comments at the head of the learner's file may stay.
    """
    head = 0
    while head < len(mine) and (not mine[head] or mine[head].startswith("#")):
        head += 1
    if head < len(mine) and not solution[0].startswith("#"):
        solution = [*mine[:head], *solution]
    shown: list[Content] = []
    for line in [*difflib.unified_diff(mine, solution, lineterm="", n=1)][2:]:
        place = _PLACE.match(line)
        if place is None:
            shown.append(Content.styled(line, _HUES.get(line[:1], "")))
            continue
        if shown:
            shown.append(Content())
        told = _("from line {number}").format(number=max(int(place[1]), 1))
        shown.append(Content.styled(told, "$foreground-muted"))
    return Content("\n").join(shown)
