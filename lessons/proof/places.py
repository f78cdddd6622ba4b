"""Where something stands in the file of a lesson, as `lesson.en.md:12`."""

from __future__ import annotations

from pathlib import Path


class Places:
    """The places in one file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def at(self, line: int) -> str:
        """File and line."""
        return f"{self.path.name}:{line}" if line else self.path.name

    def of(self, written: str) -> str:
        """File and line where something first stands."""
        try:
            lines = self.path.read_text("utf-8").splitlines()
        except OSError:
            lines = []
        return self.at(next((n for n, line in enumerate(lines, 1) if written in line), 0))

    def of_number(self, name: str, digits: str) -> str:
        """File and line where a text first writes a number with these digits."""
        link, inside = f"[{digits}](number:{name})", rf"\num{{{name}}}{{{digits}}}"
        places = map(self.of, (link, inside, f"(number:{name})"))
        return next((place for place in places if ":" in place), self.path.name)

    def of_block(self, name: str) -> str:
        """File and line where the block of a question or a mistake begins."""
        openings = (f"```predict {name}", f"```mistake {name}")
        places = [place for place in map(self.of, openings) if ":" in place] if name else []
        return places[0] if places else self.path.name
