"""What the formulas of `mlp/device` speak of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from engine.formulas.draws import integer, positive
from engine.formulas.notation import Notation
from lessons.judge.values import Choice, Number, Order, QuestionValues, Sign

IMAGES, PIXELS, BATCH, EPOCHS = 60_000, 784, 256, 10


FLOAT_BYTES = 4


NOTATION = (
    Notation()
    .drawn("n", make=integer(2, 9))
    .drawn("d", make=integer(10, 19))
    .drawn("s", make=integer(20, 29))
    .defined(r"\text{bytes} = n \cdot d \cdot s", "")
    .drawn(r"t_{\text{asked}}")
    .drawn("u", make=positive())
    .drawn("v", make=positive())
    .defined(r"t_{\text{returned}} = t_{\text{asked}} + u", "")
    .defined(r"t_{\text{finished}} = t_{\text{returned}} + v", "")
    .defined(r"t_{\text{measured}} = t_{\text{returned}} - t_{\text{asked}}", "")
    .defined(r"t_{\text{real}} = t_{\text{finished}} - t_{\text{asked}}", "")
    .drawn("c_k", make=positive(), over="k")
    .drawn("L_k", make=positive(), over="k")
    .defined(r"L = \frac{\sum_{k=1}^{n} c_k L_k}{\sum_{k=1}^{n} c_k}", "")
    .index("k", "n")
)
"""A call returns some time after it was asked for, and the work is finished later."""


LOSSES, WEIGHTS = (0.2, 0.8), (1.0, 3.0)
"""Of two samples: their losses, and the weights of their classes."""


def _two_samples() -> Notation:
    """A batch of two samples with these losses and weights."""
    notation = NOTATION.given(n=len(LOSSES))
    for place, (loss, weight) in enumerate(zip(LOSSES, WEIGHTS, strict=True), start=1):
        notation = notation.defined(f"L_{place} = {loss}", over="k")
        notation = notation.defined(f"c_{place} = {weight}", over="k")
    return notation


SCOPES = {
    "weighted": NOTATION,
    "weighted_mean": _two_samples(),
    "batch_bytes": NOTATION.given(n=BATCH, d=PIXELS, s=FLOAT_BYTES),
    "streamed_megabytes": NOTATION.given(n=IMAGES, d=PIXELS, s=FLOAT_BYTES),
}


def _what_moved() -> int:
    """Move a tensor and a module without an assignment: the option that describes it."""
    import torch

    X, net, elsewhere = torch.ones(4, 2), torch.nn.Linear(2, 1), torch.device("meta")
    X.to(elsewhere)
    net.to(elsewhere)
    moved = (X.device == elsewhere, net.weight.device == elsewhere)
    return [(True, True), (True, False), (False, True), (False, False)].index(moved)


def _without_assignment() -> int:
    """Use a batch that stayed behind with a module that moved: the option that describes it."""
    import torch

    X, net = torch.ones(4, 2), torch.nn.Linear(2, 1).to("meta")
    X.to("meta")
    try:
        made = net(X)
    except RuntimeError:
        return 1
    return 0 if made.device.type == "meta" else 2


def _size(images: int, *, floats: bool, wide: bool = False) -> float:
    """Bytes of so many images, as PyTorch itself counts them; no memory is taken for them."""
    import torch

    kind = (torch.float64 if wide else torch.float32) if floats else torch.uint8
    return float(torch.empty(images, PIXELS, dtype=kind, device="meta").nbytes)


ASKED, RETURNED, FINISHED, WAITED = (
    "the program asks for product 1",
    "the call returns, and the next line runs",
    "the device finishes product 1",
    "synchronize() returns",
)


def _order() -> tuple[int, ...]:
    """The order in which the played device logs what happens."""
    from lessons.course.mlp.device.programs import asked_and_done

    items = (ASKED, RETURNED, FINISHED, WAITED)
    return tuple(items.index(line) for line in asked_and_done())


def _measured_less_real() -> float:
    """In places of that log: from asking to the return, less from asking to the end."""
    order = _order()
    asked, returned, finished = (order.index(place) for place in range(3))
    return float((returned - asked) - (finished - asked))


def _weighted_mean(weights: Sequence[float] = WEIGHTS) -> float:
    """What CrossEntropyLoss gives for two samples with these losses, of classes 0 and 1."""
    import torch

    right = torch.tensor(LOSSES, dtype=torch.float64).neg().exp()
    share = torch.stack((right, 1 - right), dim=1)
    share[1] = share[1].flip(0)
    weight = torch.tensor(weights, dtype=torch.float64)
    loss_fn = torch.nn.CrossEntropyLoss(weight=weight)
    return float(loss_fn(share.log(), torch.tensor([0, 1])))


def _weights_stay() -> int:
    """Weights on the CPU, the rest elsewhere: 0 copied, 1 ignored, 2 an error."""
    import torch

    scores, y = torch.empty(4, 2, device="meta"), torch.empty(4, dtype=torch.long, device="meta")
    loss_fn = torch.nn.CrossEntropyLoss(weight=torch.tensor(WEIGHTS))
    try:
        loss_fn(scores, y)
    except RuntimeError:
        return 2
    return 1


def _bits() -> float:
    import torch

    return float(torch.finfo(torch.float64).bits)


NUMBERS: Mapping[str, Callable[[], float]] = {
    "device_batch": lambda: BATCH,
    "device_batch_megabytes": lambda: _size(BATCH, floats=True) / 1e6,
    "device_byte": lambda: _size(1, floats=False) / PIXELS,
    "device_double_bytes": lambda: _size(1, floats=True, wide=True) / PIXELS,
    "device_epochs": lambda: EPOCHS,
    "device_float_bits": lambda: _bits() / 2,
    "device_float_bytes": lambda: _size(1, floats=True) / PIXELS,
    "device_images": lambda: IMAGES,
    "device_pixels": lambda: PIXELS,
    "device_updates": lambda: -(-IMAGES // BATCH),
    "megabytes_bytes": lambda: _size(IMAGES, floats=False) / 1e6,
    "megabytes_float": lambda: _size(IMAGES, floats=True) / 1e6,
}


def _train_other_device() -> int:
    """What differs with other threads: nothing, the last digits at first and more later, or all."""
    from lessons.course.mlp.device.claims import differences_grow, drawn_on_cpu, threads_round

    if not drawn_on_cpu():
        return 2
    return 1 if threads_round() and differences_grow() else 0


QUESTIONS: Mapping[str, QuestionValues] = {
    "to_without_assignment": Choice(_what_moved),
    "forgot_assignment": Choice(_without_assignment),
    "batch_bytes": Number(
        lambda: _size(BATCH, floats=True),
        slips={
            "one-byte": lambda: _size(BATCH, floats=False),
            "bits-for-bytes": lambda: _size(BATCH, floats=True) * 8,
            "float64-for-float32": lambda: _size(BATCH, floats=True, wide=True),
            "one-image": lambda: _size(1, floats=True),
            "whole-set": lambda: _size(IMAGES, floats=True),
        },
    ),
    "streamed_megabytes": Number(
        lambda: EPOCHS * _size(IMAGES, floats=True) / 1e6,
        slips={
            "one-epoch": lambda: _size(IMAGES, floats=True) / 1e6,
            "one-byte": lambda: EPOCHS * _size(IMAGES, floats=False) / 1e6,
            "mebibytes": lambda: EPOCHS * _size(IMAGES, floats=True) / 2**20,
        },
    ),
    "queue_order": Order(_order),
    "unsynchronised_sign": Sign(_measured_less_real),
    "weighted_mean": Number(
        _weighted_mean,
        slips={
            "plain-mean": lambda: sum(LOSSES) / 2,
            "divided-by-count": lambda: (LOSSES[0] + 3 * LOSSES[1]) / 2,
            "sum-for-mean": lambda: LOSSES[0] + 3 * LOSSES[1],
            "weights-exchanged": lambda: _weighted_mean(WEIGHTS[::-1]),
            "one-divided": lambda: sum(LOSSES) / sum(WEIGHTS),
        },
    ),
    "weighted_loss_device": Choice(_weights_stay),
    "train_other_device": Choice(_train_other_device),
}
