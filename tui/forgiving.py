"""The application, as far as it bears what goes wrong while a screen or the program ends."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from textual.actions import ActionParseResult
from textual.dom import DOMNode

from tui.ending import is_missed_by_leaving, note
from tui.look import RememberedLook


class ForgivingApp(RememberedLook):
    """A widget that is taken away may miss what went first; other faults are noted or told."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fault_note: Path | None = None
        """The file that says what went wrong while the program ended; None if nothing did."""

    def _handle_exception(self, error: Exception) -> None:
        """What a widget misses while it is taken away is no fault, nor what it misses at the end.

        Any other fault at the end is noted, and told once the terminal is given back.
        """
        if self._exit:
            self.note_fault(error)
        elif not is_missed_by_leaving(error):
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Tell the first error, without local variables: printing those can take minutes."""
        from tui.stopped import told

        self.bell()
        if self._exception is not None and not self._exit_renderables:
            self.panic(told(self._exception))

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Do what a key says; where that is left meanwhile, as by a click, it misses its parts."""
        try:
            return await super().run_action(action, default_namespace, namespaces)
        except Exception as error:
            if default_namespace is None or not is_missed_by_leaving(error, default_namespace):
                raise
            return True

    def _check_action_state(self, action: str, default_namespace: DOMNode) -> bool | None:
        """What is being taken away has no keys: its parts go first, which it would ask for."""
        if default_namespace._pruning:
            return False
        return super()._check_action_state(action, default_namespace)

    @property
    def is_ending(self) -> bool:
        """Whether the end was asked for."""
        return self._exit

    def note_fault(self, error: Exception) -> None:
        """Note what goes wrong while the program ends."""
        self.fault_note = note(error) or self.fault_note
