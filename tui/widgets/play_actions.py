"""What keys do to a run of the playground, on its screen and in its lab."""

from __future__ import annotations

from dataclasses import replace

from engine.playground.runner import Runner
from engine.playground.settings import MOST_LAYERS, Settings


class PlayActions:
    """The actions of a widget that shows a `runner`; to be inherited beside a widget's class."""

    runner: Runner
    """The run, and the thread that it computes on."""

    def show(self) -> None:
        """Show the run as it stands."""
        raise NotImplementedError

    def begin(self, settings: Settings) -> object:
        """Start over with other settings."""
        raise NotImplementedError

    @property
    def settings(self) -> Settings:
        """What the run was begun with."""
        return self.runner.run.settings

    def action_step(self, steps: int) -> None:
        """Go some steps forward, or back."""
        self.runner.step(steps)
        self.show()

    def action_epoch(self) -> None:
        """Train to the end of the epoch."""
        self.runner.epoch()
        self.show()

    def action_layers(self, more: int) -> None:
        """One hidden layer more or less, at the output."""
        layers = self.settings.layers
        changed = (*layers, layers[-1] if layers else 4) if more > 0 else layers[:-1]
        if len(changed) <= MOST_LAYERS:
            self.begin(replace(self.settings, layers=changed))

    def action_restart(self) -> None:
        """Start over with the same settings."""
        self.begin(self.settings)

    def action_seed(self) -> None:
        """Start over with the next seed."""
        self.begin(replace(self.settings, seed=self.settings.seed + 1))
