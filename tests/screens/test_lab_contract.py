"""What every lab keeps to, whatever it shows: a new one is tested here as soon as it lies there."""

from __future__ import annotations

import pytest
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import Input, Static

from tests.screens.drawing import draw, drawn
from tests.screens.lab_stand_ins import use_stand_ins
from tests.screens.layout import HELP, problems
from tests.screens.waiting import settle
from tui.key_names import MARK, keyed
from tui.labs import entry, labs, make_lab
from tui.labs.base import Lab
from tui.labs.writing import WritingLab
from tui.screens.help import HelpScreen
from tui.themes import ThemedApp
from tui.widgets.coded import KEY_STYLE
from tui.widgets.key_bar import KeyBar

NARROW, WIDE = (80, 24), (120, 40)
WHITE = (255, 255, 255)
NONSENSE = "no such thing?"


class Page(ThemedApp[None]):
    """A lab alone on a page that has the keys, where the arrows turn to another step, as in a
    lesson.
    """

    CSS = "#page { padding: 0 2; scrollbar-size-vertical: 1; }"
    AUTO_FOCUS = ""
    BINDINGS = [
        Binding("escape", "leave", "Leave", tooltip="Give the keys back"),
        Binding("question_mark", "help", "Help", tooltip="What the keys do"),
        Binding("right", "turn", "Next", tooltip="The next step"),
        Binding("left", "turn", "Back", tooltip="The step before"),
    ]
    turned = 0

    def __init__(self, name: str) -> None:
        super().__init__()
        self.animation_level = "none"
        self.lab = make_lab(name, {})

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="page", can_focus=False):
            yield self.lab
        yield KeyBar()

    def action_leave(self) -> None:
        self.screen.set_focus(None)

    def action_help(self) -> None:
        self.push_screen(HelpScreen(self.screen))

    def action_turn(self) -> None:
        self.turned += 1

    @property
    def note(self) -> Static:
        return self.lab.query_one("#note", Static)

    @property
    def said(self) -> str:
        return str(self.note.content).replace("\n", " ")


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    use_stand_ins(monkeypatch)


def keys_of(lab: Lab) -> list[str]:
    """One key for everything that the lab can do but leaving."""
    keys = {
        binding.id: key
        for key, bindings in lab._bindings.key_to_bindings.items()
        for binding in bindings
        if key != "escape"
    }
    return list(keys.values())


def assert_it_fits(page: Page, size: tuple[int, int]) -> None:
    assert page.lab.size.width <= size[0]
    assert page.lab.outer_size.height <= size[1] - 3
    width, height = page.note.size
    if page.note.display:
        # A lesson that scrolls takes one column.
        assert page.note.get_content_height(page.note.size, page.size, width - 1) <= height


def assert_keys_stand_out(page: Page) -> None:
    """The keys that the hint names have the hue of keys, and its words are quieter than others."""
    hint = page.note.content
    named = [keyed(mark[0]) for mark in MARK.finditer(page.lab.marked_hint())]
    assert isinstance(hint, Content) or not named
    if isinstance(hint, Content):
        lit = [hint.plain[at.start : at.end] for at in hint.spans if at.style == KEY_STYLE]
        assert lit == named


def assert_nothing_is_louder_than_text(page: Page) -> None:
    """What shall be quiet, such as the head of a table, is not drawn in pure white instead."""
    for row in page.screen._compositor.render_strips():
        for text, style, _control in row:
            loud = style is not None and style.color is not None and style.color.triplet
            assert loud != WHITE or not any(map(str.isalpha, text)), text


async def looked_over(page: Page, pilot: Pilot[None]) -> list[str]:
    """What the walker finds on the page; it has no key for help of its own."""
    await drawn(pilot)  # the row of keys is renewed once more
    return [f"{page.size.width}: {one}" for one in problems(page.screen) if one.kind != HELP]


async def press_every_key(page: Page, pilot: Pilot[None], *, write: bool) -> None:
    """Each key is taken and its effect drawn; a field takes no nonsense, and escape closes it."""
    lab = page.lab
    for key in keys_of(lab):
        await pilot.press(key)
        draw(page)
        field = page.focused
        if write and isinstance(field, Input):
            field.cursor_blink = False
            field.value = NONSENSE
            await pilot.press("enter")
            assert field.has_focus, key
            if isinstance(lab, WritingLab):
                assert page.said.strip().endswith("."), key
        if not lab.has_focus:
            await pilot.press("escape")
        assert lab.has_focus, key
    await settle(pilot)


async def assert_the_arrows_belong_to_it(page: Page, pilot: Pilot[None]) -> None:
    """→ is the next operation in every lab alike, ← the one before; at the ends they are grey."""
    lab = page.lab
    for key in ("left", "right", "right", "left", "left", "left"):
        active = page.screen.active_bindings[key]
        assert active.node is lab, key
        await pilot.press(key)
        await settle(pilot)
    assert page.turned == 1
    assert lab.has_focus
    if isinstance(lab, WritingLab):
        # In a typed field they move the cursor.
        await pilot.press(*keys_that_write(lab)[:1])
        field = page.focused
        assert isinstance(field, Input)
        field.cursor_blink = False
        field.value = ""
        await pilot.press("1", "2", "left", "3", "right", "right", "4")
        assert field.value == "1324"
        await pilot.press("escape")
        assert lab.has_focus


@pytest.mark.parametrize("name", labs())
async def test_a_lab_opens_takes_its_keys_and_gives_them_back(name: str) -> None:
    page = Page(name)
    lab = page.lab
    async with page.run_test(size=NARROW) as pilot:
        await settle(pilot)
        wrong = await looked_over(page, pilot)
        await pilot.resize_terminal(*WIDE)
        await settle(pilot)
        wrong += await looked_over(page, pilot)
        assert wrong == []
        how = page.said
        await pilot.press("right")
        assert page.turned == 1, "without the focus, the arrows are those of the lesson"
        await pilot.press("tab")
        assert lab.has_focus
        if isinstance(lab, WritingLab):
            assert (how, page.said) == (keyed(lab.HOW), keyed(lab.KEYS))
        await settle(pilot)
        assert_it_fits(page, WIDE)
        await pilot.press("F")
        await settle(pilot)
        at = page.note.region
        if page.note.display:
            assert lab.region.x + 2 <= at.x
            assert at.right <= lab.region.right - 2, "words do not touch the border"
        if lab.IS_WORDS:
            assert at.width <= lab.WORDS
            assert abs((at.x - lab.region.x) - (lab.region.right - at.right)) <= 1
            await pilot.resize_terminal(200, 60)
            await settle(pilot)
            room, card = page.screen.size, lab.region
            assert card.width < room.width * 0.7, "a few words have a frame of their size"
            assert card.height < room.height
            assert abs(card.x - (room.width - card.right)) <= 1
            assert abs(card.y - (room.height - card.bottom)) <= 2
            await pilot.resize_terminal(*NARROW)
            await settle(pilot)
            assert page.screen.region.contains_region(lab.region)
            assert lab.max_scroll_y == 0, "nothing is cut where it was large before"
        await pilot.press("F")
        await pilot.resize_terminal(*NARROW)
        await settle(pilot)
        assert_it_fits(page, NARROW)
        assert_keys_stand_out(page)
        assert_nothing_is_louder_than_text(page)

        await pilot.press("question_mark")
        assert isinstance(page.screen, HelpScreen)
        title, keys = page.screen.groups[0]
        assert title == "In the focused control"
        explained = {active.tooltip or active.binding.tooltip for active in keys}
        await pilot.press("escape")
        assert lab.has_focus
        assert explained == {
            active.binding.tooltip
            for active in page.screen.active_bindings.values()
            if active.node is lab
        }

        await assert_the_arrows_belong_to_it(page, pilot)
        await press_every_key(page, pilot, write=True)
        await pilot.resize_terminal(*WIDE)
        await press_every_key(page, pilot, write=False)
        await pilot.resize_terminal(*NARROW)
        await settle(pilot)
        assert lab.has_focus
        assert page.turned == 1, "with it, no key of a lab turned to another step"

        await pilot.press("escape")
        assert page.focused is None
        await pilot.press("tab")
        await lab.remove()  # with the keys, and with whatever goes on
        await settle(pilot)


def keys_that_write(lab: WritingLab) -> list[str]:
    """The keys that open a field."""
    return [
        key
        for key, (binding, *_others) in lab._bindings.key_to_bindings.items()
        if binding.action.startswith(("edit", "write", "value", "expression"))
    ]


def test_every_key_has_an_id_of_its_own_and_says_what_it_does() -> None:
    owners: dict[str, str] = {}
    shared = {binding.id for binding in Lab.BINDINGS if isinstance(binding, Binding)}
    for name in labs():
        lab = make_lab(name, {})
        for bindings in lab._bindings.key_to_bindings.values():
            for binding in bindings:
                assert binding.id, (name, binding.key)
                assert binding.tooltip, binding.id
                assert binding.id in shared or owners.setdefault(binding.id, name) == name
                # Textual passes over an action that nothing answers.
                assert hasattr(lab, f"action_{binding.action.partition('(')[0]}"), binding.id


@pytest.mark.parametrize(
    ("name", "option"), [(name, option) for name, options in labs().items() for option in options]
)
def test_an_option_that_means_nothing_is_told_and_not_used(name: str, option: str) -> None:
    assert make_lab(name, {option: NONSENSE}).trouble


def test_what_is_declared_is_what_is_imported() -> None:
    assert labs()
    for name, options in labs().items():
        assert entry(name).options == options
        assert all(options.values())
