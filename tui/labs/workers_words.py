"""What the lab `workers` says and shows about one moment, as text."""

from __future__ import annotations

from string import ascii_lowercase

from textual.content import Content

from engine.labs.ring import Sent
from engine.labs.workers import BYTES, NAMES, RATE, Array, Mistake, Moment, Phase
from engine.language import _, plural
from engine.naming import Shown
from tui.columns import left, right
from tui.labs.base import Parts

ROLES = ("primary", "accent", "success", "warning")
"""The series colour of each worker."""
LABEL, CHIPS, FACTOR, CELL = 4, 24, 8, 9
"""Widths of the columns; those of the numbers come last."""
MISTAKES = {
    Mistake.NONE: _("no mistake"),
    Mistake.PLAIN_MEAN: _("plain mean of means"),
    Mistake.TWICE: _("divided twice"),
    Mistake.SHUFFLES: _("shuffles that differ"),
    Mistake.STARTS: _("starts that differ"),
}


def chips(samples: tuple[int, ...], styles: dict[int, str] | str) -> Parts:
    """Samples as letters, with spaces where there is room."""
    gap = " " if 2 * len(samples) - 1 <= CHIPS else ""
    parts: Parts = []
    for place, sample in enumerate(samples):
        style = styles if isinstance(styles, str) else styles.get(sample, "$foreground-muted")
        parts += [gap if place else "", (ascii_lowercase[sample], f"bold {style}")]
    width = len(samples) + len(gap) * (len(samples) - 1) if samples else 0
    return [*parts, " " * (CHIPS - width)]


def signed(value: float) -> str:
    """A number with four decimals."""
    return f"{Shown(value):z.4f}"


def tiny(value: float) -> str:
    """A difference to its leading digit; rounding is seen as such."""
    if value == 0:
        return "0"
    if abs(value) < 1e-4:
        return f"{Shown(value):+.0e}"
    return f"{Shown(value):+.4f}"


def state_line(moment: Moment) -> Content:
    """How many workers, which batch, how far."""
    settings = moment.settings
    workers = plural("{count} worker", "{count} workers", settings.workers)
    text = _("batches of {batch} from {samples} samples · update {number}").format(
        batch=settings.batch, samples=settings.samples, number=moment.number + 1
    )
    style = "" if settings.mistake is Mistake.NONE else "$text-error"
    mistake = (MISTAKES[settings.mistake], style)
    return Content.assemble((f"{workers} · {text} · ", "bold"), mistake)


def phase_line(moment: Moment) -> str:
    """What happens in the step that is shown."""
    update, which = moment.update, moment.which
    match moment.phase:
        case Phase.DEAL if moment.settings.mistake is Mistake.SHUFFLES:
            return _("Deal: each worker deals from a pack that it has shuffled itself.")
        case Phase.DEAL:
            return _("Deal: each worker gets a sample in turn, until the batch is dealt.")
        case Phase.WORK:
            text = _(
                "Worker {number}: forward and backward, the mean gradient over {count} of {all}."
            )
            shares = update.shares
            return text.format(
                number=which + 1, count=len(shares[which]), all=sum(map(len, shares))
            )
        case Phase.WEIGH:
            return _(
                "Weigh: each worker multiplies its gradient, so that a sum remains to be done."
            )
        case Phase.RING:
            turns = len(update.ring.turns)
            text = _("Ring {turn} of {turns}: each sends a part on, and adds what comes (+).")
            if which >= turns // 2:
                text = _("Ring {turn} of {turns}: each sends a finished sum on, and keeps it (=).")
            return text.format(turn=which + 1, turns=turns)
        case Phase.COMPARE:
            return _("Compare: what the workers have, and the gradient of the big batch.")
        case _:
            return _("Update: everyone subtracts {rate:g} times its gradient.").format(rate=RATE)


def _factor(moment: Moment, worker: int) -> str:
    shares = moment.update.shares
    if moment.settings.mistake is Mistake.PLAIN_MEAN:
        return f"×1/{len(shares)}"
    text = f"×{len(shares[worker])}/{sum(map(len, shares))}"
    return f"{text}/{len(shares)}" if moment.settings.mistake is Mistake.TWICE else text


def _turn(moment: Moment) -> tuple[Sent, ...]:
    """What is sent in the step that is shown."""
    return moment.update.ring.turns[moment.which] if moment.phase is Phase.RING else ()


def _held(moment: Moment, worker: int) -> Array | None:
    """The numbers in the row of a worker; None where it has none yet."""
    update = moment.update
    if moment.phase is Phase.DEAL or (moment.phase is Phase.WORK and worker > moment.which):
        return None
    if moment.phase is Phase.WORK:
        found: Array = update.gradients[worker]
    elif moment.phase is Phase.WEIGH:
        found = update.ring.states[0][worker]
    elif moment.phase is Phase.RING:
        found = update.ring.states[moment.which + 1][worker]
    else:
        found = update.ring.states[-1][worker]
    return found


def _worker_row(moment: Moment, worker: int) -> Parts:
    update, style = moment.update, f"$series-{ROLES[worker]}"
    parts: Parts = ["\n", (left(str(worker + 1), LABEL), f"bold {style}")]
    parts += chips(update.shares[worker], style)
    factor = _factor(moment, worker) if moment.reached(Phase.WEIGH) else ""
    wrong = moment.settings.mistake in (Mistake.PLAIN_MEAN, Mistake.TWICE)
    parts.append((right(factor, FACTOR), "$text-error" if wrong else ""))
    held = _held(moment, worker)
    marks = {}
    for sent in _turn(moment):
        if sent.target == worker:
            part = update.ring.parts[sent.part]
            marks = dict.fromkeys(range(part.start, part.stop), "+" if sent.adds else "=")
    for place in range(len(NAMES)):
        text = "·" if held is None else signed(float(held[place]))
        mark = marks.get(place, " ")
        parts.append((right(text, CELL - 1) + mark, "bold $meaning-delta" if mark != " " else ""))
    return parts


def _row(name: str, values: list[str], style: str = "") -> Parts:
    cells = "".join(right(value, CELL - 1) + " " for value in values)
    return ["\n", (left(name, LABEL + CHIPS + FACTOR), style), (cells, style)]


def table(moment: Moment) -> Content:
    """The batch, the workers with their samples and numbers, and the big batch."""
    update = moment.update
    head = left("", LABEL) + left(_("samples"), CHIPS) + right(_("factor"), FACTOR)
    head += "".join(right(f"∂L/∂{name}", CELL - 1) + " " for name in NAMES)
    owner = {
        sample: f"$series-{ROLES[worker]}"
        for worker, share in reversed(list(enumerate(update.shares)))
        for sample in share
    }
    parts: Parts = [(head, "$foreground-muted"), "\n", (left(_("all"), LABEL), "bold")]
    parts += chips(update.batch, owner)
    for worker in range(moment.settings.workers):
        parts += _worker_row(moment, worker)
    blank = ["·"] * len(NAMES)
    compared = moment.reached(Phase.COMPARE)
    average = list(map(signed, update.average)) if compared else blank
    parts += _row(_("what the workers have"), average, "bold $meaning-delta" if compared else "")
    parts += _row(_("the big batch, by one model"), list(map(signed, update.big)))
    same = bool(abs(update.difference).max() < 1e-12)
    differences = list(map(tiny, update.difference)) if compared else blank
    style = ("$text-success" if same else "$text-error") if compared else ""
    return Content.assemble(*parts, *_row(_("difference"), differences, style))


def _part_name(moment: Moment, part: int) -> str:
    return ", ".join(NAMES[moment.update.ring.parts[part]])


def sent_line(moment: Moment) -> Content:
    """Who sends what to whom, or which samples were dealt wrongly; empty where nothing is."""
    found = Content("")
    if moment.phase is Phase.RING:
        ways = " · ".join(
            f"{sent.source + 1} → {sent.target + 1}: {_part_name(moment, sent.part)}"
            for sent in _turn(moment)
        )
        found = Content(ways)
    elif moment.settings.mistake is Mistake.SHUFFLES:
        got = [sample for share in moment.update.shares for sample in share]
        missing = " ".join(ascii_lowercase[s] for s in sorted(set(moment.update.batch) - set(got)))
        twice = " ".join(ascii_lowercase[s] for s in sorted({s for s in got if got.count(s) > 1}))
        text = _("Of the batch, nobody has: {missing} · with two workers or more: {twice}")
        found = Content(text.format(missing=missing or "–", twice=twice or "–"))
    return found


def bytes_line(moment: Moment) -> str:
    """How many bytes all workers together have sent in this update."""
    ring, workers = moment.update.ring, moment.settings.workers
    if workers == 1:
        return _("One worker sends nothing.")
    turns = moment.which + 1 if moment.phase is Phase.RING else 0
    if moment.reached(Phase.COMPARE):
        turns = len(ring.turns)
    text = _("sent by all: {sent} of 2({workers} − 1) · {one} = {total} bytes")
    one = BYTES * len(NAMES)
    sent = BYTES * ring.numbers_sent(turns)
    return text.format(sent=sent, workers=workers, one=one, total=2 * (workers - 1) * one)


def result_line(moment: Moment) -> Content:
    """The losses, and how far the weights are apart."""
    update = moment.update
    loss, big = update.losses
    text = _("loss {loss:.6f}, of one model {big:.6f} · weights apart by {apart}").format(
        loss=loss, big=big, apart=tiny(update.apart).lstrip("+")
    )
    parts: Parts = [text]
    if update.spread > 0:
        between = _("The workers themselves are apart by {spread:.4f}, as at the start.")
        parts += ["\n", (between.format(spread=update.spread), "$text-error")]
    return Content.assemble(*parts)
