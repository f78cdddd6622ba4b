"""Ask every derivation line of the course by each kind that applies: its reason, line and factor.

Run by hand, some minutes: `python -m tests.benchmarks.derivations [LESSON…]`. The text of the line
itself must be accepted, a mutant must be refused, and the line above must not pass for a step.
Exits 1 if anything is wrong. The tests ask a small sample of the same.
"""

from __future__ import annotations

import sys
from collections import Counter

from lessons.derive.judging import judge
from lessons.derive.tasks import Kind, Task
from lessons.judge.verdicts import Verdict
from tests.unit.lessons.course import named
from tests.unit.lessons.test_derive import derivation, problems


def main() -> int:
    """Ask, and print the counts."""
    only = sys.argv[1:]
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    for slug, name in named("derivation"):
        if only and slug not in only:
            continue
        print(f"{slug} {name}", file=sys.stderr, flush=True)
        found = derivation(slug, name)
        for line in range(len(found.block.lines)):
            counts["lines"] += 1
            counts.update(kind for kind in Kind if found.task(line, kind) is not None)
            wrong += problems(found, line)
            if line and found.can_be_typed(line):
                copied = judge(found, Task(line, Kind.TYPE), found.lines.latex(line - 1))
                if copied.verdict is Verdict.RIGHT:
                    wrong.append(f"{slug} {name} {line + 1}: the line above is accepted")
    print(", ".join(f"{count} {name}" for name, count in counts.items()))
    print("\n".join(wrong) or "Every line accepts its own text and refuses false ones.")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
