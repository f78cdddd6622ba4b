"""Linear regression from scratch finds the line that made its data."""

from __future__ import annotations

import pytest
import torch

from engine.recipes import linear
from engine.recipes.catalog import find_recipe
from engine.training.checkpoint import parameters_sha256
from engine.training.loop import TrainingRun, train
from engine.training.task import Source
from tests.cases import for_each
from tests.unit.engine.training_fakes import FakeClock, load


def trained(seed: int) -> TrainingRun:
    settings = find_recipe("linear").settings({"seed": seed})
    run = TrainingRun(load("linear", settings, Source("cpu")), "linear", settings, FakeClock())
    list(train(run))
    return run


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_it_recovers_the_true_parameters(seed: int) -> None:
    run = trained(seed)
    names = [(row.name, row.true) for row in run.task.rows()]
    assert names == [("w1", 2.0), ("w2", 3.4), ("b", 4.2)]
    for row in run.task.rows():
        assert row.true is not None
        assert abs(row.learned - row.true) < 0.002
    last = run.measured[-1]
    assert last.train_loss is not None
    assert last.train_loss < 6e-5
    assert last.test_loss < 6e-5
    assert last.train_accuracy is None
    assert last.test_accuracy is None


def test_the_same_seed_gives_the_same_parameters() -> None:
    assert parameters_sha256(trained(0)) == parameters_sha256(trained(0))
    assert parameters_sha256(trained(0)) != parameters_sha256(trained(1))


def test_the_noise_is_what_is_said() -> None:
    X, y = linear.synthetic_data(
        torch.tensor([2.0, 3.4]), 4.2, 20_000, torch.Generator().manual_seed(0)
    )
    noise = y - (2.0 * X[:, 0] + 3.4 * X[:, 1] + 4.2)
    assert float(noise.std()) == pytest.approx(0.01, rel=0.03)
    assert float(noise.mean()) == pytest.approx(0.0, abs=3e-4)
    assert X.std(dim=0).tolist() == pytest.approx([1.0, 1.0], rel=0.03)


def test_it_starts_near_zero() -> None:
    w, b = linear.init_params(20_000, torch.Generator().manual_seed(0))
    assert float(w.std()) == pytest.approx(0.01, rel=0.03)
    assert float(b) == 0.0


def test_the_batches_cover_all_samples_once() -> None:
    X = torch.arange(10.0)[:, None]
    y = torch.arange(10.0)
    batches = list(linear.data_iter(4, X, y, torch.Generator().manual_seed(0)))
    assert [len(labels) for _, labels in batches] == [4, 4, 2]
    seen = torch.cat([labels for _, labels in batches])
    assert sorted(seen.tolist()) == y.tolist()
    assert seen.tolist() != y.tolist()
    assert all(torch.equal(features[:, 0], labels) for features, labels in batches)


def test_the_loss_is_half_the_square_per_sample() -> None:
    loss = linear.squared_loss(torch.tensor([1.0, 4.0]), torch.tensor([3.0, 3.0]))
    assert loss.tolist() == [2.0, 0.5]


@for_each("size", [1, 2, 5])
def test_an_update_follows_the_mean_gradient_of_the_samples_it_got(size: int) -> None:
    generator = torch.Generator().manual_seed(0)
    X = torch.randn(size, 2, generator=generator)
    y = torch.randn(size, generator=generator)
    w, b = torch.tensor([0.5, -1.0]), torch.tensor(0.25)
    error = X @ w + b - y
    expected_w = w - 0.1 * (X.T @ error) / size
    expected_b = b - 0.1 * error.mean()
    w.requires_grad_()
    b.requires_grad_()
    loss = linear.update(X, y, w, b, lr=0.1)
    assert float(loss) == pytest.approx(float((error**2).sum() / 2), rel=1e-6)
    torch.testing.assert_close(w.detach(), expected_w)
    torch.testing.assert_close(b.detach(), expected_b)
    assert w.is_leaf
    assert w.grad is None or not w.grad.any()
    assert not loss.requires_grad


def test_sgd_says_what_is_missing() -> None:
    with pytest.raises(AssertionError, match="backward"):
        linear.sgd([torch.ones(1, requires_grad=True)], 0.1, 1)


@pytest.mark.parametrize(("variable", "threads"), [(None, 1), ("2", 2)])
def test_one_thread_computes_unless_another_number_is_asked_for(
    variable: str | None, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    if variable:
        monkeypatch.setenv("OMP_NUM_THREADS", variable)
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        load("linear", find_recipe("linear").settings(), Source("cpu"))
        assert torch.get_num_threads() == threads
    finally:
        torch.set_num_threads(before)


def test_the_fingerprint_tells_the_data_of_other_seeds_apart() -> None:
    settings = find_recipe("linear").settings()
    tasks = [load("linear", settings, Source("cpu")) for _ in range(2)]
    assert tasks[0].fingerprint() == tasks[1].fingerprint()
    other = load("linear", {**settings, "seed": 1}, Source("cpu"))
    assert other.fingerprint() != tasks[0].fingerprint()
