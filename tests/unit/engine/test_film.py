"""The film of the weights: its frames, W − W₀, one scale, bounded memory."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import torch

from engine.recipes.catalog import find_recipe, recipes
from engine.training.begin import begin
from engine.training.film import (
    FEW_ROWS,
    MOST_FRAMES,
    MOST_IMAGES,
    Film,
    Reel,
    Sheet,
    image_sheet,
    number_sheets,
)
from engine.training.keeping import keep
from engine.training.loop import train
from engine.training.observe import observe
from engine.training.order import TrainingOrder, load_task
from engine.training.snapshot import SessionState
from engine.training.task import Source
from tests.cases import for_each
from tests.unit.engine.training_fakes import FakeClock


class Growing:
    """One matrix (1, 2) whose numbers grow with every frame that is taken."""

    def __init__(self) -> None:
        self.taken = 0

    def __call__(self) -> tuple[Sheet, ...]:
        self.taken += 1
        values = np.array([[self.taken, -2 * self.taken]], dtype=np.float32)
        return (Sheet("w", values, (1, 2)),)


def filmed(epochs: int) -> tuple[Film, Growing]:
    sheets = Growing()
    reel = Reel(sheets)
    for epoch in range(1, epochs + 1):
        reel.take(epoch)
    return reel.film, sheets


@for_each("epochs", [0, 1, 5, MOST_FRAMES - 1, MOST_FRAMES, 1000, 1027])
def test_frames_are_evenly_spread_and_few(epochs: int) -> None:
    film, _sheets = filmed(epochs)
    shown = [frame.epoch for frame in film.frames]
    assert shown[0] == 0
    assert shown[-1] == epochs
    assert len(shown) <= MOST_FRAMES + 1
    gaps = {later - earlier for earlier, later in pairwise(shown[:-1])}
    assert len(gaps) <= 1
    if epochs < MOST_FRAMES:
        assert shown == list(range(epochs + 1))
    else:
        assert len(shown) > MOST_FRAMES / 2


def test_an_epoch_is_filmed_once() -> None:
    sheets = Growing()
    reel = Reel(sheets)
    reel.take(1)
    reel.take(1)
    reel.take(0)
    assert sheets.taken == 2
    assert [frame.epoch for frame in reel.film.frames] == [0, 1]


def test_the_change_is_that_from_the_first_weights() -> None:
    film, _sheets = filmed(3)
    (weights,) = film.values(3, change=False)
    (moved,) = film.values(3, change=True)
    assert weights.tolist() == [[4, -8]]
    assert moved.tolist() == [[3, -6]]
    assert film.values(0, change=True)[0].tolist() == [[0, 0]]


def test_one_scale_covers_the_whole_film() -> None:
    film, _sheets = filmed(3)
    assert film.limits(change=False) == (8,)
    assert film.limits(change=True) == (6,)
    assert Film().limits(change=False) == ()


def test_near_finds_the_frame_of_an_epoch_whose_own_was_dropped() -> None:
    film, _sheets = filmed(1000)
    number = film.near(501)
    assert abs(film.frames[number].epoch - 501) <= 8
    assert film.near(0) == 0
    assert film.near(10**6) == len(film.frames) - 1


def test_what_was_filmed_does_not_change_with_the_weights() -> None:
    weights = torch.ones(4, 10)
    reel = Reel(lambda: (image_sheet(weights, (2, 2), 10),))
    weights += 1
    numbers = torch.ones(2, 3)
    cells = Reel(lambda: number_sheets({"w": numbers}))
    numbers += 1
    assert (reel.film.frames[0].sheets[0].values == 1).all()
    assert (cells.film.frames[0].sheets[0].values == 1).all()


def test_a_few_far_larger_weights_do_not_set_the_scale_of_images() -> None:
    weights = torch.full((400, 10), 0.5)
    weights[0, 0] = 1000.0
    reel = Reel(lambda: (image_sheet(weights, (20, 20), 10),))
    assert reel.film.limits(change=False) == (0.5,)


def test_images_have_the_layout_of_the_pixels() -> None:
    weights = torch.arange(6.0).reshape(6, 1).repeat(1, 40)
    weights[:, 7] *= 10
    sheet = image_sheet(weights, (2, 3), 10)
    assert sheet.values.shape == (MOST_IMAGES, 2, 3)
    assert sheet.values[7].tolist() == [[0, 10, 20], [30, 40, 50]]
    assert sheet.shape == (6, 40)
    assert not sheet.classes
    assert image_sheet(weights[:, :10], (2, 3), 10).classes


def test_of_a_large_matrix_a_part_is_filmed() -> None:
    whole = torch.arange(1000.0 * 100).reshape(1000, 100)
    large, small, vector, number = number_sheets(
        {"w1": whole, "w2": whole[:100, :10], "b": torch.ones(3), "c": torch.tensor(2.0)}
    )
    assert (large.name, large.shape, large.values.shape) == ("w1", (1000, 100), (FEW_ROWS, 10))
    assert large.values[3, 4] == 304
    assert small.values.shape == (100, 10)
    assert (vector.shape, number.shape) == ((1, 3), (1, 1))


@for_each("recipe", [recipe.name for recipe in recipes()])
def test_every_recipe_has_a_film(recipe: str) -> None:
    """Before the first update, the film shows the weights that the recipe starts with."""
    order = TrainingOrder(find_recipe(recipe), {}, Source("cpu", None, True))
    task = load_task(order)
    sheets = task.film_sheets()
    assert sheets
    exchanged = task.exchange()
    names = [sheet.name for sheet in sheets if sheet.name]
    assert set(names) <= set(exchanged)
    for sheet in sheets:
        if sheet.is_images:
            assert sheet.values.shape[1:] == (28, 28)
            assert sheet.shape[0] == 28 * 28
        else:
            rows = exchanged[sheet.name].reshape(sheet.shape)
            part = rows[: len(sheet.values), : sheet.values.shape[1]].numpy()
            assert np.array_equal(sheet.values, part)


def test_a_resumed_run_is_compared_with_its_first_weights() -> None:
    order = TrainingOrder(find_recipe("linear"), {"epochs": 2}, Source("cpu"))
    run = begin(order, FakeClock(), film=True)
    for metrics in train(run):
        if metrics and run.reel:
            run.reel.take(metrics.epoch)
    keep(run)
    film = observe(run, SessionState.FINISHED).film
    more = TrainingOrder(
        find_recipe("linear"), {"epochs": 3}, Source("cpu"), resume=True, run=run.name
    )
    again = observe(begin(more, FakeClock(), film=True), SessionState.PAUSED).film
    assert [frame.epoch for frame in again.frames] == [0, 2]
    for number, same in ((0, 0), (1, 2)):
        for one, other in zip(
            again.values(number, change=True), film.values(same, change=True), strict=True
        ):
            assert np.array_equal(one, other)


def test_nothing_is_filmed_unless_somebody_watches() -> None:
    run = begin(TrainingOrder(find_recipe("linear")), FakeClock(), name="")
    assert run.reel is None
    assert observe(run, SessionState.PAUSED).film.frames == ()
