"""Questions of the two softmax lessons that are answered by a shape."""

from __future__ import annotations

import numpy as np

from lessons.checks.base import CheckBook, Hints, ShapeQuestion, ShapeSlip

_X = np.zeros((784 + 1, 256))
_ERRORS = np.zeros((10, 256))
_GRADIENT = r"\nabla_{\Theta} L : (d+1) \times k"
_OWN = r"\ell^{(i)} = -\ln \hat y_{y^{(i)}}^{(i)}"
_OWN_SHAPE = _OWN + r", \quad \boldsymbol{\ell} : n"


def _loss_shape() -> tuple[int, ...]:
    """The shape that the recipe's own loss has for 256 images."""
    import torch

    from engine.recipes.softmax import cross_entropy

    return tuple(cross_entropy(torch.zeros(256, 10), torch.zeros(256, dtype=torch.long)).shape)


BOOK = CheckBook(
    "classification",
    predicts={
        "gradient_shape": ShapeQuestion(
            shape=lambda: (_X @ _ERRORS.T).shape,
            explanation="A row for each feature, the bias among them, and a column for each class. "
            "The batch has been summed over.",
            slips=(
                ShapeSlip(
                    "no-bias",
                    lambda: (_X[1:] @ _ERRORS.T).shape,
                    "The feature $x_0 = 1$ has a row as well: the biases are learned, too.",
                    line=r"\nabla_{\Theta} L : d \times k",
                    right=_GRADIENT,
                ),
                ShapeSlip(
                    "wrong-way",
                    lambda: (_ERRORS @ _X.T).shape,
                    "That is the transposed matrix. In $\\Theta$ a class is a column.",
                    line=r"\nabla_{\Theta} L : k \times (d+1)",
                    right=_GRADIENT,
                ),
                ShapeSlip(
                    "not-summed",
                    lambda: _X.shape,
                    "That is the shape of $X$, with a column for each sample. The loss is a mean, "
                    "so its gradient has no axis for the samples.",
                    line=r"\nabla_{\Theta} L : (d+1) \times m",
                    right=_GRADIENT,
                ),
            ),
            hints=Hints(
                idea="a gradient has one slope for each parameter.",
                formula=r"$\Theta : (d+1) \times k$, one column a class.",
                numbers=r"$\nabla_{\Theta} L : (784 + 1) \times 10$",
            ),
        ),
        "indexed_shape": ShapeQuestion(
            shape=_loss_shape,
            explanation="Two lists of [256](number:fashion_batch) numbers go together, pair by "
            "pair: row 0 with its label, "
            "row 1 with its label, and so on. One number a sample is left.",
            slips=(
                ShapeSlip(
                    "every-pair",
                    lambda: np.zeros((256, 10))[:, np.zeros(256, dtype=int)].shape,
                    "That is `[:, y]`: every row with the label of every sample. Two lists of the "
                    "same length go together pair by pair.",
                    line=r"\ell^{(i)} = -\ln \hat y_{y^{(s)}}^{(i)}, \quad \boldsymbol{\ell} : n "
                    r"\times n",
                    right=_OWN_SHAPE,
                ),
                ShapeSlip(
                    "all-classes",
                    lambda: np.zeros((256, 10)).shape,
                    "That is the whole table. The labels pick one entry from each row.",
                    line=r"\ell^{(i)} = -\ln \hat y_j^{(i)}, \quad \boldsymbol{\ell} : n \times 10",
                    right=_OWN_SHAPE,
                ),
            ),
            hints=Hints(
                idea="how many entries does each image keep?",
                formula=f"${_OWN}$, one number for each image $i$.",
                numbers="[256](number:fashion_batch) images, with one number each, and no axis for "
                "the "
                "classes.",
            ),
        ),
    },
)
