"""A race of optimisers: the same training once with each of them, one after the other.

Where each shall run at its own best rate, short trials at several rates come first, unless these
rates are known already.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

from engine.language import _, plural
from engine.naming import Shown
from engine.training.best_rate import (
    BestRate,
    RateSearch,
    is_outcome,
    known_rates,
    known_trials,
    outcome,
    remember_rates,
    remember_trial,
    trial_epochs,
)
from engine.training.hyperparameters import Hyperparameter, SettingKind
from engine.training.order import TrainingOrder
from engine.training.recipe import Recipe
from engine.training.snapshot import SessionState, Setting, Snapshot
from engine.training.trial import SEED

OPTIMISER_NAMES = ("optimiser", "optimizer")
BEST_SEEDS = 3
"""Seeds of a race at the best rates."""


def optimiser_of(recipe: Recipe) -> Hyperparameter | None:
    """The setting that chooses the optimiser, if the recipe has one."""
    for parameter in recipe.hyperparameters:
        if parameter.name in OPTIMISER_NAMES and parameter.kind is SettingKind.CHOICE:
            return parameter
    return None


@dataclass(frozen=True, slots=True)
class _Lane:
    """One training of the race."""

    optimiser: str
    seed: int
    rate: float
    about: str
    """Where the rate comes from, in a sentence."""


class Race:
    """Which trainings are still to come."""

    def __init__(self, order: TrainingOrder, *, best: bool = False) -> None:
        """`order` is run with each optimiser; raises ValueError if there is no choice.

        `best` runs each at the best rate, which is found first unless it is known, and with
        `BEST_SEEDS` seeds. Else, each runs once, at the rate that the learner chose, at the best
        rate if it is known, or at that of the recipe.
        """
        parameter = optimiser_of(order.recipe)
        if parameter is None:
            raise ValueError(f"the recipe {order.recipe.name!r} has no choice of optimisers")
        self.recipe = order.recipe.name
        self._order = order
        self._parameter = parameter
        self._known = known_rates(order, parameter.name)
        self._best = best
        self._seeds = BEST_SEEDS if best else 1
        self._searches: dict[str, RateSearch] = {}
        if best and set(self._known) != set(parameter.choices):
            self._known = {}
            self._searches = {name: self._search(name) for name in parameter.choices}
        self._trial: tuple[str, float] | None = None
        self._trials = self._go_on() if self._searches else 0
        self._lanes: list[_Lane] | None = None
        self._at = -1

    def _search(self, optimiser: str) -> RateSearch:
        lr = self._order.recipe.hyperparameter("lr")
        return RateSearch(self._recipe_rate(optimiser), lr.minimum, lr.maximum)

    def _go_on(self) -> int:
        """Take over what an earlier search for the same rates has tried: so many trainings."""
        tried = known_trials(self._order, self._parameter.name)
        for optimiser, rate, loss in tried:
            if optimiser in self._searches:
                self._searches[optimiser].note(rate, loss)
        return len(tried)

    def _recipe_rate(self, optimiser: str) -> float:
        settings = {**self._order.settings, self._parameter.name: optimiser}
        return self._order.recipe.usual_rate(settings)

    def note(self, ended: Snapshot) -> None:
        """How the training that `next` gave last has ended."""
        if self._trial is not None:
            optimiser, rate = self._trial
            loss = outcome(ended)
            self._searches[optimiser].note(rate, loss)
            if is_outcome(ended):
                remember_trial(self._order, self._parameter.name, optimiser, rate, loss)

    def next(self) -> TrainingOrder | None:
        """The next training; None after the last one."""
        trial = self._next_trial()
        if trial is not None:
            return trial
        if self._lanes is None:
            self._take_rates()
            self._lanes = self._all_lanes()
        self._at += 1
        if self._at >= len(self._lanes):
            return None
        lane = self._lanes[self._at]
        changed: dict[str, Setting] = {
            self._parameter.name: lane.optimiser,
            "lr": lane.rate,
            SEED: lane.seed,
        }
        return replace(self._order, settings={**self._order.settings, **changed})

    def _next_trial(self) -> TrainingOrder | None:
        self._trial = None
        for optimiser, search in self._searches.items():
            rate = search.next()
            if rate is None:
                continue
            self._trial = optimiser, rate
            self._trials += 1
            changed: dict[str, Setting] = {
                self._parameter.name: optimiser,
                "lr": rate,
                "epochs": trial_epochs(self._order.recipe),
            }
            return replace(self._order, settings={**self._order.settings, **changed}, trial=True)
        return None

    def _take_rates(self) -> None:
        """Keep what the trials have found."""
        if not self._searches:
            return
        epochs = trial_epochs(self._order.recipe)
        self._known = {
            name: BestRate(search.best, search.count, epochs)
            for name, search in self._searches.items()
            if search.best is not None
        }
        remember_rates(self._order, self._parameter.name, self._known)

    def _all_lanes(self) -> list[_Lane]:
        first = int(self._order.settings[SEED])
        seeds = range(first, first + self._seeds)
        # One seed after the other: a race that is ended early has still compared all of them.
        return [
            _Lane(optimiser, seed, *self._rate_of(optimiser))
            for seed, optimiser in product(seeds, self._parameter.choices)
        ]

    def _rate_of(self, optimiser: str) -> tuple[float, str]:
        """The rate of an optimiser, and where it comes from."""
        own, usual = self._order.settings["lr"], self._order.recipe.hyperparameter("lr").default
        if own != usual and not self._best:
            return float(own), _("Rate {rate:g}, as in the field.").format(rate=Shown(own))
        known = self._known.get(optimiser)
        if known is None:
            rate = self._recipe_rate(optimiser)
            text = _("Rate {rate:g}, that of the recipe; ⟨b|training.race_best⟩ finds the best.")
            return rate, text.format(rate=Shown(rate))
        text = _("Rate {rate:g}, found by a sweep of {count} rates, {epochs} each.")
        epochs = plural("{count} epoch", "{count} epochs", known.epochs)
        return known.rate, text.format(rate=Shown(known.rate), count=known.rates, epochs=epochs)

    @property
    def status(self) -> str:
        """Which training is running, in a sentence."""
        if self._trial is not None:
            optimiser, rate = self._trial
            text = _(
                "Finding the best rates: {optimiser} at {rate:g}, trial {number} (about "
                "{count}). Press ⟨x|training.stop⟩ to end it."
            )
            count = max(self._trials, 6 * len(self._searches))
            return text.format(
                optimiser=optimiser, rate=Shown(rate), number=self._trials, count=count
            )
        if self._lanes is None or not 0 <= self._at < len(self._lanes):
            return ""
        lane = self._lanes[self._at]
        text = (
            _(
                "Race: {optimiser}, seed {seed}, {number} of {count}. {about} Press "
                "⟨x|training.stop⟩ to end it."
            )
            if self._seeds > 1
            else _(
                "Race: {optimiser}, {number} of {count}. {about} Press ⟨x|training.stop⟩ to end it."
            )
        )
        return text.format(
            optimiser=lane.optimiser,
            seed=lane.seed,
            number=self._at + 1,
            count=len(self._lanes),
            about=lane.about,
        )

    @staticmethod
    def goes_on(state: SessionState, measured: bool) -> bool:
        """Whether the next training starts after this one: it finished, or failed part-way.

        If the learner stops a training, the race ends. So it does after a failure before the first
        update, because missing data is missing for all.
        """
        return state is SessionState.FINISHED or (state is SessionState.FAILED and measured)
