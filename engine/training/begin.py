"""A run as it was ordered: a new one, one that resumes from its checkpoint, or one repeated."""

from __future__ import annotations

from dataclasses import replace

from engine.training.checkpoint import Checkpoint, restore
from engine.training.checkpoint_file import load
from engine.training.film import Reel
from engine.training.keeping import to_resume
from engine.training.loop import Clock, TrainingRun
from engine.training.order import Loader, TrainingOrder, load_task
from engine.training.own_data import folder_of, own_data
from engine.training.run_files import checkpoint_path, new_name, release
from engine.training.task import Task
from engine.training.underway import refuse_in_use


def begin(
    order: TrainingOrder,
    clock: Clock,
    *,
    load_task: Loader = load_task,
    checkpoint: Checkpoint | None = None,
    name: str | None = None,
    film: bool = False,
) -> TrainingRun:
    """The run of `order`, its data loaded; this imports torch.

    `checkpoint` is the one to resume, where it has already been read. A new run is called `name`,
    or gets a name of its own where that is None. With `film`, its weights are filmed. Raises
    CheckpointError where it cannot be resumed, UserError where another process trains it, and
    whatever `load_task` raises.
    """
    if order.resume and checkpoint is None:
        wanted = order.run
        checkpoint = load(checkpoint_path(wanted)) if wanted else to_resume(order.recipe.name)
    if checkpoint is not None:
        refuse_in_use(checkpoint.run)
    if checkpoint is not None and checkpoint.synthetic:
        order = replace(order, source=replace(order.source, allow_synthetic=True))
    if checkpoint is not None:
        with own_data(order.source, order.recipe.dataset, checkpoint.data_dir) as source:
            order = replace(order, source=source)
            task = load_task(order)
        refuse_in_use(checkpoint.run)  # loading takes its time
        name, is_new = checkpoint.run, False
    else:
        task = load_task(order)
        is_new = name is None
        name = new_name(order.recipe.name) if name is None else name
    try:
        return _prepared(order, task, clock, name, checkpoint, film=film)
    except BaseException:  # as for want of memory: nothing is kept under this name
        if is_new:
            release(name)
        raise


def _prepared(
    order: TrainingOrder,
    task: Task,
    clock: Clock,
    name: str,
    checkpoint: Checkpoint | None,
    *,
    film: bool,
) -> TrainingRun:
    """The run as it is before its first update, or as its checkpoint says."""
    run = TrainingRun(task, order.recipe.name, order.settings, clock, name)
    run.plan = list(order.plan)
    if order.guess:
        run.guess = replace(order.guess, theory=task.first_loss())
    run.usual_rate = order.usual_rate
    if film:
        run.reel = Reel(task.film_sheets)  # before the restore: these are the first weights
    if checkpoint is not None:
        restore(run, checkpoint)
    run.data_dir = folder_of(task, order.source) or run.data_dir
    if run.reel and run.epoch_step == 0:
        run.reel.take(run.epoch)
    run.measure_start()
    return run
