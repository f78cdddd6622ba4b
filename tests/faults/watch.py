"""A training with its screen open: a terminal that reads nothing, a dropped line, a long look.

`python -m tests.faults.long watch --seconds 300` measures updates, memory, threads and open files.
"""

from __future__ import annotations

import argparse
import json
import signal
import tempfile
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any, TypeAlias

from tests.faults.terminal import environment, terminal

Pulse: TypeAlias = dict[str, Any]
"""What the program tells every 0.2 s."""
PROGRAM = """
import json, os, threading, time
from engine.recipes.catalog import find_recipe
from engine.training.order import TrainingOrder
from tests.faults.opening import rest_between_updates
from tui.app import TutorApp
from tui.cli import _leave

def opened():
    found = []
    for number in os.listdir("/proc/self/fd"):
        try:
            found.append(os.readlink("/proc/self/fd/" + number))
        except OSError:  # the list itself, or closed meanwhile
            pass
    return found

def pulse():
    settings = {"epochs": 10000, "lr": 0.0001, "batch_size": 1, "seed": 0}
    app.call_from_thread(app.open_training, "linear")
    app.call_from_thread(app.start_training, TrainingOrder(find_recipe("linear"), settings))
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        while True:
            time.sleep(0.2)
            waited = computed = 0.0
            for thread in threading.enumerate():
                if thread.name == "training":
                    path = f"/proc/self/task/{thread.native_id}/schedstat"
                    computed, waited = (int(word) / 1e9 for word in open(path).read().split()[:2])
            # What a fixed computation takes says how fast this processor is at the moment.
            began = time.thread_time()
            sum(range(20000))
            gauge = time.thread_time() - began
            pages = int(open("/proc/self/statm").read().split()[1])
            file.write(json.dumps({
                "at": time.monotonic(), "own": time.monotonic() - waited, "cpu": computed,
                "others": time.process_time() - computed,
                "gauge": gauge,
                "step": app.session.snapshot.step, "threads": threading.active_count(),
                "names": sorted(thread.name for thread in threading.enumerate()),
                "open": opened(), "megabytes": pages * 4096 / 1e6,
            }) + "\\n")
            file.flush()

if rest := float(sys.argv[3]):
    rest_between_updates(rest)
app = TutorApp(lesson="linear/from-scratch", preload=pulse, refresh_rate=float(sys.argv[2]))
app.run()
sys.exit(_leave(app.return_code or 0))
"""


def pulses(path: Path) -> list[Pulse]:
    """What the program has told so far."""
    found = []
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        try:
            found.append(json.loads(line))
        except ValueError:  # not written to its end yet
            break
    return found


def stays_open(told: list[Pulse]) -> Counter[str]:
    """What is open at each of these pulses: not a file that is written meanwhile."""
    found = Counter[str](told[0]["open"])
    for pulse in told[1:]:
        found &= Counter(pulse["open"])
    return found


def rate(told: list[Pulse], per: str = "own") -> float:
    """Updates per second of the clock (`at`), without the time that the training thread waited for
    a processor on which others computed (`own`), or of its computing alone (`cpu`)."""
    first, last = told[0], told[-1]
    return float(last["step"] - first["step"]) / float(max(last[per] - first[per], 1e-9))


def usual_rate(told: list[Pulse]) -> float:
    """Updates per second of computing, in the middle of what the intervals say.

    On a busy machine a second of computing does more or less; it is measured in units of a fixed
    computation, as long as that takes 1 ms.
    """
    found = [rate([a, b], "cpu") for a, b in pairwise(told) if b["cpu"] - a["cpu"] > 0.002]
    return float(median(found) * median(pulse["gauge"] for pulse in told) * 1000)


def beside(told: list[Pulse]) -> float:
    """What share of a processor the program takes beside the training."""
    first, last = told[0], told[-1]
    return float(last["others"] - first["others"]) / float(last["at"] - first["at"])


def ratios(found: dict[str, list[Pulse]]) -> list[float]:
    """For each time that nobody read: its speed, as a part of the mean of those before and after.

    Each is the rate without the time that the thread waited for a processor. The times lie beside
    each other, so that a machine that becomes faster or slower does so for both.
    """
    names = list(found)
    of = {name: rate(told) for name, told in found.items()}
    return [
        of[name] / ((of[names[at - 1]] + of[names[at + 1]]) / 2)
        for at, name in enumerate(names)
        if name.startswith("deaf")
    ]


def watch(
    home: Path,
    refresh: float,
    look: float,
    deaf: float,
    gone: float,
    rounds: int = 1,
    rest: float = 0.0,
) -> dict[str, list[Pulse]]:
    """Train for `look` seconds, `deaf` without being read, and `gone` after the line dropped.

    In each round after the first, both times are as long as `deaf`. The training rests for `rest`
    seconds after each update.
    """
    path = home / "pulses"
    found = {}
    with terminal() as line:
        process = line.start(PROGRAM, str(path), str(refresh), str(rest), env=environment(home))

        def during(seconds: float) -> list[Pulse]:
            before = len(pulses(path))
            until = time.monotonic() + seconds
            line.wait_until(
                lambda: time.monotonic() > until and len(pulses(path)) > before + 3,
                "pulses", seconds + 60,
            )  # fmt: skip
            assert process.poll() is None, line.text[-2000:]
            return pulses(path)[before:]

        line.wait_until(lambda: any(p["step"] > 100 for p in pulses(path)), "a training")
        found["read"] = during(look)
        for number in range(1, rounds + 1):
            again = f" {number}" if number > 1 else ""
            line.reads(False)
            found["deaf" + again] = during(deaf)
            line.reads(True)
            found["read again" + again] = during(deaf if rounds > 1 else min(deaf, 2.0))
        line.hang_up()
        found["gone"] = during(gone)
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    return found


def main(words: list[str]) -> int:
    """Print a table of the phases, and what was there at the beginning and at the end."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.long watch")
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--refresh", type=float, default=20)
    parser.add_argument("--rounds", type=int, default=1)
    args = parser.parse_args(words)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        found = watch(Path(home), args.refresh, args.seconds, 12, 10, args.rounds)
    print(
        "| phase | seconds | updates | a second | of its own | of computing | beside | threads |"
        " files | MB |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name, told in found.items():
        a, b = told[0], told[-1]
        ends = (
            f"{a['threads']} → {b['threads']} | {len(a['open'])} → {len(b['open'])}"
            f" | {a['megabytes']:.0f} → {b['megabytes']:.0f}"
        )
        print(
            f"| {name} | {b['at'] - a['at']:.0f} | {b['step'] - a['step']:.0f} |"
            f" {rate(told, 'at'):.0f} | {rate(told):.0f} | {usual_rate(told):.0f} |"
            f" {beside(told):.2f} | {ends} |"
        )
    shares = ratios(found)
    print(f"deaf, as parts of read: {', '.join(f'{share:.2f}' for share in shares)};"
          f" in the middle {median(shares):.2f}")  # fmt: skip
    print(f"gone, as a part of all that was read: {_gone(found):.2f}")
    return 0


def _gone(found: dict[str, list[Pulse]]) -> float:
    return rate(found["gone"]) / median(
        rate(told) for name, told in found.items() if name.startswith("read")
    )
