"""Programs that show sentences of `mlp/watching` to be true."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from lessons.course.mlp.watching.curves import FEW_EPOCHS
from lessons.course.mlp.watching.facts import KEPT, LATER, PLAY_PENALTY, PLAY_RATES
from lessons.proof.claims import Claim

if TYPE_CHECKING:
    from engine.playground.run import Run
    from lessons.course.mlp.watching.programs import Epoch


def merged_dots() -> bool:
    """The loss history: after 2047 losses 2047 points, after 2048 half of them, each of two.

    Each keeps its mean, its smallest and its largest loss.
    """
    from engine.training.metrics import HISTORY_POINTS, History

    history = History()
    for step in range(1, HISTORY_POINTS):
        history.append(step, float(step))
    whole = len(history.curve().steps)
    history.append(HISTORY_POINTS, float(HISTORY_POINTS))
    merged = history.curve()
    half = len(merged.steps) == HISTORY_POINTS // 2
    kept = merged.lows[:2] == (1.0, 3.0) and merged.highs[:2] == (2.0, 4.0)
    return whole == HISTORY_POINTS - 1 and half and kept and merged.values[:2] == (1.5, 3.5)


def _first_loss(spread: float, largest: float, shuffle: bool) -> float:
    """The loss of 784-256-10 before any update, by the spread of the weights and the inputs."""
    import torch

    from engine.recipes.mlp import relu, scores
    from engine.recipes.softmax import cross_entropy

    generator = torch.Generator().manual_seed(0)
    X, y = largest * torch.rand(256, 784, generator=generator), torch.arange(256) % 10
    params = {
        "W1": spread * torch.randn(784, 256, generator=generator),
        "b1": torch.zeros(256),
        "W2": spread * torch.randn(256, 10, generator=generator),
        "b2": torch.zeros(10),
    }
    if shuffle:
        y = y[torch.randperm(256, generator=generator)]
    return float(cross_entropy(scores(X, params, relu), y).mean())


def first_loss() -> bool:
    """The first loss with weights from N(0, 0.01²), for given labels and for shuffled ones."""
    return all(
        abs(_first_loss(0.01, 1.0, shuffle) - math.log(10)) < 0.05 for shuffle in (False, True)
    )


def first_loss_large() -> bool:
    """The first loss with weights from N(0, 1), and with pixels from 0 to 255: above 1.5 ln 10."""
    found = _first_loss(1.0, 1.0, False), _first_loss(0.01, 255.0, False)
    return min(found) > 1.5 * math.log(10)


def wrong_labels() -> bool:
    """300 updates with shuffled train labels: the lowest test loss stays above 0.98 ln 3."""
    import torch
    from torch.nn.functional import cross_entropy

    from lessons.course.mlp.watching.programs import clusters

    generator = torch.Generator().manual_seed(0)
    X, y = clusters(500, generator)
    X_test, y_test = clusters(500, generator)
    y = y[torch.randperm(len(y), generator=generator)]
    net = torch.nn.Sequential(torch.nn.Linear(20, 32), torch.nn.ReLU(), torch.nn.Linear(32, 3))
    for parameter in net.parameters():
        torch.nn.init.normal_(parameter, std=0.1, generator=generator)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    lowest = math.inf
    for _ in range(300):
        rows = torch.randint(500, (10,), generator=generator)
        optimizer.zero_grad()
        cross_entropy(net(X[rows]), y[rows]).backward()
        optimizer.step()
        with torch.no_grad():
            lowest = min(lowest, float(cross_entropy(net(X_test), y_test)))
    return lowest > 0.98 * math.log(3)


def line_of(losses: list[float]) -> list[float]:
    """The smoothed line over the losses of all steps, as the screen draws it."""
    average, shown = 0.0, []
    for step, loss in enumerate(losses, start=1):
        average = KEPT * average + (1 - KEPT) * loss
        shown.append(average / (1 - KEPT**step))
    return shown


def line_starts() -> bool:
    """The smoothed line over some losses begins at the first one, and over 3, 3, 3 … it is 3."""
    same = np.allclose(line_of([3.0] * 50), 3.0)
    return same and math.isclose(line_of([2.0, 7.0, 1.0])[0], 2.0)


def line_later() -> bool:
    """What is left of the start after 100 steps, 0.95¹⁰⁰: less than 1 %."""
    return KEPT**LATER < 0.01


def _measured_by_the_engine() -> Epoch:
    """The accuracies of the first epoch, as the training screen gets them."""
    from engine.data.glyphs import glyph_images
    from engine.recipes.catalog import find_recipe
    from engine.recipes.mnist_mlp import MnistMlpTask
    from engine.training.loop import TrainingRun, train
    from engine.training.task import Source
    from lessons.course.mlp.watching.programs import Epoch

    settings = find_recipe("mnist-mlp").settings({"epochs": 1, "lr": 0.05, "batch_size": 50})
    task = MnistMlpTask(glyph_images(0, 2000, 500), settings, Source("cpu"))
    run = TrainingRun(task, "mnist-mlp", settings, lambda: 0.0)
    (metrics,) = (found for found in train(run) if found is not None)
    figures = metrics.during_accuracy, metrics.train_accuracy, metrics.test_accuracy
    return Epoch(*(float(figure or 0) for figure in figures))


def running_train() -> bool:
    """The engine's accuracy during the epoch is what a running sum over the same epoch gives."""
    from lessons.course.mlp.watching.programs import learn_digits

    epoch = learn_digits(FEW_EPOCHS).epochs[0]
    found = _measured_by_the_engine().running
    return math.isclose(found, epoch.running) and not math.isclose(found, epoch.after)


def train_after() -> bool:
    """The engine's train accuracy is that of all train samples after the epoch, if they are few.

    Of many, it measures the same ones each time.
    """
    import torch

    from engine.recipes.parts import PROBE_SAMPLES, probe
    from lessons.course.mlp.watching.programs import learn_digits

    epoch = learn_digits(FEW_EPOCHS).epochs[0]
    few, again = (torch.as_tensor(probe(60_000)) for _ in range(2))
    same = len(few) == PROBE_SAMPLES and torch.equal(few, again)
    return same and math.isclose(_measured_by_the_engine().after, epoch.after, abs_tol=1e-6)


def test_after() -> bool:
    """The test accuracy of the engine is that of all test samples after the epoch."""
    from lessons.course.mlp.watching.programs import learn_digits

    epoch = learn_digits(FEW_EPOCHS).epochs[0]
    return math.isclose(_measured_by_the_engine().test, epoch.test, abs_tol=1e-6)


def train_below() -> bool:
    """In the first epoch: running train accuracy below test, and train after the epoch above."""
    from lessons.course.mlp.watching.programs import learn_digits

    first, *_, last = learn_digits(FEW_EPOCHS).epochs
    nearer = last.after - last.running < (first.after - first.running) / 10
    return first.running < first.test < first.after and nearer


def held_out() -> bool:
    """A validation share of 0.1: a tenth of 60 000, another tenth by another seed."""
    from engine.recipes.parts import split

    kept, held = split(60_000, 0.1, seed=0)
    _, other = split(60_000, 0.1, seed=1)
    assert kept is not None
    assert held is not None
    assert other is not None
    apart = not set(kept.tolist()) & set(held.tolist())
    return (len(kept), len(held)) == (54_000, 6_000) and apart and bool((held != other).any())


def chosen_on_test() -> bool:
    """20 equally good models on 500 test samples: the best figure is 1 to 5 points too high."""
    rng = np.random.default_rng(0)
    best = (rng.binomial(500, 0.85, size=(200, 20)) / 500).max(axis=1)
    return bool(0.01 < best.mean() - 0.85 < 0.05)


def sure_mistakes() -> bool:
    """With 60 samples, test loss by right and wrong, at its lowest point and after 300 updates."""
    from lessons.course.mlp.watching.curves import curves_of, lowest

    curves, low = curves_of("too few samples"), lowest()
    rises = curves.of_wrong[-1] / curves.of_wrong[low]
    return 1.8 < rises < 2 and curves.of_right[-1] < 0.5 * curves.of_right[low]


def small_gradient_learns() -> bool:
    """Four layers: gradients 100 times apart, first updates of RMSProp and Adam within 10 %."""
    from lessons.course.mlp.watching.programs import ratios

    for rule in ("RMSprop", "Adam"):
        (first_gradient, first), *_, (last_gradient, last) = ratios(rule, 0.001)
        if not (last_gradient > 100 * first_gradient and abs(first / last - 1) < 0.1):
            return False
    return True


def sgd_layers() -> bool:
    """With SGD, update ÷ weight of the first layer is less than a hundredth of the last one's."""
    from lessons.course.mlp.watching.programs import ratios

    found = [ratio for _, ratio in ratios("SGD", 0.05)]
    return found[0] < found[-1] / 100


def gallery_share() -> bool:
    """A model that is wrong on 1 of 20 digits: of its 24 images in the gallery, 8 are wrong."""
    import torch

    from engine.data.glyphs import glyph_images
    from engine.recipes.images_panels import gallery

    data = glyph_images(0, 2000, 500)
    predicted = data.test_labels.clone()
    predicted[::20] = (predicted[::20] + 1) % 10
    shown = gallery(data, predicted, torch.ones(len(predicted)))
    return (len(shown), sum(not image.is_right for image in shown)) == (24, 8)


def snow() -> bool:
    """Neighbouring first weights after five epochs: their correlation in W and in its change."""
    from lessons.course.mlp.watching.programs import learn_digits, likeness

    learned = learn_digits(5)
    in_change = likeness(learned.end - learned.start)
    return abs(likeness(learned.end)) < 0.1 and in_change > 0.7 and learned.epochs[-1].test > 0.9


def overfit_on_purpose() -> bool:
    """The losses of the lab after 40 and 200 epochs, beside those of the start."""
    from engine.playground.run import Run
    from engine.playground.settings import parse

    run = Run(parse("data=circle noise=0.4 train=0.1 layers=8,8"))
    rows = [run.frame.now]
    for epoch in range(1, 201):
        run.forward_epoch()
        if epoch in (40, 200):
            rows.append(run.frame.now)
    start, middle, end = rows
    falls = start.train_loss > middle.train_loss and start.test_loss > middle.test_loss
    return falls and end.train_loss < 0.01 and end.test_loss > 1.3 * middle.test_loss


@lru_cache(maxsize=8)
def _played(line: str, epochs: int) -> Run:
    """A run of the playground after some epochs."""
    from engine.playground.run import Run
    from engine.playground.settings import parse

    run = Run(parse(line))
    for _ in range(epochs):
        run.forward_epoch()
    return run


_RATES = "data=circle noise=0 layers=4 optimiser=sgd rate="
_FEW = "data=circle noise=0.4 train=0.1 layers=8,8 l2="


def play_creeps() -> bool:
    """A hundred epochs with the rate 0.003: the training loss, beside that after the first."""
    first, last = (_played(f"{_RATES}{PLAY_RATES[0]:g}", n).frame.now.train_loss for n in (1, 100))
    return 0.95 * first < last < first


def play_learns() -> bool:
    """A hundred epochs with the rate 1: the shares of training and test points that are right."""
    now = _played(f"{_RATES}{PLAY_RATES[1]:g}", 100).frame.now
    return now.train_accuracy == now.test_accuracy == 1.0


def play_jumps() -> bool:
    """A hundred epochs with the rate 30: the loss far above the start, and half of it right."""
    now = _played(f"{_RATES}{PLAY_RATES[2]:g}", 100).frame.now
    return now.train_loss > 10 and now.train_accuracy == 0.5


def play_far_out() -> bool:
    """What the hidden units say to the training points after an epoch with the rate 30."""
    run = _played(f"{_RATES}{PLAY_RATES[2]:g}", 1)
    hidden = run.model.forward(run.state.flat, run.train_inputs).a[0]
    return bool((abs(abs(hidden) - 1) < 5e-5).all())


def play_held() -> bool:
    """Two hundred epochs with the penalty of the lesson and without: both losses."""
    free, held = (_played(f"{_FEW}{penalty:g}", 200).frame.now for penalty in (0, PLAY_PENALTY))
    smooth = held.test_loss < 0.6 * free.test_loss
    return smooth and held.train_loss > 0.05 > free.train_loss


def play_too_much() -> bool:
    """Two hundred epochs with the penalty 0.1: the training loss of always saying one half."""
    now = _played(f"{_FEW}0.1", 200).frame.now
    return math.isclose(now.train_loss, math.log(2), rel_tol=1e-3) and now.train_accuracy == 0.5


def relu_first() -> bool:
    """Test accuracy after one epoch on 2000 drawn digits: ReLU over 5 points above the sigmoid."""
    from lessons.course.glyph_runs import glyph_run

    relu = glyph_run("mlp", *[0.5] * 5)[1].test_accuracy
    sigmoid = glyph_run("mlp", 0.5, activation="sigmoid")[1].test_accuracy
    return relu > sigmoid + 0.05


CLAIMS: Mapping[str, Claim] = {
    "play-creeps": play_creeps,
    "play-learns": play_learns,
    "play-jumps": play_jumps,
    "play-far-out": play_far_out,
    "play-held": play_held,
    "play-too-much": play_too_much,
    "merged-dots": merged_dots,
    "first-loss": first_loss,
    "first-loss-large": first_loss_large,
    "wrong-labels": wrong_labels,
    "line-starts": line_starts,
    "line-later": line_later,
    "running-train": running_train,
    "train-after": train_after,
    "test-after": test_after,
    "held-out": held_out,
    "train-below": train_below,
    "chosen-on-test": chosen_on_test,
    "sure-mistakes": sure_mistakes,
    "small-gradient-learns": small_gradient_learns,
    "sgd-layers": sgd_layers,
    "gallery-share": gallery_share,
    "snow": snow,
    "overfit-on-purpose": overfit_on_purpose,
    "relu-first": relu_first,
}
