"""The six versions of the two-layer network: gradients, memory, first weights, what they learn."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
import torch

from engine.errors import UserError
from engine.recipes import two_layer_numpy, two_layer_optim, two_layer_tensors
from engine.recipes.catalog import find_recipe
from engine.recipes.two_layer import TwoLayerTask
from engine.training.checkpoint import capture, parameters_sha256, restore
from engine.training.loop import TrainingRun, train
from engine.training.task import Source
from tests.cases import for_each
from tests.unit.engine.training_fakes import FakeClock, load

VERSIONS = ("numpy", "tensors", "autograd", "nn", "optim", "module")
ALIKE: dict[str, int | float | str] = {"lr": 1e-6, "init": "normal", "optimizer": "sgd"}
"""Settings with which all versions do the same."""


def make_run(version: str, **changes: int | float | str) -> TrainingRun:
    name = f"two-layer-{version}"
    known = {parameter.name for parameter in find_recipe(name).hyperparameters}
    wanted = {key: value for key, value in changes.items() if key in known}
    settings = find_recipe(name).settings(wanted)
    return TrainingRun(load(name, settings, Source("cpu")), name, settings, FakeClock())


def make_usual(version: str, **changes: int | float | str) -> TrainingRun:
    return make_run(version, **changes, lr=find_recipe(f"two-layer-{version}").usual_rate(changes))


def small_problem() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    x, y = (torch.randn(5, n, generator=generator, dtype=torch.float64) for n in (7, 3))
    w1 = torch.randn(7, 4, generator=generator, dtype=torch.float64, requires_grad=True)
    w2 = torch.randn(4, 3, generator=generator, dtype=torch.float64, requires_grad=True)
    return x, y, w1, w2


def test_the_gradients_by_hand_are_those_of_autograd() -> None:
    x, y, w1, w2 = small_problem()
    loss = (x.mm(w1).clamp(min=0).mm(w2) - y).pow(2).sum()
    expected = torch.autograd.grad(loss, (w1, w2))
    plain = [part.detach() for part in (x, y, w1, w2)]
    by_tensors = two_layer_tensors.gradients(*plain)
    by_numpy = two_layer_numpy.gradients(*(part.numpy() for part in plain))
    assert by_numpy[0] == pytest.approx(loss.item(), rel=1e-14)
    assert by_tensors[0].item() == pytest.approx(loss.item(), rel=1e-14)
    for right, tensor, array in zip(expected, by_tensors[1:], by_numpy[1:], strict=True):
        torch.testing.assert_close(tensor, right, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(np.asarray(array), right.numpy(), rtol=1e-12, atol=1e-12)


@for_each("version", VERSIONS)
def test_a_step_moves_both_weights_along_the_gradient_of_the_sum(version: str) -> None:
    task = make_run(version, **ALIKE).task
    before = task.exchange()
    assert {name: tuple(w.shape) for name, w in before.items()} == {
        "w1": (1000, 100), "w2": (100, 10),
    }  # fmt: skip
    (batch,) = task.batches(64)
    loss, grad1, grad2 = two_layer_tensors.gradients(*batch, before["w1"], before["w2"])
    sums = task.update(batch, 1e-6)
    assert float(sums.loss) == pytest.approx(float(loss), rel=1e-6)
    assert (sums.samples, sums.correct) == (64, None)
    after = task.exchange()
    for name, grad in (("w1", grad1), ("w2", grad2)):
        assert float((after[name] - (before[name] - 1e-6 * grad)).abs().max()) < 2e-6
        assert float((after[name] - before[name]).abs().max()) > 1e-3


@for_each("version", VERSIONS)
def test_the_same_seed_gives_every_version_the_same_start(version: str) -> None:
    reference, task = make_run("numpy", **ALIKE).task, make_run(version, **ALIKE).task
    assert task.fingerprint() == reference.fingerprint()
    for name, values in task.exchange().items():
        assert torch.equal(values, reference.exchange()[name])
    assert float(reference.exchange()["w1"].std()) == pytest.approx(1, rel=0.02)


def test_after_100_steps_the_numbers_are_learned_but_no_rule() -> None:
    """That all six ways come to this loss is shown by `test_training_lockstep`."""
    run = make_run("tensors", epochs=100, **ALIKE)
    list(train(run))
    last, before = run.measured[-1].during_loss, run.measured[0].train_loss
    assert last is not None
    assert before is not None
    assert last < before * 1e-4
    # The test numbers follow no rule that could be learned.
    assert run.measured[-1].test_loss > 1000 * last


@for_each("version", VERSIONS)
def test_taking_over_gives_back_the_same_and_refuses_others(version: str) -> None:
    task = make_run(version, **ALIKE).task
    other = make_run("tensors", seed=5).task.exchange()
    task.take(other)
    for name, values in task.exchange().items():
        assert torch.equal(values, other[name])
    with pytest.raises(ValueError, match="do not fit"):
        task.take({"w1": other["w1"]})
    with pytest.raises(ValueError, match="do not fit"):
        task.take({"w1": other["w1"].t(), "w2": other["w2"]})


def test_the_arrays_of_numpy_lie_in_the_memory_of_the_parameters() -> None:
    task = make_run("numpy").task
    assert isinstance(task, two_layer_numpy.NumpyTask)
    with torch.no_grad():
        task.parameters["w1"][3, 4] = 7.0
    assert task.w1[3, 4] == 7.0
    task.use_float64()
    task.w1[3, 4] = 8.0
    assert task.parameters["w1"].dtype == torch.float64
    assert float(task.parameters["w1"][3, 4]) == 8.0


@pytest.mark.parametrize(
    ("name", "epochs"), [("sgd", 70), ("momentum", 70), ("rmsprop", 70), ("adam", 140)]
)
def test_every_optimizer_learns_the_numbers(name: str, epochs: int) -> None:
    run = make_run("optim", optimizer=name, epochs=epochs)
    list(train(run))
    assert run.measured[0].train_loss == pytest.approx(10, rel=0.2)
    last = run.measured[-1].train_loss
    assert last is not None
    assert last < 0.3


def test_an_optimizer_that_remembers_is_resumed_bit_by_bit() -> None:
    straight = make_run("optim", epochs=12)
    list(train(straight))
    cut = make_run("optim", epochs=12)
    list(islice(train(cut), 5))
    resumed = make_run("optim", epochs=12)
    restore(resumed, capture(cut))
    list(train(resumed))
    assert parameters_sha256(resumed) == parameters_sha256(straight)


def test_an_unknown_optimizer_is_refused() -> None:
    with pytest.raises(ValueError, match="no optimizer"):
        two_layer_optim.make_optimizer("best", [], 0.1)


@pytest.mark.parametrize("version", ["nn", "module"])
def test_the_weights_can_start_as_those_of_nn_linear(version: str) -> None:
    start = make_run(version, init="uniform").task.exchange()
    for name, n in (("w1", 1000), ("w2", 100)):
        largest = float(start[name].abs().max())
        assert 0.95 * n**-0.5 < largest <= n**-0.5


@for_each("version", VERSIONS)
def test_the_gradient_norms_change_nothing(version: str) -> None:
    task = make_run(version, **ALIKE).task
    assert isinstance(task, TwoLayerTask)
    before = task.exchange()
    _, grad1, grad2 = two_layer_tensors.gradients(
        task.data.x, task.data.y, before["w1"], before["w2"]
    )
    norms = task.gradient_norms()
    assert len(norms) == len(task.layers) == 2
    assert norms == pytest.approx((float(grad1.norm()), float(grad2.norm())), rel=1e-5)
    assert all(torch.equal(values, before[name]) for name, values in task.exchange().items())
    (batch,) = task.batches(64)
    task.update(batch, 0.0)
    assert all(torch.equal(values, before[name]) for name, values in task.exchange().items())


def test_smaller_batches_cover_all_samples_in_order() -> None:
    task = make_run("tensors").task
    assert isinstance(task, TwoLayerTask)
    batches = list(task.batches(24))
    assert [len(x) for x, _ in batches] == [24, 24, 16]
    assert torch.equal(torch.cat([x for x, _ in batches]), task.data.x)


def test_numpy_computes_on_the_cpu_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(two_layer_numpy, "choose", lambda name: torch.device(name))
    with pytest.raises(UserError, match="only on the CPU"):
        two_layer_numpy.build({"seed": 0}, Source("cuda"))


@pytest.mark.parametrize("init", ["normal", "uniform"])
@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "rmsprop", "adam"])
def test_the_usual_rate_suits_the_optimiser_and_the_first_weights(
    optimizer: str, init: str
) -> None:
    """From N(0, 1), the default diverges or learns too little; for nn alone, 1e-6 is too low."""
    run = make_usual("optim", optimizer=optimizer, init=init, epochs=20)
    list(train(run))
    first, *_others, last = (row.train_loss for row in run.measured)
    assert first
    assert last
    assert last < (0.2 if init == "normal" else 0.8) * first


def test_the_usual_rate_of_smaller_first_weights_is_higher() -> None:
    for version in ("nn", "module"):
        recipe = find_recipe(f"two-layer-{version}")
        assert recipe.usual_rate({"init": "normal"}) == recipe.hyperparameter("lr").default
        assert recipe.usual_rate({"init": "uniform"}) == 1e-4
