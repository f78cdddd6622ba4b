"""The one training that the application owns: begun, raced, finished if the terminal is gone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from engine.training.state import SessionState
from tui.forgiving import ForgivingApp
from tui.hangup import LEFT_BEHIND, Line, goes_on, left_behind
from tui.messages import TrainingEvent
from tui.services import SessionMaker

if TYPE_CHECKING:
    from engine.training.events import Session, StateChanged
    from engine.training.order import TrainingOrder
    from engine.training.runs import RunStore
    from tui.trainings import Trainings


class TrainingApp(ForgivingApp):
    """The part of the application that screens see as a `TrainingOwner`."""

    def __init__(
        self,
        make_session: SessionMaker,
        list_devices: Callable[[], Sequence[str]],
        *given: Any,
        **named: Any,
    ) -> None:
        """`make_session` makes the training when it is first needed.

        `list_devices` names the devices that it can use.
        """
        super().__init__(*given, **named)
        self._make_session = make_session
        self._list_devices = list_devices
        self._session: Session | None = None
        self._line = Line(
            self.line_lost,
            self.ended,
            lambda: getattr(self._driver, "attrs_before", None),
            lambda: getattr(self._driver, "give_up", lambda: None)(),
        )
        self._line_is_lost = self._told_removed = False

    @property
    def session(self) -> Session:
        """The one training; made on first use."""
        if self._session is None:
            self._session = self._make_session(self._on_engine_event)
        return self._session

    @property
    def is_training(self) -> bool:
        """Whether a training is active; never makes a session."""
        return self._session is not None and self._session.snapshot.state.is_active

    @property
    def has_session(self) -> bool:
        """Whether the session has been made."""
        return self._session is not None

    @cached_property
    def _trainings(self) -> Trainings:
        from tui.trainings import Trainings  # imported late: a start needs no NumPy

        return Trainings()

    def _keep_marks(self) -> None:
        """Leave the mark of a running training for the next start; without one, load nothing."""
        if self._session is not None:
            self._trainings.keep_marks = True

    @property
    def runs(self) -> RunStore:
        """Past trainings, kept for comparison."""
        return self._trainings.runs

    def cut_off_training(self) -> tuple[str, str] | None:
        """The recipe of the training that was interrupted last, and what to ask about it."""
        from engine.training import underway

        if not underway.cut_off():
            return None
        found = self._trainings.cut_off()
        if self._trainings.lost:
            self.notify(self._trainings.lost, timeout=20, markup=False)
        return found

    @property
    def race_status(self) -> str:
        """Which training of a race is running; empty if there is no race."""
        return self._trainings.race.status if self._trainings.race else ""

    def device_names(self) -> Sequence[str]:
        """The devices of this machine; imports torch."""
        return self._list_devices()

    def start_training(self, order: TrainingOrder) -> None:
        """Start a training and end any race; the engine's events arrive as `TrainingEvent`."""
        self._trainings.race = None
        self._start(order)

    def start_race(self, order: TrainingOrder, *, best: bool = False) -> None:
        """Run the order with each optimiser of its recipe; `best` finds their rates first."""
        from tui.race import Race

        race = Race(order, best=best)
        self._trainings.race = race
        first = race.next()
        if first is not None:
            self._start(first)

    def _start(self, order: TrainingOrder) -> None:
        before = self.session.snapshot
        if before.state.is_active:
            self.session.stop()  # from here on, it makes no mark that nobody would remove
        self._trainings.begin(order.recipe.name, before, trial=order.trial)
        self.session.start(order)

    def _on_engine_event(self, change: StateChanged) -> None:
        # On the engine thread: only posting is safe here.
        self.call_later(self._pass_on, change)

    def _pass_on(self, change: StateChanged) -> None:
        following = self._trainings.change(change, self.session.snapshot)
        if self._trainings.removed and not self._line_is_lost:
            self._tell_removed()
        if following is not None and not self._line_is_lost:
            self._start(following)
        if self._line_is_lost and not goes_on(change.state):
            self._leave_behind()
            return
        for screen in self.screen_stack:
            screen.post_message(TrainingEvent(change))

    def _tell_removed(self) -> None:
        """Say which runs made room, once; that it goes on so is no news."""
        from engine.training.room import told

        if not self._told_removed:
            for text in told(self._trainings.removed):
                self.notify(text, markup=False)
        self._told_removed, self._trainings.removed = True, []

    def line_lost(self) -> None:
        """The terminal is gone: a running training is finished, everything else stops."""
        self._line_is_lost = True
        self._keep_marks()
        if not self.is_training:
            self._go()
        elif not goes_on(self.session.snapshot.state):
            self._leave_behind()  # paused: nobody is left to resume it

    def ended(self) -> None:
        """SIGTERM: quit at once; the checkpoint saved on the way is offered at the next start."""
        self._keep_marks()
        self._go()

    def _leave_behind(self) -> None:
        """Record for the next start what became of the training, and quit."""
        snapshot = self.session.snapshot
        if snapshot.state is not SessionState.PAUSED:
            self._trainings.forget(snapshot.recipe)  # nothing to resume
        if snapshot.step:
            self.progress.remember(LEFT_BEHIND, left_behind(snapshot))
        self._go()

    def _go(self) -> None:
        self._line.release()
        self.exit()

    def close_session(self) -> None:
        """Save the checkpoint of a running training, and end it."""
        if self._session is not None:
            self._session.close()
