"""FizzBuzz: the rules of the game, and that a network begins to learn them."""

from __future__ import annotations

import pytest
import torch

from engine.recipes import fizzbuzz
from engine.recipes.catalog import find_recipe
from engine.training.checkpoint import parameters_sha256
from engine.training.loop import TrainingRun, train
from engine.training.task import Source, right_answers
from tests.cases import for_each
from tests.unit.engine.training_fakes import FakeClock, load


def make_run(epochs: int, seed: int = 3) -> TrainingRun:
    settings = find_recipe("fizzbuzz").settings({"epochs": epochs, "seed": seed})
    task = load("fizzbuzz", settings, Source("cpu"))
    return TrainingRun(task, "fizzbuzz", settings, FakeClock())


def test_the_game_is_played_by_its_rules() -> None:
    said = [fizzbuzz.fizz_buzz_decode(i, fizzbuzz.fizz_buzz_encode(i)) for i in range(1, 16)]
    assert " ".join(said) == "1 2 fizz 4 buzz fizz 7 8 fizz buzz 11 fizz 13 14 fizzbuzz"


@for_each("i", [0, 1, 6, 100, 101, 1023])
def test_the_digits_are_those_of_the_number(i: int) -> None:
    digits = fizzbuzz.binary_encode(i, 10)
    assert set(digits) <= {0, 1}
    assert sum(digit * 2**place for place, digit in enumerate(digits)) == i


def test_it_trains_on_what_it_does_not_play() -> None:
    task = make_run(1).task
    assert isinstance(task, fizzbuzz.FizzBuzzTask)
    powers = 2.0 ** torch.arange(10)
    assert (task.X @ powers).tolist() == list(range(101, 1024))
    assert (task.test_X @ powers).tolist() == list(range(1, 101))
    assert (task.train_samples, task.test_samples) == (923, 100)
    assert [len(y) for _, y in task.batches(128)] == [128] * 7 + [27]
    assert task.y[:5].tolist() == [0, 1, 0, 0, 3]


def test_it_has_the_layers_that_are_said_drawn_by_their_rule() -> None:
    shapes = {name: tuple(param.shape) for name, param in make_run(1).task.parameters.items()}
    assert list(shapes.values()) == [(100, 10), (100,), (4, 100), (4,)]
    for param, n in zip(make_run(1).task.parameters.values(), (10, 10, 100, 100), strict=True):
        assert float(param.detach().abs().max()) <= n**-0.5
    assert parameters_sha256(make_run(1)) == parameters_sha256(make_run(1))
    assert parameters_sha256(make_run(1)) != parameters_sha256(make_run(1, seed=4))


def test_it_learns_and_is_healthy_all_the_while_before_it_does() -> None:
    default = find_recipe("fizzbuzz").hyperparameter("epochs").default
    run = make_run(int(default))
    for metrics in train(run):
        if run.epoch <= 250:
            assert run.watch.insights.diagnoses == ()
        if metrics is not None and metrics.epoch == 250:
            look = run.watch.insights.measured[-1]
            assert look.loss > 0.9 * look.chance  # all that time, it hardly learned
        if metrics is not None and metrics.epoch == 600:
            break
    first, last = run.measured[1], run.measured[-1]
    assert first.test_accuracy == pytest.approx(0.53)  # it says the number to everything
    assert last.test_accuracy is not None
    assert last.test_accuracy >= 0.65
    assert first.during_loss is not None
    assert last.during_loss is not None
    assert last.during_loss < 0.7 * first.during_loss


def test_the_board_holds_what_is_said_beside_what_is_right() -> None:
    run = make_run(1)
    list(train(run))
    board = run.task.panels().board
    assert [cell.question for cell in board] == [str(i) for i in range(1, 101)]
    assert (board[2].right, board[4].right, board[14].right) == ("fizz", "buzz", "fizzbuzz")
    assert (board[0].answer, board[0].right) == ("1", "1")
    right = sum(cell.is_right for cell in board)
    assert right / 100 == run.measured[-1].test_accuracy


def test_an_update_measures_the_sum_of_its_losses_before_it() -> None:
    task = make_run(1).task
    assert isinstance(task, fizzbuzz.FizzBuzzTask)
    X, y = next(task.batches(128))
    with torch.no_grad():
        scores = task.model(X)
    expected = torch.nn.functional.cross_entropy(scores, y, reduction="sum")
    sums = task.update((X, y), 0.05)
    assert float(sums.loss) == pytest.approx(float(expected), rel=1e-5)
    assert right_answers([sums]) == (scores.argmax(dim=1) == y).sum()
    with torch.no_grad():
        assert not torch.equal(task.model(X), scores)


def test_the_gradient_norms_are_those_of_the_whole_set() -> None:
    task = make_run(1).task
    assert isinstance(task, fizzbuzz.FizzBuzzTask)
    hidden, output = task.gradient_norms()
    fizzbuzz.loss_fn(task.model(task.X), task.y).backward()
    grads = [param.grad for param in task.parameters.values()]
    flat = [torch.cat([g.flatten() for g in grads[i : i + 2] if g is not None]) for i in (0, 2)]
    assert (hidden, output) == pytest.approx([float(part.norm()) for part in flat], rel=1e-5)
