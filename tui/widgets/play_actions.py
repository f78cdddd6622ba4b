"""What keys do to a run of the playground, on its screen and in its lab."""

from __future__ import annotations

from dataclasses import replace

from engine.language import _
from engine.playground.runner import Runner
from engine.playground.settings import MOST_LAYERS, MOST_UNITS, Settings


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

    def tell(self, text: str) -> None:
        """Say why a key does nothing."""
        raise NotImplementedError

    @property
    def settings(self) -> Settings:
        """What the run was begun with."""
        return self.runner.run.settings

    def action_step(self, steps: int) -> None:
        """Go some steps forward, or back."""
        if steps < 0 and self.runner.frame.step == 0:
            self.tell(_("The run begins here. Go a step forward, or let it train."))
            return
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
        if changed == layers:
            self.tell(_("There is no hidden layer to remove. Add one, or train without."))
        elif len(changed) > MOST_LAYERS:
            told = _("At most {count} hidden layers. Add units to one of them instead.")
            self.tell(told.format(count=MOST_LAYERS))
        else:
            self.begin(replace(self.settings, layers=changed))

    def change_units(self, layer: int, more: int) -> None:
        """Some units more or less in a hidden layer, as far as it has room for them."""
        layers = [*self.settings.layers]
        if not 0 <= layer < len(layers):
            self.tell(_("Only hidden layers take units: add such a layer, or go to one."))
        elif not 1 <= layers[layer] + more <= MOST_UNITS:
            told = _("A hidden layer has 1 to {count} units. Add or remove a layer instead.")
            self.tell(told.format(count=MOST_UNITS))
        else:
            layers[layer] += more
            self.begin(replace(self.settings, layers=tuple(layers)))

    def action_restart(self) -> None:
        """Start over with the same settings."""
        is_new = self.runner.frame.step == 0 and not self.runner.is_going
        self.begin(self.settings)
        if is_new:
            self.tell(_("The run stands at its beginning. Let it train first."))

    def action_seed(self) -> None:
        """Start over with the next seed."""
        self.begin(replace(self.settings, seed=self.settings.seed + 1))
