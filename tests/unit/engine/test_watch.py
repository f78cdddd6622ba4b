"""What is measured inside a model, and that measuring changes nothing."""

from __future__ import annotations

import math

import pytest
import torch

from engine.recipes.catalog import recipes
from engine.recipes.linear import LinearTask
from engine.recipes.mlp import ACTIVATIONS
from engine.training import layers
from engine.training import watch as watching
from engine.training.checkpoint import parameters_sha256
from engine.training.curvature import CURVATURE_SAMPLES
from engine.training.divergence import DivergenceError
from engine.training.insight import Insights
from engine.training.layers import flat_slope
from engine.training.loop import TrainingRun, train
from engine.training.snapshot import Setting
from engine.training.task import Source
from tests.unit.engine.sick_runs import biased, image_run, images
from tests.unit.engine.small_images import settings_of
from tests.unit.engine.training_fakes import FakeClock, load

TWO_LAYERS = [one.name for one in recipes() if one.name.startswith("two-layer")]


class Blind:
    """In place of a `Watch`: sees nothing."""

    insights = Insights()

    def __init__(self, run: TrainingRun) -> None:
        """Nothing."""

    def before_update(self) -> None:
        """Nothing."""

    after_update = start = end_epoch = diverged = before_update


def small(recipe: str, **given: Setting) -> TrainingRun:
    settings = settings_of(recipe, {"epochs": 3, "hidden": 8, **given})
    task = load(recipe, settings, Source("cpu", allow_synthetic=True))
    return TrainingRun(task, recipe, settings, FakeClock())


@pytest.mark.parametrize(
    ("recipe", "given"),
    [
        ("linear", {}),
        ("linear-concise", {}),
        ("fizzbuzz", {}),
        ("two-layer-numpy", {"epochs": 20}),
        ("two-layer-tensors", {"epochs": 20}),
        ("two-layer-autograd", {"epochs": 20}),
        ("two-layer-optim", {"epochs": 20}),
    ],
)
def test_the_same_seed_gives_the_same_run_with_and_without(
    recipe: str, given: dict[str, Setting], monkeypatch: pytest.MonkeyPatch
) -> None:
    seeing = small(recipe, **given)
    list(train(seeing))
    assert len(seeing.watch.insights.measured) >= 3
    monkeypatch.setattr("engine.training.loop.Watch", Blind)
    blind = small(recipe, **given)
    list(train(blind))
    assert parameters_sha256(seeing) == parameters_sha256(blind)
    assert torch.equal(seeing.task.generator.get_state(), blind.task.generator.get_state())
    assert seeing.history.state() == blind.history.state()


@pytest.mark.parametrize("optimiser", ["sgd", "momentum", "rmsprop", "adam"])
def test_looking_leaves_gradients_and_memories_alone(
    optimiser: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, Setting] = {"optimizer": optimiser, "lr": 0.001, "epochs": 2}
    state = torch.get_rng_state()
    seeing = image_run("mlp", images(200), None, **given)
    list(train(seeing))
    monkeypatch.setattr("engine.training.loop.Watch", Blind)
    blind = image_run("mlp", images(200), None, **given)
    list(train(blind))
    assert parameters_sha256(seeing) == parameters_sha256(blind)
    assert torch.equal(torch.get_rng_state(), state)


def test_the_curvature_is_the_largest_eigenvalue_of_the_hessian() -> None:
    run = small("linear")
    list(train(run))
    assert isinstance(run.task, LinearTask)
    X = run.task.data.X[:CURVATURE_SAMPLES].double()
    X = torch.cat([X, torch.ones(len(X), 1, dtype=torch.float64)], dim=1)
    largest = float(torch.linalg.eigvalsh(X.T @ X / len(X)).max())
    assert run.watch.insights.measured[-1].curvature == pytest.approx(largest, rel=0.02)


def test_the_curvature_of_adam_is_that_in_its_own_scale() -> None:
    run = image_run("softmax", images(60), epochs=1)
    # Softmax has no choice of optimiser: give it the memory that Adam would have.
    scale = {name: torch.full_like(value, 0.04) for name, value in run.task.parameters.items()}
    run.watch.look()
    plain = run.watch.insights.measured[-1].curvature
    run._settings["optimizer"] = "adam"
    run.step = 10**6
    state = type(run.task.optimiser_state())({f"square/{k}": v for k, v in scale.items()}, {})
    run.task.optimiser_state = lambda: state  # type: ignore[method-assign]
    run.watch.look()
    look = run.watch.insights.measured[-1]
    assert look.rate_limit == 38
    # Every gradient is divided by √0.04 = 0.2.
    assert plain is not None
    assert look.curvature == pytest.approx(plain / 0.2, rel=0.05)


@pytest.mark.parametrize("recipe", ["mlp", "mnist-mlp"])
def test_the_ratio_is_that_of_the_last_update(recipe: str) -> None:
    run = image_run(recipe, images(200), epochs=1)
    updates = train(run)
    weights = [value for value in run.task.parameters.values() if value.dim() == 2]
    for _update in range(3):
        next(updates)
    before = [weight.detach().clone() for weight in weights]
    next(updates)
    wanted = [
        float((new.detach() - old).norm() / old.norm())
        for new, old in zip(weights, before, strict=True)
    ]
    ratios = [layer.update_ratio for layer in run.watch.insights.measured[-1].layers]
    assert ratios == pytest.approx(wanted)
    assert all(ratio is not None and ratio > 0 for ratio in ratios)


@pytest.mark.parametrize("name", ["relu", "sigmoid", "tanh"])
def test_units_are_counted_one_by_one(name: str) -> None:
    run = image_run("mlp", images(200), biased(0.0), activation=name)
    with torch.no_grad():
        run.task.parameters["W1"].zero_()
        bias = run.task.parameters["b1"]
        bias[:3], bias[3:8], bias[8:] = -200.0, -6.0, 0.5
    run.watch.look()
    hidden, output = run.watch.insights.measured[-1].layers
    assert hidden.units == 32
    # At −200 no slope is left at all; at −6 relu has none, and the others have hardly any.
    assert (hidden.dead, hidden.saturated) == {
        "relu": (8, 0), "sigmoid": (3, 5), "tanh": (3, 5),
    }[name]  # fmt: skip
    assert output.units == output.dead == output.saturated == 0
    assert hidden.activations is not None
    assert hidden.activations.total == sum(hidden.activations.counts) == 200 * 32


def test_a_function_of_straight_lines_is_nowhere_almost_flat() -> None:
    like = torch.zeros(1)
    assert flat_slope(ACTIVATIONS["relu"], like) == 0
    assert flat_slope(torch.nn.LeakyReLU(), like) == 0
    assert flat_slope(torch.nn.Sigmoid(), like) == pytest.approx(0.05 * 0.25, rel=1e-3)
    assert flat_slope(ACTIVATIONS["tanh"], like) == pytest.approx(0.05, rel=1e-3)


def test_gradients_of_0_are_counted_beside_the_histogram() -> None:
    run = image_run("mlp", images(200), biased(-50.0))
    run.watch.look()
    hidden = run.watch.insights.measured[-1].layers[0].gradients
    assert hidden is not None
    assert hidden.outside == hidden.total > 0
    whole = image_run("softmax", images(200))
    with torch.enable_grad():
        loss, ((W, _b),), _hidden = whole.task.inside().forward(200)  # type: ignore[union-attr]
        (gradient,) = torch.autograd.grad(loss, [W])
    whole.watch.look()
    found = whole.watch.insights.measured[-1].layers[0].gradients
    assert found is not None
    assert found.high == pytest.approx(math.log10(float(gradient.abs().max())))
    assert found.total == gradient.numel() == 7840


def test_all_versions_of_the_two_layer_network_show_the_same() -> None:
    first, *others = (small(name) for name in TWO_LAYERS)
    start = first.task.exchange()
    first.watch.look()
    wanted = first.watch.insights.measured[-1]
    assert wanted.curvature is not None
    for other in others:
        other.task.take(start)
        if "optimizer" in other.settings:
            other._settings["optimizer"] = "sgd"
        other.watch.look()
        look = other.watch.insights.measured[-1]
        assert look.loss == pytest.approx(wanted.loss, rel=1e-4)
        assert look.curvature == pytest.approx(wanted.curvature, rel=1e-2)
        assert [one.dead for one in look.layers] == [one.dead for one in wanted.layers]


@pytest.mark.parametrize("pair", [("mlp", "mlp-concise"), ("mnist-mlp", "mnist-mlp-module")])
def test_modules_show_what_functions_show(pair: tuple[str, str]) -> None:
    looks = []
    start = None
    for name in pair:
        run = small(name, activation="sigmoid")
        start = start or run.task.exchange()
        run.task.take(start)
        run.watch.look()
        looks.append(run.watch.insights.measured[-1])
    one, other = looks
    assert len(one.layers) == len(other.layers)
    assert one.curvature == pytest.approx(other.curvature, rel=1e-2)
    for mine, yours in zip(one.layers, other.layers, strict=True):
        assert (mine.name, mine.units, mine.saturated) == (
            yours.name, yours.units, yours.saturated,
        )  # fmt: skip
        if mine.activations is not None:
            assert yours.activations is not None
            assert mine.activations.low == pytest.approx(yours.activations.low, abs=1e-5)


@pytest.mark.parametrize(
    ("recipe", "given"),
    [("linear", {"lr": 100.0}), ("two-layer-optim", {"lr": 0.5, "optimizer": "sgd"})],
)
def test_an_update_without_a_finite_size_has_none(recipe: str, given: dict[str, Setting]) -> None:
    run = small(recipe, **given)
    with pytest.raises(DivergenceError):
        list(train(run))
    ratios = [one.update_ratio for look in run.watch.insights.measured for one in look.layers]
    assert all(ratio is None or math.isfinite(ratio) for ratio in ratios)


def test_looks_are_rare_beside_the_work() -> None:
    run = small("linear", epochs=400, batch_size=1000)
    assert run.steps_per_epoch == 1
    list(train(run))
    steps = [look.step for look in run.watch.insights.measured]
    assert steps[:4] == [0, 1, 4, 16]
    assert steps[-1] == 400
    budget = watching.WORK_PER_LOOK * watching.LOOK_SAMPLES
    assert len(steps) <= 8 + 400 * run.task.train_samples / budget


def test_a_long_epoch_is_looked_into_in_its_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "WORK_PER_LOOK", 1)
    run = image_run("softmax", images(1000), batch_size=2, epochs=1)
    list(train(run))
    inside = [look for look in run.watch.insights.measured if 0 < look.epochs < 1]
    assert len(inside) > 3
    assert all(look.layers[0].update_ratio for look in inside)


def test_only_the_latest_look_keeps_its_histograms_and_old_ones_thin_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watching, "MOST_KEPT", 4)
    run = image_run("softmax", images(100))
    for _look in range(30):
        run.watch.look()
        assert len(run.watch.insights.measured) <= 8
    *old, last = run.watch.insights.measured
    assert last.layers[0].gradients is not None
    assert all(look.layers[0].gradients is None for look in old)


@pytest.mark.parametrize(
    ("given", "alike"),
    [
        ({"init": "zeros", "activation": "tanh"}, [200, 200]),
        ({"init": "zeros", "activation": "sigmoid"}, [200, 200]),
        ({"init": "small_normal", "activation": "sigmoid"}, [0, 0]),
        ({"activation": "tanh"}, [0, 0]),
    ],
)
def test_units_that_start_alike_stay_so_and_are_counted(
    given: dict[str, Setting], alike: list[int]
) -> None:
    run = image_run("mnist-mlp", images(200), None, **{**given, "epochs": 3})
    list(train(run))
    look = run.watch.insights.measured[-1]
    assert [one.alike for one in look.layers if one.units] == alike
    found = [one.layer for one in run.watch.insights.diagnoses if one.id == "units-alike"]
    assert found == (["hidden 1", "hidden 2"] if alike[0] else [])


def test_a_histogram_counts_all_units_alike() -> None:
    """Of 512 samples by 64 units, every second number is counted: not every second unit."""
    values = torch.arange(64.0).repeat(512, 1)
    counts = layers._of_activations(values).counts
    assert min(counts) > 0
    # 24 bars for 64 units: each stands for two or three.
    assert max(counts) < 2 * min(counts)
    same = layers._of_activations(torch.full((8, 2), 1e20))
    assert (same.low < same.high, same.total) == (True, 16), "or its checkpoint could not be read"


def test_only_gradients_of_0_are_told_to_be_0() -> None:
    found = layers._of_gradients(torch.tensor([[1.0, 1e-3], [1e-14, 0.0]]))
    assert (found.outside, found.total) == (1, 4)
    assert found.low == pytest.approx(-14)
    assert found.high == pytest.approx(0)


def test_the_curvature_is_that_of_the_loss_that_updates_follow() -> None:
    """The two-layer network sums the squared errors: 2 / curvature is the largest stable rate."""
    run = small("two-layer-tensors", epochs=60)
    list(train(run))
    look = run.watch.insights.measured[-1]
    assert look.rate == run.learning_rate
    inside = run.task.inside()
    assert inside is not None
    with torch.enable_grad():
        loss, parameters, _hidden = inside.forward(64)
        flat = [one for layer in parameters for one in layer]
        grads = torch.autograd.grad(64 * loss, flat, create_graph=True)
        vector = [grad.detach() for grad in grads]
        for _again in range(60):
            length = math.sqrt(sum(float((part**2).sum()) for part in vector))
            vector = [part / length for part in vector]
            inner = torch.stack([(g * v).sum() for g, v in zip(grads, vector, strict=True)]).sum()
            vector = [*torch.autograd.grad(inner, flat, retain_graph=True)]
    largest = math.sqrt(sum(float((part**2).sum()) for part in vector))
    assert look.curvature == pytest.approx(largest, rel=0.05)


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_the_curvature_is_found_near_a_saddle(activation: str) -> None:
    """With small first weights, ways lead up and down as steeply: power iteration finds neither."""
    run = image_run("mlp", images(200), activation=activation, hidden=8)
    run.watch.look()
    found = run.watch.insights.measured[-1].curvature
    inside = run.task.inside()
    assert inside is not None
    with torch.enable_grad():
        loss, parameters, _hidden = inside.forward(CURVATURE_SAMPLES)
        flat = [one for layer in parameters for one in layer]
        grads = torch.autograd.grad(loss, flat, create_graph=True)
        generator = torch.Generator().manual_seed(1)
        vector = [torch.randn(part.shape, generator=generator) for part in flat]
        for _again in range(200):
            length = math.sqrt(sum(float((part**2).sum()) for part in vector))
            vector = [part / length for part in vector]
            inner = torch.stack([(g * v).sum() for g, v in zip(grads, vector, strict=True)]).sum()
            product = torch.autograd.grad(inner, flat, retain_graph=True)
            largest = sum(float((p * v).sum()) for p, v in zip(product, vector, strict=True))
            # The shift makes the steepest way up what grows most.
            vector = [p + 2 * v for p, v in zip(product, vector, strict=True)]
    assert found == pytest.approx(largest, rel=0.1)


def test_a_large_bias_does_not_make_units_alike() -> None:
    run = image_run("mlp", images(200), biased(-1e5))
    run.watch.look()
    hidden = run.watch.insights.measured[-1].layers[0]
    assert (hidden.dead, hidden.alike) == (32, 0)
