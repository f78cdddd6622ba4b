"""Which questions are due for review on a day. Pure: the day and the log are arguments.

The rule, a simple form of spaced repetition:

- A question rests 1, 3, 7, then 21 days. Each round that was right at the first try moves it to the
  next rest; the first such round gives it 1 day.
- A round that was right at a later try, or in which a slip was made, moves it back by one rest.
- A round without a right answer of the learner's own moves it back to 1 day.
- At most three are asked on one day. Those with a slip in their last round come first, then those
  that were shown, skipped or left open, then the rest; in each group, the longest overdue first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from lessons.learner.log import DERIVATION, Outcome, QuestionLog, Round

RESTS = (1, 3, 7, 21)
"""Days for which a question rests."""
PER_DAY = 3


def due_day(log: QuestionLog) -> date:
    """The day from which the question is due; `date.min` if no day was recorded."""
    if log.latest.day is None:
        return date.min
    return log.latest.day + timedelta(days=rest(log.rounds))


def rest(rounds: Iterable[Round]) -> int:
    """How many days a question with these rounds rests after the last of them."""
    stage = 0
    for each in rounds:
        if each.outcome is Outcome.FIRST and not each.slips:
            stage = min(stage + 1, len(RESTS))
        elif each.outcome in (Outcome.FIRST, Outcome.LATER):
            stage = max(stage - 1, 1)
        else:
            stage = 1
    return RESTS[max(stage, 1) - 1]


def due(
    logs: Iterable[QuestionLog],
    today: date,
    exists: Callable[[str, str], bool] = lambda slug, name: True,
) -> tuple[QuestionLog, ...]:
    """The questions to ask again on `today`, in the order of asking; at most three a day.

    `exists(slug, name)` tells whether a lesson still has the question; it is called only for those
    that are due. Questions already asked again on `today` count among the three. Ties keep the
    order of `logs`.
    """
    known = [log for log in logs if not log.name.startswith(DERIVATION)]
    left = PER_DAY - sum(log.latest.day == today and len(log.rounds) > 1 for log in known)
    waiting = sorted((log for log in known if due_day(log) <= today), key=_urgency)
    found: list[QuestionLog] = []
    for log in waiting:
        if len(found) >= left:
            break
        if exists(log.slug, log.name):
            found.append(log)
    return tuple(found)


def _urgency(log: QuestionLog) -> tuple[int, date]:
    if log.latest.slips:
        kind = 0
    elif log.latest.outcome in (Outcome.SHOWN, Outcome.SKIPPED, Outcome.OPEN):
        kind = 1
    else:
        kind = 2
    return kind, due_day(log)
