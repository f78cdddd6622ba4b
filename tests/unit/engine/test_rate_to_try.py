"""The rate to try after a divergence: the message and the diagnosis name the same one."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from engine.recipes.catalog import find_recipe
from engine.training.diagnoses import diagnose
from engine.training.divergence import DivergenceError, rate_to_try
from engine.training.insight import Diagnosis
from engine.training.loop import TrainingRun, train
from engine.training.snapshot import Setting
from engine.training.task import Source
from tests.unit.engine.evidence import evidence, look
from tests.unit.engine.training_fakes import FakeClock, load

NUMBER = r"\d[\d.e+-]*\d|\d"


def diverge(
    name: str, usual: float | None, raised: float | None = None, **given: Setting
) -> tuple[str, list[Diagnosis]]:
    """What a run says that diverges, and its diagnoses; after three updates, the rate is raised."""
    settings = find_recipe(name).settings(given)
    run = TrainingRun(load(name, settings, Source("cpu")), name, settings, FakeClock())
    run.usual_rate = usual
    training = train(run)
    if raised is not None:
        for _number in range(3):
            next(training)
        run.learning_rate = raised
    with pytest.raises(DivergenceError) as caught:
        list(training)
    return str(caught.value), [
        one for one in run.watch.insights.diagnoses if one.id == "learning-rate"
    ]


@pytest.mark.parametrize(
    ("name", "usual", "raised", "given"),
    [
        ("linear", 0.03, None, {"lr": 5.0, "epochs": 200}),
        ("linear", None, None, {"lr": 90.0, "epochs": 200}),
        ("linear", 3.0, None, {"lr": 90.0, "epochs": 200}),
        ("linear", None, 20.0, {"lr": 0.5, "epochs": 200}),
        ("two-layer-tensors", 1e-6, None, {"lr": 1e-3}),
    ],
)
def test_the_message_and_the_diagnosis_name_one_rate(
    name: str, usual: float | None, raised: float | None, given: dict[str, Setting]
) -> None:
    message, (one,) = diverge(name, usual, raised, **given)
    message, advice, text = (each.replace("−", "-") for each in (message, one.advice, one.text))
    (said,) = re.findall(rf"such as ({NUMBER})", message)
    (told,) = re.findall(rf"learning rate to ({NUMBER})", advice)
    (largest,) = re.findall(rf"larger than .* = ({NUMBER}) overshoot", text)
    assert said == told
    assert float(said) < float(largest)


def test_nothing_above_the_largest_stable_rate_is_named() -> None:
    assert rate_to_try(90.0, 3.0, None, None, 1.7) == (
        0.8, "Choose a smaller one, such as 0.8, and start again.",
    )  # fmt: skip
    smaller, advice = rate_to_try(90.0, 0.03, None, None, 1.7)
    assert smaller == 0.03
    assert "usual" in advice


def test_the_largest_rate_is_told_though_the_rate_was_lowered_since() -> None:
    """After 20 came 0.5: of what is measured, not of the present rate, comes the limit."""
    steep = (look(0, 1.0, curvature=1.0, rate=20.0), look(9, 9.0, curvature=1.0, rate=20.0))
    late = replace(evidence(*steep), learning_rate=0.5, diverged=True)
    (one,) = diagnose(late)
    assert one.title == "learning rate 20 above 2"
    assert "learning-rate" not in {found.id for found in diagnose(replace(late, diverged=False))}


def test_the_limit_is_told_as_it_is_computed() -> None:
    """2 by the curvature, 3.8 with momentum; Adam has a scale of its own."""
    steep = (look(0, 1.0, curvature=80.0, rate=0.1), look(9, 9.0, curvature=80.0, rate=0.1))
    for optimiser, limit, told in [
        ("sgd", 2.0, "the curvature of the loss is 80, so steps larger than 2 / 80 = 0.025"),
        ("momentum", 3.8, "the curvature of the loss is 80, so steps larger than 3.8 / 80 = 0.048"),
        ("adam", 2.0, "in the scale of adam, the curvature of the loss is 80, so steps larger"),
    ]:
        looks = [replace(one, rate_limit=limit) for one in steep]
        known = replace(evidence(*looks), learning_rate=0.1, optimiser=optimiser)
        (one,) = (found for found in diagnose(known) if found.id == "learning-rate")
        assert told in one.text


def test_where_the_loss_has_become_flat_the_usual_rate_is_named() -> None:
    """softmax with the rate 60: sure of its answers, it is flat; 3 would be too high as well."""
    flat = (look(0, 2.3), *(look(at, 100.0, curvature=0.317, rate=60.0) for at in (40, 80)))
    known = replace(evidence(*flat), learning_rate=60.0)
    (one,) = (found for found in diagnose(known) if found.id == "learning-rate")
    assert one.advice == "Lower the learning rate to 3."
    (one,) = (
        found for found in diagnose(replace(known, usual_rate=0.1)) if found.id == "learning-rate"
    )
    assert one.advice == "Lower the learning rate to 0.1."
