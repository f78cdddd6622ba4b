"""What `dltutor serve` costs for each visitor, and how long a key takes while all walk lessons.

Run it as `python -m tests.benchmarks.serve [--visitors N] [--keys N] [--think SECONDS]
[--seconds N]`. It starts the server on this machine, opens N web sockets as browsers do, and lets
each turn the pages of the first lesson. Memory is the proportional set (PSS): a page that several
processes share counts in parts.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.terminal import fresh_home
from tests.faults.served import Browser, Served

_MIB = 1024


@dataclass
class Walk:
    """What one visitor felt, in seconds."""

    opened: float = 0.0
    """From the connection to the home screen."""
    keys: list[float] = field(default_factory=list)
    """From each key to the first bytes of the next screen."""


def memory(process: int) -> dict[str, int]:
    """The sizes of a process in KiB, by the names of the kernel."""
    text = Path(f"/proc/{process}/smaps_rollup").read_text()
    rows = (line.split() for line in text.splitlines()[1:])
    return {row[0].rstrip(":"): int(row[1]) for row in rows}


def processor_seconds(process: int) -> float:
    """What a process has computed so far."""
    words = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


async def walk(
    found: Walk, served: Served, browser: Browser, keys: int, think: float, after: float
) -> None:
    """Open the course after a while, then turn pages, every `think` seconds on average."""
    rng = random.Random(after)
    await asyncio.sleep(after)
    began = time.perf_counter()
    await browser.open()
    await browser.see("A network worked by hand", 120)
    found.opened = time.perf_counter() - began
    await browser.type("\r")
    await browser.see("step 1 of", 120)
    for number in range(keys):
        await asyncio.sleep(rng.uniform(0.5, 1.5) * think)
        key, step = ("\x1b[D", 1) if number % 2 else ("\x1b[C", 2)
        began = time.perf_counter()
        await browser.type(key)
        await browser.see(f"step {step} of", 120)
        found.keys.append(time.perf_counter() - began)


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of all lie."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


async def measure(visitors: int, keys: int, think: float, trainings: int, seconds: float) -> None:
    """Measure and print."""
    served = Served("--visitors", str(visitors), "--trainings", str(trainings))
    browsers = [Browser(served) for _number in range(visitors)]
    try:
        await asyncio.sleep(1)
        nursery = served.nursery()
        while not await _is_idle(nursery):
            pass
        alone = memory(nursery)
        walks = [Walk() for _each in browsers]
        tasks = [
            asyncio.create_task(walk(found, served, each, keys, think, 0.5 * place))
            for place, (found, each) in enumerate(zip(walks, browsers, strict=True))
        ]
        _done, late = await asyncio.wait(tasks, timeout=seconds)
        children = served.visits()
        sizes = [memory(each) for each in children]
        cost = sum(map(processor_seconds, children))
        pressed = [seconds for each in walks for seconds in each.keys]
        load = os.getloadavg()[0]
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        print(
            f"visitors {visitors}, {len(late)} of them still walking, keys {len(pressed)}, "
            f"load {load:.1f}, cores {os.cpu_count()}"
        )
        for name, number in (("nursery alone", alone), ("nursery", memory(nursery))):
            print(f"{name}: RSS {number['Rss'] / _MIB:.0f} MiB, PSS {number['Pss'] / _MIB:.0f} MiB")
        for name in ("Rss", "Pss", "Private_Dirty"):
            values = [size[name] / _MIB for size in sizes]
            print(f"visitor: {name} median {statistics.median(values):.1f}, sum {sum(values):.0f}")
        print(f"server: PSS {memory(served.process.pid)['Pss'] / _MIB:.0f} MiB")
        opened = [each.opened for each in walks if each.opened]
        print(
            f"opening: median {statistics.median(opened):.2f} s, p95 {percentile(opened, 0.95):.2f}"
        )
        for name, share in (("median", 0.5), ("p95", 0.95), ("p99", 0.99)):
            print(f"key to screen {name}: {1000 * percentile(pressed, share):.0f} ms")
        print(f"processor time of a visitor: {cost / visitors:.2f} s")
    finally:
        for each in browsers:
            await each.close()
        served.end()


async def _is_idle(process: int) -> bool:
    """Whether it has computed nothing for a second."""
    before = processor_seconds(process)
    await asyncio.sleep(1.0)
    return processor_seconds(process) == before


def main() -> None:
    """Read the arguments, and measure in a home of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=30)
    parser.add_argument("--keys", type=int, default=15)
    parser.add_argument("--think", type=float, default=3.0, help="seconds between two keys")
    parser.add_argument("--trainings", type=int, default=2, help="0: nobody trains")
    parser.add_argument("--seconds", type=float, default=120.0, help="the longest walk")
    args = parser.parse_args()
    with fresh_home() as home:
        os.environ.update(home)
        asyncio.run(measure(args.visitors, args.keys, args.think, args.trainings, args.seconds))


if __name__ == "__main__":
    main()
