"""Which epochs of a training are reported: all, every N-th, or about fifty of very many."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from engine.errors import UserError
from engine.language import _
from engine.naming import count_of
from engine.training.snapshot import EpochMetrics

MOST_LINES = 50
_LINES = 40
"""As many epochs at most, a fixed number apart; the first ones come on top."""


@dataclass(frozen=True, slots=True)
class Log:
    """What was asked for."""

    every: int | None = None
    """Report every so-many-th epoch; None leaves it to the length of the training."""
    quiet: bool = False
    """Report none, only how the training ended."""


def add_log_options(parser: argparse.ArgumentParser) -> None:
    """Declare `--log-every` and `--quiet`."""
    parser.add_argument(
        "--log-every",
        metavar="N",
        help=_(
            "report every N-th epoch, and the last one (default: all; as text at most about {most},"
            " more of the first ones)"
        ).format(most=MOST_LINES),
    )
    parser.add_argument(
        "-q", "--quiet", action="store_true",
        help=_("report no epoch and draw no bar: print only the name of the run, or with --json"
               " only start and end"),
    )  # fmt: skip


def read_log(args: argparse.Namespace) -> Log:
    """What the arguments ask for; raises UserError."""
    text: str | None = args.log_every
    if text is None:
        return Log(None, args.quiet)
    if args.quiet:
        raise UserError(_("--log-every and --quiet exclude each other. Give one of them."))
    every = count_of(text)
    if not every:
        raise UserError(
            _("--log-every takes a whole number from 1 on, not {text!r}.").format(text=text)
        )
    return Log(every)


class EpochPicker:
    """Picks the epochs to report, and keeps the latest of those left out for the end."""

    def __init__(self, log: Log, epochs: int, *, thin: bool) -> None:
        """With `thin`, a long training without `--log-every` is reported in part."""
        self._quiet = log.quiet
        self._epochs = epochs
        self._step = log.every or (spacing(epochs) if thin else 1)
        self._begins_dense = log.every is None
        self.held: EpochMetrics | None = None
        """The last epoch, where it was not reported."""

    @property
    def is_thin(self) -> bool:
        """Whether epochs are left out that nobody asked to leave out."""
        return self._begins_dense and self._step > 1

    def takes(self, metrics: EpochMetrics) -> bool:
        """Whether to report this epoch now."""
        epoch = metrics.epoch
        taken = not self._quiet and (
            epoch % self._step == 0
            or epoch == self._epochs
            or (self._begins_dense and epoch < self._step and _is_round(epoch))
        )
        self.held = None if taken or self._quiet else metrics
        return taken


def spacing(epochs: int) -> int:
    """How many epochs apart to report: 1, 2, 5, 10, 20, 50 …, so that there are about 40."""
    if epochs <= MOST_LINES:
        return 1
    scale = 1
    while True:
        for digit in (1, 2, 5):
            if digit * scale * _LINES >= epochs:
                return digit * scale
        scale *= 10


def _is_round(epoch: int) -> bool:
    """Whether it is 1, 2, 5, 10, 20, 50, 100 …"""
    while epoch and epoch % 10 == 0:
        epoch //= 10
    return epoch in (1, 2, 5)
