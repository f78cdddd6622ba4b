"""What the formulas of `classification/softmax` speak of."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from engine.formulas import values as v
from engine.formulas.draws import one_hot, one_hot_rows
from engine.formulas.notation import Notation
from engine.formulas.values import Value
from engine.formulas.world import World
from lessons.judge.values import Choice, Number, QuestionValues, Shape

SCORES = (1.0, 2.0, 3.0)


SMALLEST = (2.0, 5.0, 4.5)
"""The scores whose smallest margin is asked for; class 2 is right."""


PREDICTED = (0.2, 0.7, 0.1)
"""The probabilities that a loss is asked for; class 2 is right."""


SAME_HARD = ((0.4, 0.3, 0.3), (0.9, 0.05, 0.05))
"""Two soft predictions whose hard prediction is class 1."""


SPARE_CLASSES, SPARE_FEATURES = 4, 5
"""Of the softmax whose parameters are counted."""


MARGIN, MARGIN_CLASSES = 5.0, 10
"""How far the right class is ahead of every other, and how many classes there are."""


def _ones_on_top(rng: np.random.Generator, shape: tuple[int, ...]) -> Value:
    """Features, one sample a column, with the constant 1 in front."""
    found = rng.normal(size=shape)
    found[0] = 1.0
    return found


def _ones_in_front(rng: np.random.Generator, shape: tuple[int, ...]) -> Value:
    """The same with one sample a row."""
    return np.asarray(_ones_on_top(rng, shape[::-1])).T


def _known(world: World, key: str) -> Value:
    return world.value((key, (), None))


def _label(world: World) -> int:
    """Every class in its turn."""
    return 1 + world.index % v.whole(_known(world, "k"))


def _parameters_of(world: World) -> int:
    """The right class in every other draw, else the one after it."""
    label = _label(world)
    return label if world.index % 2 == 0 else label % v.whole(_known(world, "k")) + 1


def _one_hot(world: World) -> Value:
    found = np.zeros(v.whole(_known(world, "k")))
    found[v.whole(_known(world, "y")) - 1] = 1.0
    return found


def _sum_of_powers(world: World) -> Value:
    return _known(world, "bold o").exp().sum()


def _softmax(world: World) -> Value:
    return _known(world, "bold o").softmax(dim=0)


def _softmax_of_columns(world: World) -> Value:
    return (_known(world, "Θ").T @ _known(world, "X")).softmax(dim=0)


def _softmax_of_rows(world: World) -> Value:
    return (_known(world, "X") @ _known(world, "Θ")).softmax(dim=1)


def _class_of_column(world: World, i: int) -> int:
    return 1 + int(_known(world, "Y")[:, i - 1].argmax())


def _class_of_row(world: World, i: int) -> int:
    return 1 + int(_known(world, "Y")[i - 1].argmax())


def _one_ahead(world: World) -> Value:
    """Scores of which the right one is ahead of every other by the same margin."""
    found = np.full(MARGIN_CLASSES, world.rng("shift").normal())
    found[v.whole(_known(world, "y")) - 1] += MARGIN
    return found


NOTATION = (
    Notation()
    .size("k")
    .size("d", low=1)
    .size("m", low=2)
    .drawn(r"\mathbf{x}", "(d+1)", _ones_on_top)
    .defined(r"x_r = \mathbf{x}_{r+1}", "", over="r")
    .drawn(r"\Theta", r"(d+1) \times k")
    .defined(r"\theta_j = \Theta_{:,j}", "(d+1)", over="j")
    .defined(r"\theta_{rj} = \Theta_{r+1,j}", "", over="r j")
    .defined(r"\theta = \theta_1 - \theta_2", "(d+1)")
    .defined(r"b_j = \Theta_{1,j}", "", over="j")
    .defined(r"\mathbf{o} = \Theta^\top \mathbf{x}", "k")
    .defined(r"o_j = \mathbf{o}_j", "", over="j")
    .computed("S", _sum_of_powers, "")
    .computed("y", _label, "")
    .computed(r"\mathbf{y}", _one_hot, "k")
    .defined(r"y_j = \mathbf{y}_j", "", over="j")
    .computed(r"\hat{\mathbf{y}}", _softmax, "k")
    .defined(r"\hat y_j = \hat{\mathbf{y}}_j", "", over="j")
    .defined(r"\Delta = o_y - \max_{j \ne y} o_j", "")
    .defined(
        r"P(q \mid \mathbf{x}) = \frac{e^{\theta_q^\top \mathbf{x}}}"
        r"{\sum_{l=1}^{k} e^{\theta_l^\top \mathbf{x}}}"
    )
    .defined(r"\ell = -\ln \hat y_y", "")
    .drawn("X", r"(d+1) \times m", _ones_on_top)
    .defined(r"\mathbf{x}^{(i)} = X_{:,i}", "(d+1)", over="i")
    .drawn("Y", r"k \times m", one_hot())
    .computed("y^{(i)}", _class_of_column, "", over="i")
    .defined(r"\mathbf{y}^{(i)} = Y_{:,i}", "k", over="i")
    .defined(r"y_j^{(i)} = I\{y^{(i)} = j\}", "", over="j i")
    .defined(r"o_j^{(i)} = \theta_j^\top \mathbf{x}^{(i)}", "", over="j i")
    .computed(r"\hat Y", _softmax_of_columns, r"k \times m")
    .defined(r"\hat{\mathbf{y}}^{(i)} = \hat Y_{:,i}", "k", over="i")
    .defined(r"\hat y_j^{(i)} = \hat Y_{ji}", "", over="j i")
    .defined(r"L = -\frac1m \operatorname{tr} \left( Y^\top \ln \hat Y \right)", "")
    .entrywise(r"\sigma", "sigmoid")
    .entrywise(r"\log_2", "log2")
    .entrywise(r"\log_{10}", "log10")
    .defined("z = o_1 - o_2", "")
    .defined("u = e^{o_q} + (o_1)^2", "")
    .defined(r"v = S + \frac{1}{1 + (o_q)^2}", "")
    .computed("q", _parameters_of, "")
    .index("j l", "k")
    .index("i", "m")
    .index("r", "d")
    .with_gradient(r"\theta_q")
)


OTHER_CLASS = NOTATION.index("j", "k", unlike="y")
"""Class j is not the right one."""


ONE_TWO_THREE = NOTATION.given(k=3, y=2).fixed(r"\mathbf{o}", SCORES)


TWO = NOTATION.given(k=2)


ROWS = (
    NOTATION.drawn("X", r"m \times (d+1)", _ones_in_front)
    .defined(r"\mathbf{x}^{(i)} = (X_{i,:})^\top", "(d+1)", over="i")
    .drawn("Y", r"m \times k", one_hot_rows())
    .computed("y^{(i)}", _class_of_row, "", over="i")
    .defined(r"\mathbf{y}^{(i)} = (Y_{i,:})^\top", "k", over="i")
    .computed(r"\hat Y", _softmax_of_rows, r"m \times k")
    .defined(r"\hat{\mathbf{y}}^{(i)} = (\hat Y_{i,:})^\top", "k", over="i")
    .defined(r"\hat y_j^{(i)} = \hat Y_{ij}", "", over="j i")
)
"""As programs have it: one sample a row."""


SCOPES = {
    "three-of-four": NOTATION.given(k=4, y=3),
    "margin": OTHER_CLASS,
    "smallest_margin": NOTATION.given(k=3, y=2).fixed(r"\mathbf{o}", SMALLEST),
    "one-two-three": ONE_TWO_THREE,
    "softmax_of_three": ONE_TWO_THREE,
    "loss_of_class_two": NOTATION.given(k=3, y=2).fixed(r"\hat{\mathbf{y}}", PREDICTED),
    "slope_of_right_score": ONE_TWO_THREE,
    "trace_waste": NOTATION.given(m=256),
    "gradient_shape": NOTATION.given(d=784, k=10, m=256),
    "rows": ROWS,
    "loss_from_margins": OTHER_CLASS.given(k=MARGIN_CLASSES).computed(
        r"\mathbf{o}", _one_ahead, "k"
    ),
    "two": TWO,
    "two_classes": TWO,
    "two_class_loss": TWO,
    "parameters_too_many": NOTATION.given(k=SPARE_CLASSES, d=SPARE_FEATURES),
}


def _equal_distances() -> int:
    """Are one-hot vectors all equally far apart, and class numbers not?"""
    eye = np.eye(4)
    apart = {round(float(np.linalg.norm(eye[i] - eye[j])), 12) for i in range(4) for j in range(i)}
    by_number = {abs(i - j) for i in range(4) for j in range(i)}
    return 1 if len(apart) == 1 and len(by_number) > 1 else 0


def _accuracy_stays() -> int:
    """Do two soft predictions with the same highest class differ, and their losses as well?"""
    one, other = (np.array(p) for p in SAME_HARD)
    differ = bool((one != other).all()) and -math.log(one[0]) != -math.log(other[0])
    return 1 if differ and one.argmax() == other.argmax() else 0


def _softmax_list(scores: tuple[float, ...]) -> list[float]:
    powers = [math.exp(score) for score in scores]
    return [power / sum(powers) for power in powers]


def _clash_gradient() -> int:
    """The whole gradient where ∂e^{o_j}/∂θ_q is taken for e^{o_j} x for every j."""
    rng = np.random.default_rng(5)
    x = np.array([1.0, *rng.normal(size=3)])
    powers = np.exp(rng.normal(size=3))
    total = powers.sum()
    slope_of_sum = sum(power * x for power in powers)
    quotients = [(power * x * total - power * slope_of_sum) / total**2 for power in powers]
    return 2 if bool(np.allclose(quotients, 0, atol=1e-12)) else 0


_X = np.zeros((784 + 1, 256))


_ERRORS = np.zeros((10, 256))


NUMBERS: Mapping[str, Callable[[], float]] = {
    "e_cubed": lambda: math.exp(SCORES[2]),
    "e_sum": lambda: sum(map(math.exp, SCORES)),
    "odds_of_five": lambda: math.exp(5),
    "odds_of_one": lambda: math.e,
    "softmax_123_1": lambda: _softmax_list(SCORES)[0],
    "softmax_123_2": lambda: _softmax_list(SCORES)[1],
    "softmax_123_3": lambda: _softmax_list(SCORES)[2],
}


QUESTIONS: Mapping[str, QuestionValues] = {
    "one_hot_why": Choice(_equal_distances),
    "smallest_margin": Number(
        lambda: SMALLEST[1] - max(SMALLEST[0], SMALLEST[2]),
        slips={
            "weakest-rival": lambda: SMALLEST[1] - min(SMALLEST[0], SMALLEST[2]),
            "sign": lambda: max(SMALLEST[0], SMALLEST[2]) - SMALLEST[1],
        },
    ),
    "softmax_of_three": Number(
        lambda: _softmax_list(SCORES)[2],
        slips={
            "share-of-scores": lambda: SCORES[2] / sum(SCORES),
            "not-divided": lambda: math.exp(SCORES[2]),
            "uniform": lambda: 1 / len(SCORES),
            "other-base": lambda: 2 ** SCORES[2] / sum(2**score for score in SCORES),
        },
    ),
    "loss_of_class_two": Number(
        lambda: -math.log(PREDICTED[1]),
        slips={
            "off-by-one-labels": lambda: -math.log(PREDICTED[2]),
            "all-classes": lambda: -sum(map(math.log, PREDICTED)),
            "log-base-2": lambda: -math.log2(PREDICTED[1]),
            "complement": lambda: 1 - PREDICTED[1],
            "log-base-10": lambda: -math.log10(PREDICTED[1]),
        },
    ),
    "accuracy_stays": Choice(_accuracy_stays),
    "letters_clash": Choice(_clash_gradient),
    "slope_of_right_score": Number(
        lambda: _softmax_list(SCORES)[1] - 1,
        slips={
            "no-indicator": lambda: _softmax_list(SCORES)[1],
            "sign": lambda: 1 - _softmax_list(SCORES)[1],
            "loss-for-slope": lambda: -math.log(_softmax_list(SCORES)[1]),
            "wrong-class": lambda: _softmax_list(SCORES)[2],
        },
    ),
    "trace_waste": Number(
        lambda: 256.0 * 256 - 256,
        slips={
            "all-entries": lambda: 256.0 * 256,
            "diagonal": lambda: 256.0,
        },
        tolerance=1e-9,
    ),
    "gradient_shape": Shape(
        lambda: (_X @ _ERRORS.T).shape,
        slips={
            "no-bias": lambda: (_X[1:] @ _ERRORS.T).shape,
            "wrong-way": lambda: (_ERRORS @ _X.T).shape,
            "not-summed": lambda: _X.shape,
        },
    ),
    "loss_from_margins": Number(
        lambda: math.log(1 + (MARGIN_CLASSES - 1) * math.exp(-MARGIN)),
        slips={
            "sign": lambda: math.log(1 + (MARGIN_CLASSES - 1) * math.exp(MARGIN)),
            "log-base-2": lambda: math.log2(1 + (MARGIN_CLASSES - 1) * math.exp(-MARGIN)),
            "log-base-10": lambda: math.log10(1 + (MARGIN_CLASSES - 1) * math.exp(-MARGIN)),
            "no-logarithm": lambda: 1 + (MARGIN_CLASSES - 1) * math.exp(-MARGIN),
            "one-rival": lambda: math.log(1 + math.exp(-MARGIN)),
            "own-class-twice": lambda: math.log(1 + MARGIN_CLASSES * math.exp(-MARGIN)),
            "no-one": lambda: math.log((MARGIN_CLASSES - 1) * math.exp(-MARGIN)),
        },
    ),
    "parameters_too_many": Number(
        lambda: (SPARE_CLASSES - 1.0) * (SPARE_FEATURES + 1),
        slips={
            "all-parameters": lambda: SPARE_CLASSES * (SPARE_FEATURES + 1.0),
            "no-bias": lambda: (SPARE_CLASSES - 1.0) * SPARE_FEATURES,
            "how-much-goes": lambda: SPARE_FEATURES + 1.0,
        },
        tolerance=1e-9,
    ),
}
