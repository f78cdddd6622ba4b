"""The process of one visitor, after it was forked: the screens, with a turn for each training."""

from __future__ import annotations

import gc
import os
from pathlib import Path

from engine.training.events import EventHandler, Session
from engine.training.turns import SharedTurn
from tui.app import TutorApp
from tui.config import read_config

TURNS = "DLTUTOR_TURNS"
"""How many trainings may run at once, and the folder of their locks: `2:/path`."""
DATA_DIR = "DLTUTOR_DATA_DIR"
"""What `--data-dir` of the server says."""


def visit() -> int:
    """Show the screens until the visitor leaves; the exit status."""
    gc.enable()
    folder = os.environ.get(DATA_DIR)
    app = TutorApp(
        data_dir=Path(folder) if folder else None,
        config=read_config(),
        make_session=session,
        make_turn=turn,
        preload=None,  # torch is shared, or imported by the first training: most visits need none
    )
    app.run()
    return app.return_code or 0


def session(on_event: EventHandler) -> Session:
    """The training of a visitor, which takes its turn."""
    from engine.training.session import TrainingSession
    from tui.services import keep_checkpoint

    return TrainingSession(on_event, keep=keep_checkpoint, turn=turn())


def turn() -> SharedTurn:
    """One turn among those of all visitors; whatever trains asks for one of its own."""
    count, _colon, folder = os.environ[TURNS].partition(":")
    return SharedTurn(Path(folder), int(count))
