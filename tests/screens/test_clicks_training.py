"""On the training screen, too, what names a key presses it, and names of panes open them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual import events
from textual.pilot import Pilot

from engine.training.insight import Diagnosis, Insights
from engine.training.snapshot import SessionState
from tests.screens.fake_session import image, softmax_running
from tests.screens.test_clicks import click, rows
from tests.screens.test_film import images
from tests.screens.training_app import NARROW, WIDE, screen_of, shown_panes, softmax_app, words
from tests.screens.waiting import settle
from tui.key_names import use_keys
from tui.panes.film import FilmPane
from tui.panes.rates import RatesPane
from tui.panes.worst import WorstPane


async def at(pilot: Pilot[None], key: str) -> None:
    await settle(pilot)
    await pilot.press(key)
    await settle(pilot)


async def test_the_hints_beside_the_names_of_panes_take_clicks() -> None:
    app = softmax_app(softmax_running())
    async with app.run_test(size=(160, 40)) as pilot:
        await settle(pilot)
        await click(pilot, "m: view")
        assert any("confusion" in row for row in rows(pilot))
        await click(pilot, "y: log")
        assert screen_of(app)._log


async def test_the_hints_beside_the_names_of_panes_name_the_keys_in_force() -> None:
    use_keys({"training.log": "L", "training.view": "V"})
    try:
        app = softmax_app(softmax_running())
        async with app.run_test(size=(160, 40)) as pilot:
            await settle(pilot)
            assert any("L: log · V: view" in row for row in rows(pilot))
    finally:
        use_keys({})


async def test_a_click_on_the_name_in_a_border_opens_that_pane() -> None:
    app = softmax_app(softmax_running())
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await click(pilot, "─ 2 accuracy ─")
        assert shown_panes(app) == ["pane-epoch"]
        await pilot.press("2")
        await click(pilot, "─ 3 predictions ─")
        assert shown_panes(app) == ["pane-model"]


async def test_a_click_on_what_is_wrong_opens_what_to_try() -> None:
    wrong = Diagnosis("dead-units", "w1", 246, "246 of 256 units dead", "They give 0.", "Try 0.1.")
    app = softmax_app(replace(softmax_running(), insights=Insights((), (wrong,))))
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await click(pilot, "9: what to try")
        assert shown_panes(app) == ["pane-diagnosis"]


@pytest.mark.parametrize(
    ("words_there", "shown"),
    [
        ("9: what to try", "pane-diagnosis"),
        (" 4 epochs  5 gradients", "pane-gradients"),
        ("─ 1 loss ─", "pane-loss"),
    ],
)
async def test_a_double_click_opens_a_pane_and_does_not_close_it_again(
    words_there: str, shown: str
) -> None:
    wrong = Diagnosis("dead-units", "w1", 246, "246 of 256 units dead", "They give 0.", "Try 0.1.")
    app = softmax_app(replace(softmax_running(), insights=Insights((), (wrong,))))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        y = next(y for y, row in enumerate(rows(pilot)) if words_there in row)
        x = rows(pilot)[y].index(words_there) + len(words_there) - 3
        await pilot.double_click(offset=(x, y))
        await settle(pilot)
        assert shown_panes(app) == [shown]


async def test_the_keys_in_the_head_take_clicks(monkeypatch: pytest.MonkeyPatch) -> None:
    app = softmax_app(softmax_running())
    async with app.run_test(size=NARROW) as pilot:
        await at(pilot, "f")
        await click(pilot, "f: unfreeze")
        assert words(app, "#state") == "● running"
        asked = list[str]()
        screen = screen_of(app)
        monkeypatch.setattr(screen.orders, "resumed", lambda *, seen: asked.append("resumed"))
        monkeypatch.setattr(
            type(screen.resumption), "sentence", "⟨g|training.go_on⟩: resume from update 705"
        )
        monkeypatch.setattr(type(screen.resumption), "is_possible", True)
        app.fake.change(state=SessionState.STOPPED)
        screen.refresh_snapshot()
        await settle(pilot)
        await click(pilot, "resume from update")
        assert asked == ["resumed"]


async def test_a_drag_that_selects_words_presses_no_key() -> None:
    app = softmax_app(softmax_running())
    async with app.run_test(size=NARROW) as pilot:
        await at(pilot, "f")
        x = rows(pilot)[0].index("f: unfreeze")
        await pilot.mouse_down(offset=(x, 0))
        await pilot.hover(offset=(x + 4, 0))
        await pilot.hover(offset=(x + 9, 0))
        await pilot.mouse_up(offset=(x + 9, 0))
        assert app.screen.get_selected_text()
        label = app.screen.query_one("#state")
        event = events.Click(
            label, x + 3 - label.region.x, 0, 0, 0, 1, False, False, False, x + 3, 0
        )
        label.post_message(event)
        await settle(pilot)
        assert "unfreeze" in words(app, "#state")


async def test_the_sentence_below_the_settings_takes_clicks() -> None:
    app = softmax_app()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await click(pilot, "tab: change a setting")
        assert app.focused is app.screen.query_one("#setting-epochs")
        await click(pilot, "escape: leave")
        assert app.focused is None


async def test_the_keys_beside_the_film_do_not_move_it_but_take_clicks() -> None:
    app = softmax_app(replace(softmax_running(), film=images(3)))
    async with app.run_test(size=NARROW) as pilot:
        await at(pilot, "0")
        film = screen_of(app).panes.of(FilmPane)
        await pilot.press("left")
        await click(pilot, "m: W − W₀")
        assert (film.number, film.change) == (2, True)
        await pilot.press("escape")
        await click(pilot, "→: epoch")
        assert film.number == 3
        await click(pilot, "W − W₀ after epoch")
        assert film.number == 3


async def test_the_keys_of_the_worst_images_take_clicks() -> None:
    worst = tuple(replace(image(label, 1), loss=2.0) for label in (0, 0, 2))
    app = softmax_app(replace(softmax_running(), worst=worst))
    async with app.run_test(size=NARROW) as pilot:
        await at(pilot, "w")
        await click(pilot, ": class")
        assert screen_of(app).panes.of(WorstPane).view == 1


async def test_the_sentence_of_the_rate_finder_takes_clicks() -> None:
    app = softmax_app(softmax_running())
    async with app.run_test(size=NARROW) as pilot:
        await at(pilot, "l")
        await click(pilot, "find a learning rate")
        assert "A training is active" in screen_of(app).panes.of(RatesPane).view.sentence
        await click(pilot, "x to end it")
        assert app.fake.calls == ["stop"]
