"""The film of the weights: keys and mouse scrub it, W or W − W₀, images and numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from rich.segment import Segment
from textual.app import ComposeResult
from textual.geometry import Size
from textual.pilot import Pilot

from engine.training.film import Film, Reel, Sheet, number_sheets
from engine.training.snapshot import SessionState, Snapshot
from tests.screens.fake_session import CLASSES, HostApp, linear_finished, softmax_running
from tui.panes.film import FilmPane
from tui.screens.training import TrainingScreen
from tui.themes import ThemedApp
from tui.widgets.diverging import STEPS, image_rows, levels, rgb, sign_rows
from tui.widgets.film_bar import FilmBar, frame_at, place_of
from tui.widgets.film_layout import ImageLayout
from tui.widgets.film_view import FilmView, heading, number_text
from tui.widgets.scaling import scaled

NARROW, WIDE = (80, 24), (120, 40)
EXACT = (100, 24)
"""Here each image is half as large as its weights, so that none of them are mixed."""


class Turning:
    """Weights of six classes: a stripe that moves by a column with every frame."""

    def __init__(self) -> None:
        self.taken = 0

    def __call__(self) -> tuple[Sheet, ...]:
        values = np.zeros((6, 28, 28), dtype=np.float32)
        values[:, :, self.taken : self.taken + 4] = 0.5
        values[:, :, 20:24] = -0.25
        self.taken += 1
        return (Sheet("", values, (784, 6), classes=True),)


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (90, "w1 (1000×100), first 20 rows, first 8 columns · colours from −0.0466 to +0.0466"),
        (76, "w1 (1000×100), first 20 rows, first 8 columns · ±0.0466"),
        (40, "w1 (1000×100) · ±0.0466"),
    ],
)
def test_the_heading_of_numbers_is_never_cut(width: int, shown: str) -> None:
    sheet = Sheet("w1", np.zeros((20, 10), dtype=np.float32), (1000, 100))
    assert heading(sheet, 20, 8, 0.0466, width) == shown


def images(epochs: int) -> Film:
    reel = Reel(Turning())
    for epoch in range(1, epochs + 1):
        reel.take(epoch)
    return reel.film


def numbers(epochs: int) -> Film:
    import torch

    w = torch.tensor([[0.5, -2.0]])
    reel = Reel(lambda: number_sheets({"w": w}))
    for epoch in range(1, epochs + 1):
        w += 0.25
        reel.take(epoch)
    return reel.film


def make(snapshot: Snapshot, recipe: str = "softmax") -> HostApp:
    app = HostApp(TrainingScreen(recipe))
    app.fake.publish(snapshot)
    return app


def film_of(app: HostApp) -> FilmPane:
    screen = app.screen
    assert isinstance(screen, TrainingScreen)
    return screen.panes.of(FilmPane)


def publish(app: HostApp, **changes: object) -> None:
    app.fake.change(**changes)
    assert isinstance(app.screen, TrainingScreen)
    app.screen.refresh_snapshot()


def shown(app: HostApp) -> int:
    """The epoch that is shown."""
    pane = film_of(app)
    return pane.snapshot.film.frames[pane.number].epoch


def colours(app: HostApp) -> set[object]:
    """The colours of the first image in its top row."""
    row = film_of(app).view.render_line(1).crop(0, 14)
    return {segment.style.bgcolor for segment in row if segment.style}


def bar(app: HostApp) -> str:
    return film_of(app).bar.render_line(0).text


def lit_up(segment: Segment) -> bool:
    """Whether it stands out of the words around it."""
    return bool(segment.style and segment.style.bold)


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_keys_go_back_and_forth(size: tuple[int, int]) -> None:
    app = make(replace(softmax_running(), film=images(5)))
    async with app.run_test(size=size) as pilot:
        await pilot.press("0")
        assert shown(app) == 5
        for key, epoch in [("left", 4), ("left", 3), ("right", 4), ("home", 0), ("left", 0),
                           ("right", 1), ("end", 5), ("right", 5)]:  # fmt: skip
            await pilot.press(key)
            assert shown(app) == epoch, key
            assert bar(app).startswith(f"W after epoch {epoch} ")
        keys = [each.text for each in film_of(app).bar.render_line(0) if lit_up(each)]
        assert keys == ["W after epoch 5 ", "←", "→", "space", "m"]
        assert app.fake.calls == []


async def test_the_latest_is_followed_and_a_chosen_epoch_stays() -> None:
    app = make(replace(softmax_running(), film=images(3)))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("0")
        publish(app, film=images(4))
        assert shown(app) == 4
        await pilot.press("left", "left")
        publish(app, film=images(5))
        assert shown(app) == 2
        await pilot.press("end")
        publish(app, film=images(6))
        assert shown(app) == 6


async def test_a_new_training_is_followed_again() -> None:
    app = make(replace(softmax_running(), film=images(3), run="softmax-1"))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("0", "home")
        publish(app, film=images(2), run="softmax-2")
        assert shown(app) == 2


async def test_m_shows_the_change() -> None:
    app = make(replace(softmax_running(), film=images(2)))
    async with app.run_test(size=EXACT) as pilot:
        await pilot.press("0")
        assert "+0.5" in film_of(app).bar.render_line(1).text
        assert len(colours(app)) == 3  # 0, a positive and a negative weight
        await pilot.press("m")
        assert bar(app).startswith("W − W₀ after epoch 2 ")
        assert len(colours(app)) == 3  # the stripe has left two columns and entered two
        assert "+0.5" in film_of(app).bar.render_line(1).text
        await pilot.press("home")
        assert len(colours(app)) == 1
        await pilot.press("m")
        assert bar(app).startswith("W after epoch 0 ")


async def test_before_the_first_update_the_change_has_no_scale() -> None:
    app = make(replace(softmax_running(), film=images(0)))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("0", "m")
        assert "all are 0" in film_of(app).bar.render_line(1).text


class FilmApp(ThemedApp[None]):
    """The bar and the images alone."""

    def __init__(self, theme: str) -> None:
        super().__init__()
        self.animation_level = "none"
        self.wanted = theme

    def compose(self) -> ComposeResult:
        yield FilmBar()
        yield FilmView()

    def on_mount(self) -> None:
        self.theme = self.wanted
        film = images(4)
        self.query_one(FilmBar).show(
            range(5), 2, change=False, limits=film.limits(change=False), images=True
        )
        self.query_one(FilmView).show(film, 2, change=False, classes=CLASSES)


@pytest.mark.parametrize("theme", ["dltutor-dark", "dltutor-light"])
def test_the_film_looks_as_before(snap_compare: Callable[..., bool], theme: str) -> None:
    assert snap_compare(FilmApp(theme), terminal_size=NARROW)


async def drag(pilot: Pilot[None], app: HostApp, start: int, end: int) -> None:
    bar = film_of(app).bar
    left = bar.track[0]
    await pilot.mouse_down(bar, offset=(left + start, 0))
    await pilot.hover(bar, offset=(left + end, 0))
    await pilot.mouse_up(bar, offset=(left + end, 0))


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_the_mouse_scrubs(size: tuple[int, int]) -> None:
    app = make(replace(softmax_running(), film=images(10)))
    async with app.run_test(size=size) as pilot:
        await pilot.press("0")
        await pilot.pause()
        length = film_of(app).bar.track[1]
        await drag(pilot, app, 0, 0)
        assert shown(app) == 0
        await drag(pilot, app, 0, length // 2)
        assert shown(app) == 5
        await drag(pilot, app, length - 1, length + 5)
        assert shown(app) == 10
        await pilot.hover(film_of(app).bar, offset=(film_of(app).bar.track[0], 0))
        assert shown(app) == 10  # not while the button is up


async def test_the_film_plays_to_its_end() -> None:
    app = make(replace(softmax_running(), film=images(3)))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("0", "space")
        pane = film_of(app)
        assert shown(app) == 0
        pane.play_on()
        assert shown(app) == 1
        await pilot.press("space")
        assert pane._timer is None
        await pilot.press("space")
        for _frame in range(2):
            pane.play_on()
        assert shown(app) == 3
        assert pane._timer is None


async def test_small_matrices_are_cells_with_numbers() -> None:
    app = make(replace(linear_finished(), film=numbers(2)), "linear")
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("0")
        text = film_of(app).view.text
        assert text.splitlines()[0] == "w (1×2) · colours from −2 to +2"
        assert text.splitlines()[1].split() == ["1", "+1.000", "−1.500"]
        await pilot.press("m")
        text = film_of(app).view.text
        assert text.splitlines()[0] == "w (1×2) · colours from −0.5 to +0.5"
        assert text.splitlines()[1].split() == ["1", "+0.500", "+0.500"]


async def test_nothing_is_filmed_before_a_training() -> None:
    app = HostApp(TrainingScreen("softmax"))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("0", "left", "m", "space")
        assert film_of(app).view.text == "no weights yet"
        paused = SessionState.PAUSED
        publish(app, recipe="softmax", state=paused, film=images(0), classes=CLASSES)
        assert shown(app) == 0
        assert CLASSES[0] in film_of(app).view.text


async def test_a_hidden_film_is_drawn_when_it_is_opened() -> None:
    app = make(replace(softmax_running(), film=images(1)))
    async with app.run_test(size=NARROW) as pilot:
        publish(app, film=images(4))
        await pilot.press("0")
        assert bar(app).startswith("W after epoch 4 ")
        await pilot.press("1")
        publish(app, film=images(6))
        await pilot.press("0")
        assert bar(app).startswith("W after epoch 6 ")


async def test_signs_take_the_place_of_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = make(replace(softmax_running(), film=images(2)))
    async with app.run_test(size=EXACT) as pilot:
        await pilot.press("0")
        row = film_of(app).view.text.splitlines()[1]
        assert "##" in row
        assert "=" in row or "-" in row
        assert "▀" not in film_of(app).view.text
        assert "#" in film_of(app).bar.render_line(1).text


@pytest.mark.parametrize(
    ("room", "pixels", "columns"),
    [
        (Size(118, 31), (22, 22), 5),  # ten images fill 120×40
        (Size(198, 51), (38, 38), 5),
        (Size(78, 13), (10, 10), 5),  # so do they 80×24
        (Size(76, 14), (12, 12), 5),  # larger without a line between
        (Size(78, 12), (14, 14), 5),  # too little room: larger ones, which scroll
    ],
)
def test_images_use_the_room(room: Size, pixels: tuple[int, int], columns: int) -> None:
    layout = ImageLayout.fit(10, (28, 28), room.width, room.height)
    assert layout.pixels == pixels
    assert layout.columns == columns
    across = columns * layout.size.width + (columns - 1) * layout.gap
    assert room.width - columns < across <= room.width or layout.gap == 8


def test_thirty_two_images_fill_a_large_view() -> None:
    layout = ImageLayout.fit(32, (28, 28), 196, 46)
    assert (layout.size, layout.columns, layout.rows, layout.air) == (Size(20, 10), 8, 4, 0)
    assert 8 * layout.size.width + 7 * layout.gap == 195
    assert layout.height(46) == 44


@pytest.mark.parametrize(
    ("room", "pixels", "columns", "rows"),
    [
        (Size(76, 14), (10, 10), 6, 2),  # two rows of small images fill 80×24
        (Size(114, 26), (14, 14), 7, 3),
        (Size(76, 11), (13, 13), 5, 1),
        (Size(76, 5), (14, 14), 4, 0),  # no row is seen whole
    ],
)
def test_of_many_images_those_are_seen_that_fill_the_view(
    room: Size, pixels: tuple[int, int], columns: int, rows: int
) -> None:
    layout = ImageLayout.fit(32, (28, 28), room.width, room.height)
    assert (layout.pixels, layout.columns, layout.whole) == (pixels, columns, rows)


def test_an_image_keeps_its_mean_at_every_size() -> None:
    image = np.arange(28 * 28, dtype=np.float32).reshape(28, 28)
    for side in (14, 17, 21, 28, 35, 56):
        other = scaled(image, (side, side))
        assert other.shape == (side, side)
        assert other.mean() == pytest.approx(image.mean(), rel=1e-5)
    assert np.allclose(scaled(image, (28, 28)), image)
    assert np.allclose(scaled(image, (14, 14))[0, 0], image[:2, :2].mean())


def test_the_palette_has_0_in_the_middle() -> None:
    steps = levels(np.array([[-2, -1, -0.5, 0, 0.5, 1, 2, np.nan]], dtype=np.float32), 1.0)
    half = STEPS // 2
    assert steps.tolist() == [[-STEPS, -STEPS, -half, 0, half, STEPS, STEPS, 0]]
    assert levels(np.ones((1, 2), dtype=np.float32), 0.0).tolist() == [[0, 0]]
    for dark in (True, False):
        blue, zero, orange = rgb(-STEPS, dark), rgb(0, dark), rgb(STEPS, dark)
        assert blue[2] > blue[0]
        assert orange[0] > orange[2]
        assert max(zero) - min(zero) < 20
        assert (sum(zero) < 180) is dark


def test_pixels_lie_two_in_a_cell() -> None:
    steps = np.array([[0, 5], [0, -5], [3, 3]])
    rows = image_rows(steps, dark=True)
    assert ["".join(s.text for s in row) for row in rows] == [" ▀", "▀▀"]
    assert [len(row) for row in rows] == [2, 1]
    strong = np.array([[STEPS, 3, 0, -3, -STEPS]])
    assert sign_rows(np.vstack([strong, strong]))[0][0].text == "#+ -="


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (0.1234, "+0.123"), (-2.0, "−2.000"), (12.34, "+12.3"), (-456.7, "−456.7"),
     (12345.0, "+1.2e4"), (1.234e-5, "+1.2e−5"), (-9e-12, "−9.0e−12")],
)  # fmt: skip
def test_a_weight_takes_few_cells(value: float, text: str) -> None:
    assert number_text(value) == text


def test_the_track_and_the_frames_agree() -> None:
    for count in (1, 2, 5, 64):
        for number in range(count):
            assert frame_at(place_of(number, count, 70), count, 70) == number
    assert frame_at(-5, 10, 70) == 0
    assert frame_at(500, 10, 70) == 9
