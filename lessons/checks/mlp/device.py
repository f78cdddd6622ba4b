"""The numbers and questions of `mlp/device`."""

from __future__ import annotations

from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Hints,
    NumberCheck,
    NumberQuestion,
    Option,
    OrderQuestion,
    SignQuestion,
    Slip,
)
from lessons.course.mlp.device.facts import BATCH, EPOCHS, IMAGES, PIXELS

ASKED, RETURNED, FINISHED, WAITED = (
    "the program asks for product 1",
    "the call returns, and the next line runs",
    "the device finishes product 1",
    "synchronize() returns",
)


def _size(images: int, *, floats: bool, wide: bool = False) -> float:
    """Bytes of so many images, as PyTorch itself counts them; no memory is taken for them."""
    import torch

    kind = (torch.float64 if wide else torch.float32) if floats else torch.uint8
    return float(torch.empty(images, PIXELS, dtype=kind, device="meta").nbytes)


def _bits() -> float:
    import torch

    return float(torch.finfo(torch.float64).bits)


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


def _order() -> tuple[int, ...]:
    """The order in which the played device logs what happens."""
    from lessons.examples.device import asked_and_done

    items = (ASKED, RETURNED, FINISHED, WAITED)
    return tuple(items.index(line) for line in asked_and_done())


def _measured_less_real() -> float:
    """In places of that log: from asking to the return, less from asking to the end."""
    order = _order()
    asked, returned, finished = (order.index(place) for place in range(3))
    return float((returned - asked) - (finished - asked))


BOOK = CheckBook(
    "mlp",
    numbers={
        "device_images": NumberCheck(lambda: IMAGES),
        "device_pixels": NumberCheck(lambda: PIXELS),
        "device_batch": NumberCheck(lambda: BATCH),
        "device_epochs": NumberCheck(lambda: EPOCHS),
        "device_float_bytes": NumberCheck(lambda: _size(1, floats=True) / PIXELS),
        "device_double_bytes": NumberCheck(lambda: _size(1, floats=True, wide=True) / PIXELS),
        "device_byte": NumberCheck(lambda: _size(1, floats=False) / PIXELS),
        "device_batch_megabytes": NumberCheck(lambda: _size(BATCH, floats=True) / 1e6),
        "device_bits": NumberCheck(_bits),
        "device_float_bits": NumberCheck(lambda: _bits() / 2),
        "device_updates": NumberCheck(lambda: -(-IMAGES // BATCH)),
        "megabytes_bytes": NumberCheck(lambda: _size(IMAGES, floats=False) / 1e6),
        "megabytes_float": NumberCheck(lambda: _size(IMAGES, floats=True) / 1e6),
    },
    predicts={
        "to_without_assignment": ChoiceQuestion(
            options=(
                Option(
                    "`X` and the weights of `net`.",
                    "The module moves, but `X.to(device)` gives a copy and leaves `X` alone.",
                    slip="copy-not-kept",
                    line=r"\text{X.to(device)}",
                    right_line=r"\text{X = X.to(device)}",
                ),
                Option(
                    "Only `X`.",
                    "It is the other way round: of a tensor you get a copy, a module changes.",
                ),
                Option(
                    "Only the weights of `net`.",
                    "A tensor is never changed by `.to`; its copy must be given a name: "
                    "`X = X.to(device)`. A module exchanges its parameters where it stands, and "
                    "returns itself, so that `net = Net().to(device)` may be written in one line.",
                    right=True,
                ),
                Option("Neither.", "A module moves in place, whether you assign it or not."),
            ),
            proof=_what_moved,
        ),
        "forgot_assignment": ChoiceQuestion(
            options=(
                Option(
                    "Nothing bad: the layer fetches the batch from the CPU.",
                    "PyTorch never copies between devices unasked: such copies would be slow, and "
                    "nobody would see them.",
                ),
                Option(
                    "An error: batch and weights lie on two devices.",
                    "The copies on the GPU have no name and are thrown away; `net(X)` is given "
                    "the old `X` on the CPU. The message names both devices.",
                    right=True,
                ),
                Option(
                    "The training runs on the CPU.",
                    "The weights have moved to the GPU. They do not come back by themselves.",
                ),
            ),
            proof=_without_assignment,
        ),
        "batch_bytes": NumberQuestion(
            answer=lambda: _size(BATCH, floats=True),
            explanation="$256 \\cdot 784 \\cdot 4 =$ [802816](number:batch_bytes), about "
            "[0.8](number:device_batch_megabytes) MB. "
            "That is little for one copy. There are [235](number:device_updates) of them an epoch.",
            slips=(
                Slip(
                    "one-byte",
                    lambda: _size(BATCH, floats=False),
                    "So many numbers they are. Each float32 takes [4](number:device_float_bytes) "
                    "bytes.",
                    line=r"n \cdot d",
                    right=r"n \cdot d \cdot 4",
                ),
                Slip(
                    "bits-for-bytes",
                    lambda: _size(BATCH, floats=True) * 8,
                    "That is bits: [32](number:device_float_bits) a number. A byte has eight of "
                    "them.",
                    line=r"n \cdot d \cdot 32",
                    right=r"n \cdot d \cdot 4",
                ),
                Slip(
                    "float64-for-float32",
                    lambda: _size(BATCH, floats=True, wide=True),
                    "That is float64, with [8](number:device_double_bytes) bytes a number. "
                    "Trainings use float32.",
                    line=r"n \cdot d \cdot 8",
                    right=r"n \cdot d \cdot 4",
                ),
                Slip(
                    "one-image",
                    lambda: _size(1, floats=True),
                    "That is one image. The batch has [256](number:device_batch).",
                    line=r"d \cdot 4",
                    right=r"n \cdot d \cdot 4",
                ),
            ),
            hints=Hints(
                idea="count the numbers first, then the bytes that each of them takes.",
                formula=r"$\text{bytes} = n \cdot d \cdot s$",
                numbers=r"$\text{bytes} = 256 \cdot 784 \cdot 4$",
            ),
        ),
        "streamed_megabytes": NumberQuestion(
            answer=lambda: EPOCHS * _size(IMAGES, floats=True) / 1e6,
            explanation="Each epoch needs every image again: ten times "
            "[188](number:megabytes_float) MB. Resident, they travel once.",
            slips=(
                Slip(
                    "one-epoch",
                    lambda: _size(IMAGES, floats=True) / 1e6,
                    "That is one epoch, or the resident data set. Streamed batches are not kept on "
                    "the device, so the next epoch copies them again.",
                    line=r"\frac{n \cdot d \cdot s}{10^6}",
                    right=r"10 \cdot \frac{n \cdot d \cdot s}{10^6}",
                ),
                Slip(
                    "one-byte",
                    lambda: EPOCHS * _size(IMAGES, floats=False) / 1e6,
                    "That would be so if bytes travelled. These images are float32.",
                    line=r"10 \cdot \frac{n \cdot d}{10^6}",
                    right=r"10 \cdot \frac{n \cdot d \cdot 4}{10^6}",
                ),
            ),
            hints=Hints(
                idea="how often does each image travel?",
                formula="epochs times the bytes of the data set.",
                numbers="[10](number:device_epochs) · [188](number:megabytes_float)",
            ),
        ),
        "queue_order": OrderQuestion(
            items=(
                f"{ASKED[0].upper()}{ASKED[1:]}.",
                f"{RETURNED[0].upper()}{RETURNED[1:]}.",
                f"{FINISHED[0].upper()}{FINISHED[1:]}.",
                "`synchronize()` returns.",
            ),
            feedback=(
                "nothing can be computed or waited for that nobody has asked for.",
                "the call only puts the work into the queue. It does not wait for the device.",
                "the product takes long, so the call has returned before it is done; and who "
                "waits cannot go on before.",
                "`synchronize()` waits for all work that was asked for. It returns last.",
            ),
            proof=_order,
            explanation="Asking is quick, the work takes its time, and only waiting tells when it "
            "is done.",
        ),
        "unsynchronised_sign": SignQuestion(
            value=_measured_less_real,
            explanation="The clock stops when the call returns, and then the product is not done: "
            "the measured time is too short. A GPU timed like this looks wonderfully fast.",
            feedback="Think of the order in the queue: when does the call return, and when is the "
            "product done? The clock stops at the first of the two.",
            slip="no-waiting",
            line=r"t_{\text{measured}} - t_{\text{real}} = t_{\text{finished}} - "
            r"t_{\text{returned}}",
            right_line=r"t_{\text{measured}} - t_{\text{real}} = t_{\text{returned}} - "
            r"t_{\text{finished}}",
        ),
    },
)
