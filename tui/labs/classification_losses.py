"""Lab: predictions and labels, the loss of each sample, softmax applied twice, matching losses."""

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
from engine.language import _
from tui.columns import at_point, fixed, left, right
from tui.labs.asking import AskingLab
from tui.labs.base import Parts, following
from tui.labs.registry import LabEntry
from tui.widgets.coded import coded

SHORT = {
    "bce_probabilities": _("BCE from ŷ"),
    "bce_logits": _("BCE from z"),
    "ce_logits": _("CE from z"),
}
"""The names of the modes while they are not chosen."""

PANES = ("sample", "twice", "pairing")
"""The views of the lower half: one sample, softmax applied twice, losses for each output."""


def six(value: float) -> str:
    """Six decimals, or ∞; a number too wide or too small for that in fewer digits."""
    return fixed(value, 6, 9).strip()


class ClassificationLossesLab(AskingLab):
    """Probabilities or scores with labels, and their BCE or CE."""

    IS_WORDS = True
    WORDS = 80
    HOW = _(
        "Press tab, then the arrows to select a number and ⟨+|classification.more⟩ "
        "⟨−|classification.less⟩ to change it."
    )
    KEYS = _(
        "arrows select · ⟨+|classification.more⟩ ⟨−|classification.less⟩ change · "
        "⟨y|classification.label⟩ next label · ⟨n|classification.mode⟩ next loss · "
        "⟨v|classification.view⟩ next view · ⟨e|classification.edit⟩ edit all · "
        "⟨r|classification.reset⟩ reset"
    )

    KEEPS = ("mode", "pane", "kept_samples", "row", "column")
    BINDINGS = [
        Binding("right", "mark(0, 1)", _("Select"), id="classification.right", key_display="→",
                show=False, tooltip=_("Select the score of the next class")),
        Binding("left", "mark(0, -1)", _("Select"), id="classification.left", key_display="←",
                show=False, tooltip=_("Select the score of the previous class")),
        Binding("down", "mark(1, 0)", _("Select"), id="classification.down", key_display="↓",
                show=False, tooltip=_("Select the next sample")),
        Binding("up", "mark(-1, 0)", _("Select"), id="classification.up", key_display="↑",
                show=False, tooltip=_("Select the previous sample")),
        Binding("plus,equals_sign", "move(1)", _("More"), id="classification.more",
                key_display="+", tooltip=_("Increase the selected number")),
        Binding("minus", "move(-1)", _("Less"), id="classification.less", key_display="−",
                tooltip=_("Decrease the selected number")),
        Binding("y", "label", _("Label"), id="classification.label",
                tooltip=_("Give the selected sample the next label")),
        Binding("n", "next_mode", _("Next loss"), id="classification.mode",
                tooltip=_("BCE from probabilities, BCE from logits, or CE from logits")),
        Binding("v", "next_pane", _("View"), id="classification.view",
                tooltip=_("Show one sample, softmax twice, or which loss fits which output")),
        Binding("e", "edit", _("Edit"), id="classification.edit",
                tooltip=_("Type all predictions and labels")),
        Binding("r", "reset", _("Reset"), id="classification.reset",
                tooltip=_("Go back to the numbers at the start")),
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
        self.kept_samples = dict(START)
        """The samples of each mode; they are kept while another mode is chosen."""
        self.row = self.column = 0

    @property
    def samples(self) -> Samples:
        """The samples of the mode that is shown."""
        return self.kept_samples[self.mode]

    def compose(self) -> ComposeResult:
        """The modes, the samples, the view below, the note."""
        yield Static(id="modes")
        yield Static(id="samples")
        yield Static(id="pane")
        yield from self.asking()

    def action_mark(self, rows: int, columns: int) -> None:
        """Move the selection; it stops at the edges."""
        row, column = self.row + rows, self.column + columns
        samples = self.samples
        if 0 <= row < len(samples.rows) and 0 <= column < len(samples.rows[0]):
            self.row, self.column = row, column
            self._changed()
        elif columns and len(samples.rows[0]) == 1:
            self.say(_("Each sample has one number here. Select another sample with the arrows."))

    def action_move(self, direction: int) -> None:
        """Change the selected number."""
        moved = self.samples.moved(self.row, self.column, direction)
        if moved == self.samples:
            low, high = (0, 1) if self.mode == "bce_probabilities" else (-500, 500)
            text = _("This is the limit: the numbers here go from {low} to {high}.")
            self.say(text.format(low=low, high=high))
            return
        self._take_samples(moved)

    def action_label(self) -> None:
        """Give the selected sample the next label."""
        self._take_samples(self.samples.relabelled(self.row))

    def action_next_mode(self) -> None:
        """Choose the next loss; each keeps its own numbers."""
        self.mode = following(self.mode, MODES)
        self._changed()

    def action_next_pane(self) -> None:
        """Show the next view."""
        self.pane = following(self.pane, PANES)
        self._changed()

    def action_edit(self) -> None:
        """Ask for all predictions and labels."""
        prompt = (
            _(
                "Type the predictions with semicolons between samples, a colon, the labels. "
                "⟨escape|values.cancel⟩ keeps the old ones."
            )
            if self.mode == "ce_logits"
            else _(
                "Type the predictions, a colon, the labels. ⟨escape|values.cancel⟩ keeps the "
                "old ones."
            )
        )
        self.ask(prompt, self.samples.text, self._written)

    def action_reset(self) -> None:
        """Go back to the numbers at the start."""
        self._take_samples(START[self.mode])

    def _written(self, text: str) -> None:
        self.kept_samples[self.mode] = self.samples.written(text)
        self._clip()
        self.show()

    def _take_samples(self, samples: Samples) -> None:
        self.kept_samples[self.mode] = samples
        self._changed()

    def _changed(self) -> None:
        self.trouble = ""
        self._clip()
        self.say("")
        self.show()

    def _clip(self) -> None:
        """Keep the selection on a number that exists."""
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
    return "".join(right(cell, width) for cell in cells)


def _table(samples: Samples, found: Answer, marked_row: int, marked_column: int) -> Content:
    """One row per sample: the prediction, the label, its probability, the loss."""
    scores = samples.mode == "ce_logits"
    names = [f"z{j}" for j in range(samples.classes)] if scores else (
        ["ŷ"] if samples.mode == "bce_probabilities" else ["z"]
    )  # fmt: skip
    slope = [] if scores else [f"∂L/∂{names[0]}"]
    header = left(_("sample"), 6) + _line(names, 8) + right(_("label"), 6)
    header += right(_("p of label"), 11) + right(_("loss"), 10) + _line(slope, 11)
    parts: Parts = [(header, "bold")]
    columns = [at_point(column, 7) for column in zip(*samples.rows, strict=True)]
    shown = zip(*columns, strict=True)
    for i, (row, label, loss) in enumerate(zip(shown, samples.labels, found.losses, strict=True)):
        parts.append(f"\n{i + 1:<6}")
        for j, text in enumerate(row):
            marked = (i, j) == (marked_row, marked_column)
            bare = text.lstrip()
            cell = right("▶" + bare, 1 + len(text)) if marked else " " + text
            parts.append((cell, "bold" if marked else ""))
        chance = found.p[i][label] if scores else _binary(found, i)[label]
        parts.append(f"{label:>6}{six(chance):>11}")
        parts.append((f"{six(loss):>10}", "$text-primary"))
        if not scores:
            parts.append(" " + fixed(found.slopes[i][0], 6, 10))
    indent = 6 + 8 * len(names) + 17
    parts.append("\n" + left(_("mean loss"), indent))
    parts.append((f"{six(found.mean):>10}", "bold $text-primary"))
    if samples.mode == "bce_probabilities" and max(found.losses) >= 100:
        parts.append("\n" + _("ln 0 is undefined; PyTorch's BCE uses −100 for it."))
    return Content.assemble(*parts)


def _whole(text: str) -> str:
    """A number without decimals, below the whole part of one that has six."""
    return text + " " * len(".000000")


def _binary(found: Answer, row: int) -> tuple[float, float]:
    """The probabilities of the labels 0 and 1."""
    p = found.p[row][0]
    return 1 - p, p


def _one_sample(samples: Samples, found: Answer, row: int) -> Content:
    """The selected sample by class: probability, surprise, label, slope by the score."""
    scores = samples.mode == "ce_logits"
    p = found.p[row] if scores else _binary(found, row)
    label = samples.labels[row]
    truth = [float(j == label) for j in range(samples.classes)]
    surprise = [six(-math.log(share)) if share > 0 else _whole("∞") for share in p]
    rows = [
        (_("probability p"), [six(share) for share in p]),
        (_("surprise −ln p"), surprise),
        (_("label y, one-hot"), [_whole(f"{one:g}") for one in truth]),
        ("∂L/∂z = p − y", [six(share - one) for share, one in zip(p, truth, strict=True)]),
    ]
    if not scores:
        # There is only one score: that of label 1.
        rows[-1] = ("∂L/∂z = ŷ − y", ["", six(p[1] - label)])
    classes = [_("class {number}").format(number=j) for j in range(samples.classes)]
    title = _("sample {number}").format(number=row + 1)
    parts: Parts = [(f"{left(title, 18)}{_line(classes)}", "bold")]
    parts += [f"\n{left(name, 18)}{_line(cells)}" for name, cells in rows]
    text = _("The loss is the surprise of the label, class {number}:")
    parts.append(f"\n{text.format(number=label)} ")
    parts.append((six(found.losses[row]), "bold"))
    return Content.assemble(*parts)


def _twice(samples: Samples, found: Answer) -> Content:
    """The losses with softmax applied once and twice, side by side."""
    if not found.twice_losses:
        return coded(
            _(
                "BCE uses a sigmoid and no softmax. Press ⟨n|classification.mode⟩ until "
                "softmax–CE is chosen:\nthen the losses with softmax once and twice are shown "
                "side by side."
            )
        )
    once_title, twice_title = _("softmax once (correct)"), _("softmax twice")
    over = f"{'':<6}{right(once_title, 33)}  {right(twice_title, 32)}"
    names = [_("p of label"), _("loss"), _("slope")]
    header = left(_("sample"), 6) + f"{_line(names, 11)} {_line(names, 11)}"
    parts: Parts = [over, (f"\n{header}", "bold")]
    for i, label in enumerate(samples.labels):
        once = (found.p[i][label], found.losses[i], found.slopes[i][label])
        twice = (found.twice_p[i][label], found.twice_losses[i], found.twice_slopes[i][label])
        one, two = (_line(map(six, values), 11) for values in (once, twice))
        parts.append(f"\n{i + 1:<6}{one} {two}")
    parts.append("\n" + left(_("mean"), 17))
    parts.append((f"{six(found.mean):>11}", "bold"))
    parts.append(f"{'':>23}")
    parts.append((f"{six(found.twice_mean):>11}", "bold"))
    floor = f"{six(found.floor)} = ln(e + {samples.classes} − 1) − 1"
    text = _("With softmax twice, the loss is at least {floor}.")
    parts.append("\n" + text.format(floor=floor))
    return Content.assemble(*parts)


def _pairing(samples: Samples, row: int, column: int) -> Content:
    """Outputs with their losses for the selected score: value and slope."""
    value, label = samples.rows[row][column], samples.labels[row]
    if samples.mode == "bce_probabilities":
        if not 0 < value < 1:
            return Content(
                _("The selected ŷ is 0 or 1: no finite score gives that. Change it first.")
            )
        z, y = math.log(value) - math.log1p(-value), label
    else:
        z, y = value, label if samples.mode == "bce_logits" else int(column == label)
    text = _("For z = {score} and the label {label}; softmax gets the scores 0 and z.")
    head = left(_("output"), 8) + left(_("loss"), 12) + left(_("from z, in PyTorch"), 33)
    head += right(_("loss"), 9) + right(_("slope"), 11)
    parts: Parts = [text.format(score=six(z), label=y), "\n", (head, "bold")]
    for one in pairings(z, y):
        sign, role = ("✓", "$text-success") if one.fits else ("✗", "$text-error")
        name = one.torch or _("poor match: the slope can vanish")
        numbers = f"{six(one.value):>9}{six(one.slope):>11}"
        parts.append(f"\n{left(one.output, 8)}{left(one.loss, 10)}")
        parts += [(f"{sign} ", role), f"{left(name, 33)}{numbers}"]
    return Content.assemble(*parts)


LAB = LabEntry(
    ClassificationLossesLab,
    options={
        "mode": "the loss to start with: bce_probabilities, bce_logits or ce_logits",
        "view": "the lower view to start with: sample, twice or pairing",
    },
)
