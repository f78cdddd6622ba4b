"""The fields of a recipe's settings."""

from __future__ import annotations

import pytest
from textual.app import ComposeResult

from engine.recipes.catalog import find_recipe
from engine.training.hyperparameters import Hyperparameter, SettingError, SettingKind
from engine.training.recipe import Recipe
from engine.training.snapshot import Setting
from tests.cases import for_each
from tui.themes import ThemedApp
from tui.widgets.hyperparameters import HyperparameterForm, ladder

WITH_CHOICE = Recipe(
    name="chosen",
    title="A recipe with a choice",
    module="none",
    dataset="none",
    hyperparameters=(
        Hyperparameter("activation", "activation", SettingKind.CHOICE, "relu",
                       choices=("relu", "tanh")),
        Hyperparameter("lr", "learning rate", SettingKind.NUMBER, 0.1, 0.01, 1.0, live=True),
    ),
)  # fmt: skip


class FormApp(ThemedApp[None]):
    def __init__(self, form: HyperparameterForm) -> None:
        super().__init__()
        self.form = form
        self.live: list[tuple[str, Setting]] = []

    def compose(self) -> ComposeResult:
        yield self.form

    def on_hyperparameter_form_live_changed(self, event: HyperparameterForm.LiveChanged) -> None:
        self.live.append((event.name, event.value))


@for_each(
    ("value", "up", "down"),
    [
        (0.1, 0.2, 0.05),
        (0.2, 0.5, 0.1),
        (0.03, 0.05, 0.02),
        (1, 2, 0.5),
        (7, 10, 5),
        (1e-6, 2e-6, 5e-7),
    ],
)
def test_the_ladder_of_learning_rates(value: float, up: float, down: float) -> None:
    assert ladder(value, 1) == up
    assert ladder(value, -1) == down


def test_options_stand_in_for_defaults() -> None:
    form = HyperparameterForm(find_recipe("softmax"), {"lr": "0.5", "batch-size": "64"})
    assert form.values() == {
        "epochs": 10,
        "lr": 0.5,
        "batch_size": 64,
        "validation": 0.0,
        "seed": 0,
        "threads": 1,
    }


def test_a_rate_can_be_copied_from_where_it_is_shown() -> None:
    rate = find_recipe("softmax").hyperparameter("lr")
    assert "from 1e−6 to 100" in rate.bounds()
    assert rate.parse("1e−6") == 1e-6
    with pytest.raises(SettingError, match="−1 is out of bounds"):
        rate.parse("−1")


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(SettingError, match="no setting 'momentum'"):
        HyperparameterForm(find_recipe("softmax"), {"momentum": "0.9"})


async def test_a_mistake_gets_a_sentence_until_it_is_mended() -> None:
    app = FormApp(HyperparameterForm(find_recipe("linear")))
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.focus_first()
        await pilot.press("backspace", "x")
        assert not app.form.is_valid
        assert app.form.message.startswith("The setting “epochs” must be a whole number, not 'x'.")
        with pytest.raises(SettingError):
            app.form.values()
        await pilot.press("backspace", "0")
        assert "out of bounds" in app.form.message
        await pilot.press("backspace", "7")
        assert app.form.is_valid
        assert app.form.values()["epochs"] == 7
        assert "Give a value from 1 to 10000." in app.form.message


async def test_a_wrong_option_is_named_at_once() -> None:
    app = FormApp(HyperparameterForm(find_recipe("linear"), {"lr": "fast"}))
    async with app.run_test(size=(80, 24)):
        assert not app.form.is_valid
        assert "must be a number, not 'fast'" in app.form.message


async def test_only_live_settings_stay_open_while_training() -> None:
    app = FormApp(HyperparameterForm(find_recipe("linear")))
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.set_locked(True)
        await pilot.pause()
        assert app.form.message == (
            "locked while training: all except learning rate · tab: change learning rate"
        )
        locked = {field.id: field.disabled for field in app.form.query("Input")}
        assert locked == {
            "setting-epochs": True,
            "setting-lr": False,
            "setting-validation": True,
            "setting-batch_size": True,
            "setting-seed": True,
            "setting-threads": True,
        }
        app.form.set_locked(False)
        await pilot.pause()
        assert not any(field.disabled for field in app.form.query("Input"))


async def test_a_live_setting_is_announced_when_it_is_entered_not_while_it_is_typed() -> None:
    app = FormApp(HyperparameterForm(find_recipe("linear")))
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.set_locked(True)
        app.form.focus_first()
        await pilot.press("backspace", "0", ".", "5")
        assert app.live == []
        await pilot.press("enter")
        await pilot.pause()
        assert app.live == [("lr", 0.5)]
        assert app.focused is None


async def test_a_wrong_live_setting_is_not_announced() -> None:
    app = FormApp(HyperparameterForm(find_recipe("linear")))
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.set_locked(True)
        app.form.focus_first()
        await pilot.press("backspace", "9", "9", "9", "enter")
        await pilot.pause()
        assert app.live == []
        assert "out of bounds" in app.form.message
        assert app.focused is not None


async def test_settings_in_force_are_shown_but_not_over_what_is_typed() -> None:
    app = FormApp(HyperparameterForm(find_recipe("linear")))
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.focus_first()
        await pilot.press("backspace", "8")
        app.form.show_settings({"epochs": 3, "lr": 0.25})
        await pilot.pause()
        assert app.form.values() == {
            "epochs": 8,
            "lr": 0.25,
            "batch_size": 10,
            "validation": 0.0,
            "seed": 0,
            "threads": 1,
        }


async def test_the_learning_rate_moves_within_its_bounds() -> None:
    app = FormApp(HyperparameterForm(WITH_CHOICE))
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.set_locked(True)
        for _ in range(5):
            app.form.move_learning_rate(1)
        await pilot.pause()
        assert app.form.values()["lr"] == 1.0
        assert app.live == [("lr", 0.2), ("lr", 0.5), ("lr", 1.0)]


async def test_a_choice_is_checked() -> None:
    app = FormApp(HyperparameterForm(WITH_CHOICE, {"activation": "swish"}))
    async with app.run_test(size=(80, 24)):
        assert "Choose one of relu, tanh." in app.form.message
