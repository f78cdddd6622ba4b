"""What the system refuses is told in words, without the number of an error."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

import pytest

from engine.recipes.softmax import update
from engine.refusals import reason
from engine.training.unsaved import not_saved
from engine.training.worker import explain
from tests.cases import for_each


def refused(number: int) -> OSError:
    return OSError(number, os.strerror(number), "/a/path")


@for_each(
    ("error", "words"),
    [
        (refused(errno.ENOSPC), os.strerror(errno.ENOSPC)),
        (refused(errno.ENOENT), os.strerror(errno.ENOENT)),
        (OSError("a pipe is no file"), "a pipe is no file"),
        (OSError(), "OSError"),
        (ValueError("no closing quotation"), "no closing quotation"),
    ],
)
def test_the_reason_is_in_words(error: Exception, words: str) -> None:
    assert reason(error) == words


@pytest.mark.parametrize(
    ("number", "mend"),
    [
        (errno.ENOSPC, "Free some space."),
        (errno.EROFS, "Make that folder writable."),
        (errno.ENOENT, "Check that folder."),
    ],
)
def test_a_checkpoint_that_cannot_be_saved(
    number: int, mend: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    going, over = (not_saved("mlp-1", refused(number), is_over=over) for over in (False, True))
    for text in (going, over):
        assert str(tmp_path / "dltutor" / "checkpoints" / "mlp") in text
        assert mend in text
        assert "Errno" not in text
    assert "will try to save again" in going
    assert "train it again" in over


def test_a_training_that_a_file_ended() -> None:
    said = explain(refused(errno.EACCES))
    assert f"/a/path cannot be used: {os.strerror(errno.EACCES)}." in said
    assert "error in the program" not in said


def test_an_error_in_a_recipe_is_said_with_its_file_and_line() -> None:
    with pytest.raises(TypeError) as caught:
        update(None, None, None, None, 0.1)  # type: ignore[arg-type]
    said = explain(caught.value)
    found = re.search(r"TypeError: .+ \(recipes/softmax\.py:(\d+)\)\. What", said)
    assert found
    assert int(found[1]) > 1
    assert "(recipes" not in explain(ValueError("elsewhere"))
