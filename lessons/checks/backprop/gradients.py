"""The checks of `backprop/gradients`: the numbers of the worked network, and the questions."""

from __future__ import annotations

from engine.formulas.proving import holds
from engine.worked_example import worked_example
from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Hints,
    NumberCheck,
    NumberQuestion,
    Option,
    Slip,
)
from lessons.course.backprop.gradients.facts import SCOPES


def _worked(symbol: str) -> float:
    """A number of the worked network by its symbol."""
    return worked_example().trace().values()[symbol]


_PRODUCTS = (
    r"(W^{(l)})^\top \delta^{(l+1)} : 5 \times 1",
    r"W^{(l)} \delta^{(l+1)} : 5 \times 1",
)
_SHAPES = (
    r"X^\top D : 10 \times 784",
    r"X^\top D : 784 \times 10",
    r"X^\top D : 256 \times 10",
)


def _the_one(claims: tuple[str, ...], name: str) -> int:
    """Which of some claims holds with the sizes of a question; raises where not just one does."""
    (place,) = (at for at, claim in enumerate(claims) if holds(claim, SCOPES[name]))
    return place


BOOK = CheckBook(
    "backprop",
    numbers={
        "gradients_h1": NumberCheck(lambda: _worked("out_h1")),
        "gradients_h2": NumberCheck(lambda: _worked("out_h2")),
        "gradients_delta_o1": NumberCheck(lambda: _worked("δ_o1")),
        "gradients_delta_o2": NumberCheck(lambda: _worked("δ_o2")),
        "gradients_out_o1": NumberCheck(lambda: _worked("out_o1")),
        "gradients_w5": NumberCheck(lambda: _worked("∂E/∂w5")),
    },
    predicts={
        "gradients_w8": NumberQuestion(
            answer=lambda: _worked("∂E/∂w8"),
            explanation=r"$\delta_2^{(3)}\, a_2^{(2)}$: the delta of the unit that the weight "
            "leads into, times the output of the unit that it comes from.",
            slips=(
                Slip(
                    "other-end",
                    lambda: _worked("δ_o2") * _worked("out_o2"),
                    "You took the output of the unit that the weight leads *into*. Take the "
                    "output of the unit that it comes *from*.",
                    line=r"\frac{\partial L}{\partial W_{22}^{(2)}} = \delta_2^{(3)} \, a_2^{(3)}",
                    right=r"\frac{\partial L}{\partial W_{22}^{(2)}} = \delta_2^{(3)} \, a_2^{(2)}",
                ),
                Slip(
                    "other-unit",
                    lambda: _worked("δ_o1") * _worked("out_h2"),
                    r"You took the delta of unit 1. The first index of $W_{22}$ names the unit "
                    "that the weight leads into: unit 2.",
                    line=r"\frac{\partial L}{\partial W_{22}^{(2)}} = \delta_1^{(3)} \, a_2^{(2)}",
                    right=r"\frac{\partial L}{\partial W_{22}^{(2)}} = \delta_2^{(3)} \, a_2^{(2)}",
                ),
                Slip(
                    "delta-alone",
                    lambda: _worked("δ_o2"),
                    "That is the delta alone, the gradient of the bias. A weight has one more "
                    "factor: what comes in through it.",
                    line=r"\frac{\partial L}{\partial W_{22}^{(2)}} = \delta_2^{(3)}",
                    right=r"\frac{\partial L}{\partial W_{22}^{(2)}} = \delta_2^{(3)} \, a_2^{(2)}",
                ),
            ),
            hints=Hints(
                idea="what goes in at one end of the weight, times the delta at the other end.",
                formula=r"$\frac{\partial L}{\partial W_{22}^{(2)}} = \delta_2^{(3)} \, a_2^{(2)}$",
                numbers=(
                    "[−0.038098237](number:gradients_delta_o2) · [0.596884378](number:gradients_h2)"
                ),
            ),
        ),
        "gradients_bias": NumberQuestion(
            answer=lambda: _worked("δ_o1"),
            explanation="The bias is added as it is, so its gradient is the delta itself.",
            slips=(
                Slip(
                    "times-input",
                    lambda: _worked("∂E/∂w5"),
                    "That is the gradient of a weight. Nothing comes in through a bias, so there "
                    "is nothing to multiply the delta by.",
                    line=r"\frac{\partial L}{\partial b_1^{(2)}} = \delta_1^{(3)} \, a_1^{(2)}",
                    right=r"\frac{\partial L}{\partial b_1^{(2)}} = \delta_1^{(3)}",
                ),
                Slip(
                    "times-bias",
                    lambda: _worked("δ_o1") * _worked("b_o1"),
                    "You multiplied by the bias. The derivative of a sum with respect to one of "
                    "its terms is 1, whatever the term is.",
                    line=r"\frac{\partial L}{\partial b_1^{(2)}} = \delta_1^{(3)} \, b_1^{(2)}",
                    right=r"\frac{\partial L}{\partial b_1^{(2)}} = \delta_1^{(3)}",
                ),
            ),
            hints=Hints(
                idea=(
                    "the bias is added to the sum as it is, so the sum moves as much as the bias "
                    "does."
                ),
                formula=r"$\frac{\partial L}{\partial b_1^{(2)}} = \delta_1^{(3)}$",
                numbers=(
                    r"$\delta_1^{(3)} = (a_1^{(3)} - y_1)\, a_1^{(3)} (1 - a_1^{(3)})$ with "
                    r"$a_1^{(3)} =$ [0.751365](number:gradients_out_o1) and $y_1 = 0.01$"
                ),
            ),
        ),
        "gradients_transpose": ChoiceQuestion(
            options=(
                Option(
                    f"${_PRODUCTS[0]}$",
                    r"$(W^{(l)})^\top : 4 \times 5$ and $\delta^{(l+1)} : 4 \times 1$ cannot be "
                    "multiplied. Forward needs the transpose, backward does not.",
                    slip="row-for-column",
                    line=(
                        r"\delta^{(l)} = \left( (W^{(l)})^\top \delta^{(l+1)} \right) \odot "
                        r"\sigma'(z^{(l)})"
                    ),
                    right_line=(
                        r"\delta^{(l)} = \left( W^{(l)} \delta^{(l+1)} \right) \odot "
                        r"\sigma'(z^{(l)})"
                    ),
                ),
                Option(
                    f"${_PRODUCTS[1]}$",
                    r"$W^{(l)} : 5 \times 4$ times $\delta^{(l+1)} : 4 \times 1$ gives one number "
                    "per unit of layer $l$. The same matrix without the transpose leads back.",
                    right=True,
                ),
            ),
            proof=lambda: _the_one(_PRODUCTS, "gradients_transpose"),
        ),
        "gradients_batch_shape": ChoiceQuestion(
            options=(
                Option(
                    f"${_SHAPES[0]}$",
                    r"That is $D^\top X : 10 \times 784$, the gradient in PyTorch's layout.",
                    slip="row-for-column",
                    line=r"D^\top X : 784 \times 10",
                    right_line=r"X^\top D : 784 \times 10",
                ),
                Option(
                    f"${_SHAPES[1]}$",
                    r"The same shape as $W^{(l)} : 784 \times 10$. The $m = 256$ samples are "
                    "summed away inside of the product.",
                    right=True,
                ),
                Option(
                    f"${_SHAPES[2]}$",
                    r"That is the shape of $D : 256 \times 10$ itself: one row a sample. The "
                    r"product with $X^\top$ sums over the samples.",
                ),
            ),
            proof=lambda: _the_one(_SHAPES, "gradients_batch_shape"),
        ),
    },
)
