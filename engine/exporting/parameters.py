"""The parameters of a run as a safetensors file: under their own names, and nothing else."""

from __future__ import annotations

import json
from dataclasses import asdict

from engine.training.checkpoint import Checkpoint


def parameters_file(checkpoint: Checkpoint) -> bytes:
    """The parameters as `safetensors.torch.load_file` gives them back, as float32 or float64.

    The names are those of the model: `load_state_dict` of the same nn.Module takes them. The header
    says in `run`, `recipe`, `settings`, `started_with` and `changes` (JSON) and `data` where they
    come from: `settings` are those at the end, which alone would mislabel a run that was changed.
    """
    from safetensors.numpy import save

    header = {
        "format": "pt",
        "run": checkpoint.run,
        "recipe": checkpoint.recipe,
        "settings": json.dumps(dict(checkpoint.settings)),
        "started_with": json.dumps(dict(checkpoint.started_with or checkpoint.settings)),
        "changes": json.dumps([asdict(change) for change in checkpoint.changes]),
        "step": str(_steps(checkpoint)),
        "data": checkpoint.dataset,
    }
    return save(dict(checkpoint.parameters), header)


def _steps(checkpoint: Checkpoint) -> int:
    last = checkpoint.measured[-1] if checkpoint.measured else None
    per_epoch = last.step // last.epoch if last and last.epoch else 0
    return checkpoint.epoch * per_epoch + checkpoint.epoch_step
