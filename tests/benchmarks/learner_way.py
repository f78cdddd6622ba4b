"""The learner's way through the course: minutes of each lesson, and what comes when.

Run by hand: `python -m tests.benchmarks.learner_way [--before REV]`. The course of REV (by default
the last one in which `forward` came first) is read from git, and set beside that of the working
tree. The rule is the same for both, and stands in `RULE`: it counts what is read and answered, not
how fast anybody is.
"""

from __future__ import annotations

import argparse
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import yaml

COURSE = "lessons/course"
ROOT = Path(__file__).parents[2]
BEFORE = "f1e2cdd^"
"""The course before it opened with the network worked by hand."""
WORDS_A_MINUTE = 200
SECONDS = {
    "formula": 15,
    "number": 10,
    "code": 2,
    "question": 60,
    "mistake": 90,
    "prediction": 20,
    "lab": 180,
    "figure": 15,
}
"""For each derivation line and displayed formula, row of numbers, line of code that is named,
question and so on.
Trainings and exercises are left out: they last as long as the learner likes."""
RULE = f"{WORDS_A_MINUTE} words a minute; " + ", ".join(
    f"{name} {seconds} s" for name, seconds in SECONDS.items()
)
_FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_FORMULA = re.compile(r"\$\$(.*?)\$\$", re.DOTALL)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Size:
    """What a lesson holds."""

    steps: int
    words: int
    counts: dict[str, int]

    @property
    def minutes(self) -> float:
        """By the rule."""
        seconds = sum(SECONDS[name] * count for name, count in self.counts.items())
        return self.words / WORDS_A_MINUTE + seconds / 60


def size_of(markdown: str) -> Size:
    """What the text of a lesson holds; what is said to an answer is not counted."""
    body = re.sub(r"\A---\n.*?\n---\n", "", markdown, count=1, flags=re.DOTALL)
    counts = dict.fromkeys(SECONDS, 0)
    words = 0
    for kind, info, inside in _FENCE.findall(body):
        if kind in ("derivation", "numbers"):
            rows = [line for line in inside.splitlines() if line.strip()]
            counts["formula" if kind == "derivation" else "number"] += len(rows)
            words += sum(len(_plain(row.partition("::")[2]).split()) for row in rows)
        elif kind in ("predict", "mistake"):
            later = info.split()[1:] == ["later"]
            name = "prediction" if later else "question" if kind == "predict" else "mistake"
            counts[name] += 1
            words += len(_plain(inside.partition("\n\n")[0]).split())
        elif kind in ("lab", "figure"):
            counts[kind] += 1
            words += len(_plain(inside).split())
        elif kind == "code":
            counts["code"] += 10  # a function of the course has about ten lines
            words += len(_plain(inside).split())
        elif kind == "listing":
            counts["code"] += len(inside.splitlines())
    rest = _FENCE.sub("", body)
    counts["formula"] += len(_FORMULA.findall(rest))
    words += len(_plain(_FORMULA.sub("", rest)).split())
    return Size(len(re.findall(r"^## ", body, re.MULTILINE)), words, counts)


def _plain(text: str) -> str:
    """Running text as it is read: links without their targets, a formula as one word."""
    return re.sub(r"\$[^$]+\$", "x", _LINK.sub(r"\1", text)).replace("|", " ")


def course_of(revision: str) -> dict[str, Size]:
    """The lessons in their order; the working tree where `revision` is empty."""
    found = {}
    for chapter in yaml.safe_load(_text(revision, f"{COURSE}/contents.yaml")):
        for lesson in chapter["lessons"]:
            path = f"{chapter['slug'].replace('-', '_')}/{lesson.replace('-', '_')}"
            try:
                text = _text(revision, f"{COURSE}/{path}/lesson.en.md")
            except (OSError, subprocess.CalledProcessError):
                continue
            found[f"{chapter['slug']}/{lesson}"] = size_of(text)
    return found


def _text(revision: str, path: str) -> str:
    if not revision:
        return (ROOT / path).read_text("utf-8")
    shown = subprocess.run(
        ["git", "show", f"{revision}:{path}"], cwd=ROOT, check=True, capture_output=True
    )
    return shown.stdout.decode()


def main() -> None:
    """Print the table: for each lesson of today, its place and its minutes before and now."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--before", default=BEFORE)
    before, now = course_of(parser.parse_args().before), course_of("")
    places = list(before)
    print(f"{RULE}\n")
    print("| lesson | place before | now | steps before | now | minutes before | now | so far |")
    print("|---|---|---|---|---|---|---|---|")
    so_far = 0.0
    for number, (slug, size) in enumerate(now.items(), start=1):
        so_far += size.minutes
        old = before.get(slug)
        place = str(places.index(slug) + 1) if old else "–"
        steps, minutes = (str(old.steps), f"{old.minutes:.0f}") if old else ("–", "–")
        row = (slug, place, number, steps, size.steps, minutes, f"{size.minutes:.0f}")
        print(f"| {' | '.join(map(str, row))} | {so_far:.0f} |")
    totals = [sum(size.minutes for size in course.values()) for course in (before, now)]
    steps_of = [sum(size.steps for size in course.values()) for course in (before, now)]
    print(f"| all | | | {steps_of[0]} | {steps_of[1]} | {totals[0]:.0f} | {totals[1]:.0f} | |")
    worked = "backprop/worked-example"
    for name, course in (("before", before), ("now", now)):
        lessons = list(course)
        until = sum(course[slug].minutes for slug in lessons[: lessons.index(worked)])
        print(f"{name}: the first network is computed by hand after {until:.0f} minutes")


if __name__ == "__main__":
    main()
