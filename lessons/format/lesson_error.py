"""The error of a lesson that cannot be used. It stands alone, so that naming it loads no reader."""

from __future__ import annotations

from pathlib import Path

from engine.errors import UserError


class LessonError(UserError, ValueError):
    """A lesson that cannot be used: names the file, the line and what to do."""

    def __init__(self, path: Path | str, line: int, problem: str, mend: str) -> None:
        self.path, self.line, self.problem, self.mend = path, line, problem, mend
        super().__init__(f"{path}:{line}: {problem} {mend}")

    def __reduce__(self) -> tuple[type[LessonError], tuple[Path | str, int, str, str]]:
        """Survive the way out of a process of `dltutor check`."""
        return type(self), (self.path, self.line, self.problem, self.mend)
