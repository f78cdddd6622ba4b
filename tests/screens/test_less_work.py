"""Work that is left out, and that what is seen is the same: hidden screens, styles, keys."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from textual.app import ComposeResult
from textual.css.styles import Styles
from textual.dom import DOMNode
from textual.widgets import Input, Static

from lessons.format.catalog import Catalog
from lessons.learner.progress import LessonProgress, Progress
from tests.screens.conftest import MakeTutor
from tests.screens.fake_session import FakeSession, softmax_running
from tests.screens.waiting import settle
from tui.screens.home import HomeScreen
from tui.screens.training import TrainingScreen
from tui.themes import ThemedApp, styled_once

pytestmark = pytest.mark.usefixtures("drawn_at_once")


async def test_contents_that_are_covered_are_filled_when_they_are_seen(
    make_tutor: MakeTutor,
) -> None:
    app = make_tutor("backprop/deltas")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        home = app.screen_stack[0]
        assert isinstance(home, HomeScreen)
        assert not home.is_current
        assert home.contents.option_count == 0
        await pilot.press("right")
        await pilot.resize_terminal(120, 40)
        await pilot.press("g")
        assert home.is_current
        assert home.marked == "backprop/deltas"
        assert home.has_class("-wide")
        assert home.size == app.size


async def test_a_start_fills_the_contents_once_for_the_width_that_they_get(
    make_tutor: MakeTutor, contents: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill, fitted = HomeScreen.fill, list[int]()

    def noting(home: HomeScreen) -> None:
        fill(home)
        fitted.append(home._filled_for)

    monkeypatch.setattr(HomeScreen, "fill", noting)
    for course, has_scrollbar in ((None, True), (contents, False)):
        fitted.clear()
        app = make_tutor(contents=course)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            home = app.screen
            assert isinstance(home, HomeScreen)
            assert home.contents.show_vertical_scrollbar is has_scrollbar
            assert fitted[-1] == home.contents.scrollable_content_region.width - 2
            if has_scrollbar:
                assert len(fitted) == 1


@pytest.mark.parametrize("why", ["behind", "lost"])
async def test_nothing_is_drawn_for_a_terminal_that_takes_nothing(
    why: str, make_tutor: MakeTutor, session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_tutor()
    sent: list[object] = []
    monkeypatch.setattr(ThemedApp, "_display", lambda self, screen, drawn: sent.append(drawn))
    async with app.run_test(size=(80, 24)) as pilot:
        app.open_training("softmax")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, TrainingScreen)

        def drawn() -> int:
            session.publish(softmax_running(epochs=shown.pop()))
            screen.pace._tick()
            return screen._latest.epoch

        shown = [4, 3, 2]
        before = drawn()
        if why == "behind":
            app._driver.is_behind = True  # type: ignore[union-attr]  # as the one of a terminal
        else:
            app._line_is_lost = True
        await settle(pilot)
        sent.clear()
        assert drawn() == before, "work that nobody sees"
        screen.refresh()
        await settle(pilot)
        assert sent == []
        if why == "behind":
            app._driver.is_behind = False  # type: ignore[union-attr]
            assert drawn() != before
            await settle(pilot)
            assert sent


def test_progress_of_all_lessons_is_that_of_each(tmp_path: Path) -> None:
    progress = Progress(tmp_path / "p.sqlite")
    progress.visit("one/a", 1, ("first", "second"))
    progress.visit("one/a", 0, ("first", "second"))
    progress.visit("one/b", 0, ("first", "second", "third"))
    found = progress.of_lessons()
    assert found == {slug: progress.get(slug) for slug in ("one/a", "one/b")}
    assert found["one/a"] == LessonProgress("first", frozenset({"first", "second"}), done=True)


class Field(ThemedApp[None]):
    """A field, and a label whose classes change."""

    CSS = ".red { color: red; } .bold { text-style: bold; }"

    def __init__(self) -> None:
        super().__init__()
        self.styled: list[DOMNode] = []

    def compose(self) -> ComposeResult:
        yield Input("text", placeholder="nothing yet")
        yield Static("label")

    def on_mount(self) -> None:
        update = self.stylesheet.update_nodes

        def noting(nodes: Iterable[DOMNode], animate: bool = False) -> None:
            self.styled += (found := [*nodes])
            update(found, animate)

        self.stylesheet.update_nodes = noting  # type: ignore[method-assign]


async def test_parts_are_styled_when_they_are_asked_for_and_follow_the_theme() -> None:
    app = Field()
    async with app.run_test() as pilot:
        field = app.query_one(Input)
        assert "input--placeholder" not in dict(field._component_styles)
        dark = field.get_component_rich_style("input--placeholder")
        assert "input--placeholder" in dict(field._component_styles)
        app.theme = "dltutor-light"
        await pilot.pause()
        assert field.get_component_rich_style("input--placeholder") != dark
        with pytest.raises(KeyError):
            field.get_component_styles("no-such-part")


async def test_classes_that_change_together_are_styled_once() -> None:
    app = Field()
    async with app.run_test() as pilot:
        await pilot.pause()
        label = app.query_one(Static)
        app.styled.clear()
        with styled_once(label), styled_once(app.screen):
            label.add_class("red")
            label.add_class("bold")
            app.screen.add_class("other")
            assert app.styled == []
        assert app.styled.count(label) == 1
        assert label.styles.text_style.bold
        assert label.styles.color.rgb == (255, 0, 0)


def base_rules(node: DOMNode) -> dict[str, object]:
    """The styles of a node; of a layout, which is one more object each time, the name."""
    rules = node.styles.base._rules
    return {name: getattr(rule, "name", rule) for name, rule in rules.items()}


async def test_styles_that_stay_are_not_set_again_and_are_those_of_a_new_start(
    make_tutor: MakeTutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_tutor("backprop/worked-example")
    async with app.run_test(size=(120, 40)) as pilot:
        for keys in ("tab", "t", "escape", *["right"] * 4, "?", "escape", "t"):
            await pilot.press(keys)
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        nodes = [*app.screen.walk_children(with_self=True)]
        assert len(nodes) > 20
        reached = [*map(base_rules, nodes)]
        again = list[str]()
        set_rule = Styles.set_rule

        def noting(styles: Styles, name: str, value: object) -> bool:
            again.extend([name] if styles.node in nodes else [])
            return set_rule(styles, name, value)

        monkeypatch.setattr(Styles, "set_rule", noting)
        app.stylesheet.update_nodes(nodes)
        assert again == []
        for node in nodes:
            for name in [*node.styles.base._rules]:
                node.styles.base.clear_rule(name)
            del vars(node)["rules_given"]
        app.stylesheet.update_nodes(nodes)
        for node, rules in zip(nodes, reached, strict=True):
            assert base_rules(node) == rules, node
