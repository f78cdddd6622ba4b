"""The questions of `linear/concise`."""

from __future__ import annotations

from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Hints,
    NumberQuestion,
    Option,
    OrderQuestion,
    ShapeQuestion,
    ShapeSlip,
    Slip,
)
from lessons.checks.linear.concise import (
    batches_of_loader,
    learned_when_cleared_early,
    lockstep_option,
    weight_shape,
    working_order,
)
from lessons.course.linear.concise.facts import BATCH, FEATURES, OUTPUTS, RATE, SAMPLES, SUMMED

BOOK = CheckBook(
    "linear",
    predicts={
        "loader_length": NumberQuestion(
            answer=lambda: batches_of_loader(SAMPLES, BATCH),
            explanation="$\\lfloor n / m \\rfloor = 15$ whole batches and a smaller last one with "
            "the "
            "[40](number:loader_length/batch-count) samples that are left. `len(loader)` counts "
            "it, too.",
            tolerance=0,
            slips=(
                Slip(
                    "last-batch",
                    lambda: float(SAMPLES // BATCH),
                    "These batches are whole. The [40](number:loader_length/batch-count) samples "
                    "that are left make one more, unless `drop_last=True` throws them away.",
                    line=r"\lfloor n / m \rfloor",
                    right=r"\lceil n / m \rceil",
                ),
                Slip(
                    "batch-count",
                    lambda: float(SAMPLES % BATCH),
                    "That is how many samples the last batch holds. How many batches are there?",
                    line=r"n - m \lfloor n / m \rfloor",
                    right=r"\lceil n / m \rceil",
                ),
            ),
            hints=Hints(
                idea="each sample comes exactly once, and a batch need not be full.",
                formula=r"$\lceil n / m \rceil$: the fraction, rounded up.",
                numbers=r"$\frac{n}{m} = \frac{1000}{64}$, rounded up.",
            ),
        ),
        "linear_weight_shape": ShapeQuestion(
            shape=weight_shape,
            explanation="One row an output, one column an input: (out, in). In "
            "$X\\mathbf{w}$ the weights stand as a column; `nn.Linear` lays them down as a row.",
            slips=(
                ShapeSlip(
                    "transposed",
                    lambda: (FEATURES, OUTPUTS),
                    "That is (in, out), as in $X\\mathbf{w}$. `nn.Linear` keeps the transpose.",
                    line=r"V = \mathbf{w}",
                    right=r"V = \mathbf{w}^\top",
                ),
                ShapeSlip(
                    "axis-dropped",
                    lambda: (FEATURES,),
                    "That is the $\\mathbf{w}$ of the version from scratch. `nn.Linear` has an "
                    "axis for the outputs, also where there is only one.",
                    line=r"V = \mathbf{w}",
                    right=r"V = \mathbf{w}^\top",
                ),
            ),
            hints=Hints(
                idea="one row belongs to one output of the layer.",
                formula="(out, in)",
                numbers="one output, $d = 2$ inputs.",
            ),
        ),
        "rate_without_half": NumberQuestion(
            answer=lambda: 2 * RATE,
            explanation="$\\eta_{\\mathrm{scratch}} = 0.03 \\cdot 2 =$ "
            "[0.06](number:rate_without_half): a gradient twice "
            "as large moves twice as far. Take a recipe from a book and look at its loss before "
            "you take its learning rate.",
            slips=(
                Slip(
                    "no-half",
                    lambda: RATE,
                    "$M = 2 L$, and so it is with their gradients. The steps are not the same.",
                    line=r"\eta_{\mathrm{scratch}} = \eta",
                    right=r"\eta_{\mathrm{scratch}} = 2 \eta",
                ),
                Slip(
                    "upside-down",
                    lambda: RATE / 2,
                    "That is the other way round: which rate `nn.MSELoss` needs for the steps "
                    "that $\\eta = 0.03$ makes from scratch. Its own gradient is the larger one.",
                    line=r"\eta_{\mathrm{scratch}} = \frac{\eta}{2}",
                    right=r"\eta_{\mathrm{scratch}} = 2 \eta",
                ),
            ),
            hints=Hints(
                idea="a step is the learning rate times the gradient; which gradient is larger?",
                formula="$\\eta \\, \\frac{\\partial M}{\\partial w_j} = 2 \\eta \\, "
                "\\frac{\\partial L}{\\partial w_j}$",
                numbers=r"$\eta_{\mathrm{scratch}} = 2 \cdot 0.03$",
            ),
        ),
        "sum_without_division": NumberQuestion(
            answer=lambda: RATE * SUMMED,
            explanation="The gradient of the sum is $m = 10$ times that of the mean, and nobody "
            "divides. With larger batches such a program soon diverges.",
            slips=(
                Slip(
                    "sum-for-mean",
                    lambda: RATE,
                    "`SGD` does not divide by the batch size. The gradient of a sum over "
                    "$m = 10$ samples goes into the step as it is.",
                    line=r"\eta_{\mathrm{mean}} = \eta",
                    right=r"\eta_{\mathrm{mean}} = m \eta",
                ),
                Slip(
                    "divide-twice",
                    lambda: RATE / SUMMED,
                    "That would be a division too many. Here there is one too few.",
                    line=r"\eta_{\mathrm{mean}} = \frac{\eta}{m}",
                    right=r"\eta_{\mathrm{mean}} = m \eta",
                ),
            ),
            hints=Hints(
                idea="how many times as large as the mean is the sum?",
                formula=r"$\eta \sum_{i=1}^{m} \nabla \ell^{(i)} = m \eta \, \nabla L$",
                numbers=r"$\eta_{\mathrm{mean}} = 10 \cdot 0.03$",
            ),
        ),
        "update_in_order": OrderQuestion(
            items=(
                "`y_hat = net(X).squeeze(1)`",
                "`loss = loss_fn(y_hat, y) / 2`",
                "`loss.backward()`",
                "`optimizer.step()`",
            ),
            feedback=(
                "the predictions need nothing but the model and the features, so they come first.",
                "the loss compares predictions with labels. There must be predictions.",
                "`backward()` follows the loss back to the parameters. There must be a loss.",
                "`step()` uses gradients. Before `backward()` there are none, and nothing moves.",
            ),
            proof=working_order,
            explanation="Forward, loss, gradients, update. `zero_grad()` may stand anywhere "
            "before `backward()` and after the last `step()`.",
        ),
        "zero_grad_too_late": ChoiceQuestion(
            options=(
                Option(
                    "The same, a little more slowly.",
                    "`step()` finds no gradient at all. Nothing moves.",
                ),
                Option(
                    "Nothing: the parameters stay where they are.",
                    "`backward()` finds the gradients, `zero_grad()` throws them away, and "
                    "`step()` moves by nothing. There is no error message.",
                    right=True,
                ),
                Option(
                    "Gradients add up from batch to batch.",
                    "That happens where `zero_grad()` is missing. Here it is called, too early "
                    "for `step()`.",
                    slip="stale-grad",
                    line=r"\mathbf{g} = \mathbf{g}_{\mathrm{old}} + \nabla L",
                    right_line=r"\mathbf{g} = 0",
                ),
            ),
            proof=learned_when_cleared_early,
        ),
        "lockstep_difference": ChoiceQuestion(
            options=(
                Option(
                    "None, or so little that rounding explains it.",
                    "Both compute the same sums. Where they add them in another order, the last "
                    "of some [16](number:float64_digits) digits may differ, and no more.",
                    right=True,
                ),
                Option(
                    "Small at first, and it grows with each update.",
                    "Rounding is pulled back to the same minimum by every update, so it does not "
                    "grow here. A difference that grows is a mistake in one version.",
                ),
                Option(
                    "One is twice the other: `nn.MSELoss` has no half.",
                    "The recipe halves it. And without that, both would still come to the "
                    "same parameters, one of them sooner.",
                    slip="no-half",
                    line=r"L = M",
                    right_line=r"L = \tfrac12 M",
                ),
            ),
            proof=lockstep_option,
        ),
    },
)
