"""The race of optimisers: one after the other, at their best rates, and what is kept of it."""

from __future__ import annotations

from engine.recipes.catalog import find_recipe
from engine.training.events import StateChanged
from engine.training.order import TrainingOrder
from engine.training.snapshot import Curve, EpochMetrics, SessionState
from engine.training.task import Source
from tests.screens.conftest import MakeTutor
from tests.screens.fake_session import FakeSession, HostApp, softmax_running
from tests.screens.kept_runs import (
    NARROW,
    SOFTMAX,
    app_with,
)
from tests.screens.waiting import settle
from tui.screens.confirm import ConfirmScreen
from tui.screens.training import TrainingScreen


async def test_o_races_where_there_is_a_choice_of_optimisers() -> None:
    app = HostApp(TrainingScreen("two-layer-optim"))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("o")
        assert app.fake.calls == ["race"]
    app = app_with()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("o")
        assert app.fake.calls == []


async def test_a_race_runs_one_optimiser_after_the_other(
    make_tutor: MakeTutor, session: FakeSession
) -> None:
    recipe = find_recipe("two-layer-optim")
    app = make_tutor()
    async with app.run_test(size=NARROW) as pilot:
        app.start_race(TrainingOrder(recipe, {"epochs": 7}, Source("cpu")))
        ran = []
        for step in range(1, 5):
            ran.append(session.started[-1].settings["optimizer"])
            assert f", {step} of 4." in app.race_status
            session.change(state=SessionState.FINISHED, step=7, epoch=7)
            app._on_engine_event(StateChanged(SessionState.FINISHED))
            await pilot.pause()
        assert ran == list(recipe.hyperparameter("optimizer").choices)
        assert len(session.started) == 4
        assert app.race_status == ""
        assert {str(run.settings["optimizer"]) for run in app.runs.of(recipe.name)} == set(ran)


async def test_b_races_at_the_best_rates() -> None:
    app = HostApp(TrainingScreen("two-layer-optim"))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("b")
        assert app.fake.calls == ["race at best rates"]


async def test_the_trials_of_a_race_are_not_kept_and_the_fields_stay(
    make_tutor: MakeTutor, session: FakeSession
) -> None:
    recipe = find_recipe("two-layer-optim")
    app = make_tutor()
    async with app.run_test(size=NARROW) as pilot:
        app.open_training(recipe.name, {"epochs": "70"})
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, TrainingScreen)
        before = screen.form.values()
        await pilot.press("b")
        trials = 0
        while session.started[-1].trial:
            assert "Finding the best rates" in app.race_status
            trials += 1
            rate = float(session.started[-1].settings["lr"])
            state, step, seen = SessionState.FINISHED, 50, Curve((50,), (1.0,))
            if rate > 1e-3:  # diverged before the first good copy of the parameters
                state, step = SessionState.FAILED, 0
            row = EpochMetrics(50, 50, 1 / rate, None, 1.0, None, 0.1, 1.0)
            session.change(state=state, step=step, losses=seen, measured=(row,))
            app._on_engine_event(StateChanged(state))
            await pilot.pause()
        assert trials >= 20
        assert app.runs.of(recipe.name) == ()
        assert session.started[-1].settings["epochs"] == 70
        session.change(state=SessionState.FINISHED, step=70)
        app._on_engine_event(StateChanged(SessionState.FINISHED))
        await pilot.pause()
        (kept,) = app.runs.of(recipe.name)
        assert kept.settings["lr"] == 0.001
        session.change(state=SessionState.STOPPED, step=7)
        app._on_engine_event(StateChanged(SessionState.STOPPED))
        await pilot.pause()
        assert app.race_status == ""
        assert screen.form.values() == before


async def test_who_starts_over_during_a_search_is_not_told_of_a_checkpoint(
    make_tutor: MakeTutor, session: FakeSession
) -> None:
    app = make_tutor()
    async with app.run_test(size=NARROW) as pilot:
        app.open_training("two-layer-optim")
        await pilot.pause()
        await pilot.press("b")
        session.change(state=SessionState.RUNNING, step=3)
        app._on_engine_event(StateChanged(SessionState.RUNNING))
        await settle(pilot)
        await pilot.press("o")
        assert isinstance(app.screen, ConfirmScreen)
        assert "search for the best rates ends" in app.screen.question
        assert "checkpoint" not in app.screen.question


async def test_a_stop_ends_the_race_and_what_was_trained_is_kept(
    make_tutor: MakeTutor, session: FakeSession
) -> None:
    recipe = find_recipe("two-layer-optim")
    app = make_tutor()
    async with app.run_test(size=NARROW) as pilot:
        app.start_race(TrainingOrder(recipe))
        session.change(state=SessionState.STOPPED, step=3)
        app._on_engine_event(StateChanged(SessionState.STOPPED))
        await pilot.pause()
        assert len(session.started) == 1
        assert app.race_status == ""
        assert len(app.runs.of(recipe.name)) == 1


async def test_a_run_that_another_start_ends_is_kept(
    make_tutor: MakeTutor, session: FakeSession
) -> None:
    app = make_tutor()
    async with app.run_test(size=NARROW):
        app.start_training(TrainingOrder(SOFTMAX))
        session.publish(softmax_running())
        app.start_training(TrainingOrder(SOFTMAX, {"lr": 0.5}))
        assert [run.step for run in app.runs.of("softmax")] == [805]
