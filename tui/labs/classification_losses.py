"""Lab: predictions against labels, the loss of each sample, softmax twice, and what pairs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from engine.labs.classification_losses import (
    MODES,
    START,
    Answer,
    Samples,
    answer,
    pairings,
)
from engine.naming import compact_text
from tui.labs.asking import AskingLab
from tui.labs.base import Parts, following
from tui.labs.registry import LabEntry

SHORT = {"bce_probabilities": "BCE from ŷ", "bce_logits": "BCE from z", "ce_logits": "CE from z"}
"""What the modes are called while they are not chosen."""

PANES = {"sample": "one sample", "twice": "softmax twice", "pairing": "what pairs"}
"""The views of the lower half."""


def six(value: float) -> str:
    """Six decimals, or ∞; what is too wide or too small for that with fewer digits."""
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = f"{value:z.6f}".replace("-", "−")
    tiny = 0 < abs(value) < 5e-7
    return compact_text(value, 9) if tiny or len(text) > 9 else text


class ClassificationLossesLab(AskingLab):
    """Probabilities or scores with labels; BCE and CE from them."""

    HOW = "Press tab, then the arrows mark a number and + − change it."
    KEYS = (
        "arrows mark · + − change · y next label · n next loss · v next view · "
        "e write all · r reset"
    )

    BINDINGS = [
        Binding("right", "mark(0, 1)", "Mark", id="classification.right", key_display="→",
                show=False, tooltip="Mark the score of the next class"),
        Binding("left", "mark(0, -1)", "Mark", id="classification.left", key_display="←",
                show=False, tooltip="Mark the score of the class before"),
        Binding("down", "mark(1, 0)", "Mark", id="classification.down", key_display="↓",
                show=False, tooltip="Mark the next sample"),
        Binding("up", "mark(-1, 0)", "Mark", id="classification.up", key_display="↑",
                show=False, tooltip="Mark the sample before"),
        Binding("plus,equals_sign", "move(1)", "More", id="classification.more",
                key_display="+", tooltip="Make the marked number larger"),
        Binding("minus", "move(-1)", "Less", id="classification.less", key_display="−",
                tooltip="Make the marked number smaller"),
        Binding("y", "label", "Label", id="classification.label",
                tooltip="Give the marked sample the next label"),
        Binding("n", "next_mode", "Next loss", id="classification.mode",
                tooltip="BCE from probabilities, BCE from logits, or CE from logits"),
        Binding("v", "next_pane", "View", id="classification.view",
                tooltip="Below: one sample, softmax twice, or what pairs"),
        Binding("e", "edit", "Write", id="classification.edit",
                tooltip="Write all predictions and labels"),
        Binding("r", "reset", "Reset", id="classification.reset",
                tooltip="Go back to the numbers at the start"),
    ]  # fmt: skip

    DEFAULT_CSS = """
    ClassificationLossesLab { height: auto; min-height: 17; }
    ClassificationLossesLab > #pane { margin: 1 0 0 0; }
    """

    def __init__(self, options: Mapping[str, str]) -> None:
        super().__init__(options)
        mode, pane = options.get("mode", "bce_probabilities"), options.get("view", "sample")
        for name, known in ((mode, MODES), (pane, PANES)):
            if name not in known:
                self.trouble = f"The lab has no {name!r}. It has {', '.join(known)}."
        self.mode = mode if mode in MODES else "bce_probabilities"
        self.pane = pane if pane in PANES else "sample"
        self.kept = dict(START)
        """The samples of each mode, so that they are still there when it comes back."""
        self.row = self.column = 0

    @property
    def samples(self) -> Samples:
        """The samples of the mode that is shown."""
        return self.kept[self.mode]

    def compose(self) -> ComposeResult:
        """The modes, the samples, the view below, the note."""
        yield Static(id="modes")
        yield Static(id="samples")
        yield Static(id="pane")
        yield from self.asking()

    def action_mark(self, rows: int, columns: int) -> None:
        """Move the mark; at an edge it stays."""
        row, column = self.row + rows, self.column + columns
        samples = self.samples
        if 0 <= row < len(samples.rows) and 0 <= column < len(samples.rows[0]):
            self.row, self.column = row, column
            self._changed()

    def action_move(self, direction: int) -> None:
        """Change the marked number."""
        moved = self.samples.moved(self.row, self.column, direction)
        if moved == self.samples:
            low, high = (0, 1) if self.mode == "bce_probabilities" else (-500, 500)
            self.say(f"This is as far as it goes: the numbers here lie from {low} to {high}.")
            return
        self._take_samples(moved)

    def action_label(self) -> None:
        """The next label."""
        self._take_samples(self.samples.relabelled(self.row))

    def action_next_mode(self) -> None:
        """The next loss; each keeps its own numbers."""
        self.mode = following(self.mode, MODES)
        self._changed()

    def action_next_pane(self) -> None:
        """The next view."""
        self.pane = following(self.pane, PANES)
        self._changed()

    def action_edit(self) -> None:
        """Write everything."""
        rows = "; a semicolon ends a sample" if self.mode == "ce_logits" else ""
        self.ask(f"Write the predictions, a colon, the labels{rows}. escape keeps the old ones.",
                 self.samples.text, self._written)  # fmt: skip

    def action_reset(self) -> None:
        """Back to the numbers at the start."""
        self._take_samples(START[self.mode])

    def _written(self, text: str) -> None:
        self.kept[self.mode] = self.samples.written(text)
        self._clip()
        self.show()

    def _take_samples(self, samples: Samples) -> None:
        self.kept[self.mode] = samples
        self._changed()

    def _changed(self) -> None:
        self.trouble = ""
        self._clip()
        self.say("")
        self.show()

    def _clip(self) -> None:
        """Keep the mark on a number that exists."""
        self.row = min(self.row, len(self.samples.rows) - 1)
        self.column = min(self.column, len(self.samples.rows[0]) - 1)

    def show(self) -> None:
        """The samples with their losses, and the view below."""
        found = answer(self.samples)
        modes: Parts = []
        for mode, title in MODES.items():
            chosen = mode == self.mode
            name = title if chosen else SHORT[mode]
            modes += [(f"{'▶' if chosen else ' '}{name}", "bold" if chosen else ""), "   "]
        self.put("modes", Content.assemble(*modes))
        self.put("samples", _table(self.samples, found, self.row, self.column))
        views: Mapping[str, Callable[[], Content]] = {
            "sample": lambda: _one_sample(self.samples, found, self.row),
            "twice": lambda: _twice(self.samples, found),
            "pairing": lambda: _pairing(self.samples, self.row, self.column),
        }
        self.put("pane", views[self.pane]())


def _line(cells: Iterable[str], width: int = 10) -> str:
    return "".join(cell.rjust(width) for cell in cells)


def _table(samples: Samples, found: Answer, marked_row: int, marked_column: int) -> Content:
    """One row a sample: what is written in, the label, its probability, the loss."""
    scores = samples.mode == "ce_logits"
    names = [f"z{j}" for j in range(samples.classes)] if scores else (
        ["ŷ"] if samples.mode == "bce_probabilities" else ["z"]
    )  # fmt: skip
    slope = [] if scores else [f"slope on {names[0]}"]
    header = f"{'sample':<6}{_line(names, 8)}{_line(['label'], 6)}"
    header += _line(["p of label"], 11) + _line(["loss"], 10) + _line(slope, 11)
    parts: Parts = [(header, "bold")]
    for i, (row, label, loss) in enumerate(
        zip(samples.rows, samples.labels, found.losses, strict=True)
    ):
        parts.append(f"\n{i + 1:<6}")
        for j, value in enumerate(row):
            marked = (i, j) == (marked_row, marked_column)
            text = compact_text(value, 6)
            parts.append((("▶" + text if marked else text).rjust(8), "bold" if marked else ""))
        chance = found.p[i][label] if scores else _binary(found, i)[label]
        parts.append(f"{label:>6}{six(chance):>11}")
        parts.append((f"{six(loss):>10}", "$text-primary"))
        if not scores:
            parts.append(f"{six(found.slopes[i][0]):>11}")
    indent = 6 + 8 * len(names) + 17
    parts.append(f"\n{'mean loss':<{indent}}")
    parts.append((f"{six(found.mean):>10}", "bold $text-primary"))
    if samples.mode == "bce_probabilities" and max(found.losses) >= 100:
        parts.append("\nln 0 has no value; PyTorch counts it as −100.")
    return Content.assemble(*parts)


def _binary(found: Answer, row: int) -> tuple[float, float]:
    """The probabilities of the labels 0 and 1."""
    p = found.p[row][0]
    return 1 - p, p


def _one_sample(samples: Samples, found: Answer, row: int) -> Content:
    """The marked sample by classes: probability, surprise, label, slope on the score."""
    scores = samples.mode == "ce_logits"
    p = found.p[row] if scores else _binary(found, row)
    label = samples.labels[row]
    truth = [float(j == label) for j in range(samples.classes)]
    surprise = [six(-math.log(share)) if share > 0 else "∞" for share in p]
    rows = [
        ("probability p", [six(share) for share in p]),
        ("surprise −ln p", surprise),
        ("label y, one-hot", [f"{one:g}" for one in truth]),
        ("slope p − y on z", [six(share - one) for share, one in zip(p, truth, strict=True)]),
    ]
    if not scores:
        # One score only: that of the label 1.
        rows[-1] = ("slope ŷ − y on z", ["", six(p[1] - label)])
    classes = [f"class {j}" for j in range(samples.classes)]
    parts: Parts = [(f"{f'sample {row + 1}':<18}{_line(classes)}", "bold")]
    parts += [f"\n{name:<18}{_line(cells)}" for name, cells in rows]
    parts.append(f"\nThe loss is the surprise at the label, class {label}: ")
    parts.append((six(found.losses[row]), "bold"))
    return Content.assemble(*parts)


def _twice(samples: Samples, found: Answer) -> Content:
    """The losses with softmax once and twice, side by side."""
    if not found.twice_losses:
        return Content(
            "BCE has a sigmoid and no softmax. Press n until softmax–CE is marked: then\n"
            "the losses with softmax once and twice stand here side by side."
        )
    over = f"{'':<6}{'softmax once, as it should be':>33}  {'softmax twice':>32}"
    names = ["p of label", "loss", "slope"]
    header = f"{'sample':<6}{_line(names, 11)} {_line(names, 11)}"
    parts: Parts = [over, (f"\n{header}", "bold")]
    for i, label in enumerate(samples.labels):
        once = (found.p[i][label], found.losses[i], found.slopes[i][label])
        twice = (found.twice_p[i][label], found.twice_losses[i], found.twice_slopes[i][label])
        left, right = (_line(map(six, values), 11) for values in (once, twice))
        parts.append(f"\n{i + 1:<6}{left} {right}")
    parts.append(f"\n{'mean':<6}{'':>11}")
    parts.append((f"{six(found.mean):>11}", "bold"))
    parts.append(f"{'':>23}")
    parts.append((f"{six(found.twice_mean):>11}", "bold"))
    floor = f"{six(found.floor)} = ln(e + {samples.classes} − 1) − 1"
    parts.append(f"\nTwice never comes below {floor}; once does.")
    return Content.assemble(*parts)


def _pairing(samples: Samples, row: int, column: int) -> Content:
    """Each output with each loss for the marked score: value and slope."""
    value, label = samples.rows[row][column], samples.labels[row]
    if samples.mode == "bce_probabilities":
        if not 0 < value < 1:
            return Content("The marked ŷ is 0 or 1: no finite score gives that. Change it first.")
        z, y = math.log(value) - math.log1p(-value), label
    else:
        z, y = value, label if samples.mode == "bce_logits" else int(column == label)
    parts: Parts = [f"For one score z = {six(z)} and the label {y}; softmax has the scores 0, z.\n"]
    parts.append((f"{'output':<8}{'loss':<12}{'from z, in PyTorch':<33}{'loss':>9}{'slope':>11}",
                  "bold"))  # fmt: skip
    for one in pairings(z, y):
        sign, role = ("✓", "$text-success") if one.fits else ("✗", "$text-error")
        name = one.torch or "does not pair: the slope fades"
        numbers = f"{six(one.value):>9}{six(one.slope):>11}"
        parts.append(f"\n{one.output:<8}{one.loss:<10}")
        parts += [(f"{sign} ", role), f"{name:<33}{numbers}"]
    return Content.assemble(*parts)


LAB = LabEntry(
    ClassificationLossesLab,
    options={
        "mode": "the loss to begin with: bce_probabilities, bce_logits or ce_logits",
        "view": "the lower half to begin with: sample, twice or pairing",
    },
)
