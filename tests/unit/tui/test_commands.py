"""The declarations of commands, and the columns that commands print."""

from __future__ import annotations

from tests.cases import for_each
from tui.columns import left, right, widest
from tui.commands import commands

FOR_AUTHORS = {"check", "new", "preview"}


@for_each("name", sorted(set(commands()) - FOR_AUTHORS))
def test_what_learners_read_can_be_translated(name: str) -> None:
    """A docstring is not in the catalogue; a description in `_("…")` is."""
    command = commands()[name].command
    assert command.description.endswith((".", ".\n")), "COMMAND needs description=_('A sentence.')"
    assert max(map(len, command.description.splitlines())) <= 100


def test_a_wide_character_takes_two_columns() -> None:
    assert left("语言", 6) + "|" == "语言  |"
    assert right("语言", 6) == "  语言"
    assert widest(["ab", "语言", "abc"]) == 4
    assert widest([]) == 0
