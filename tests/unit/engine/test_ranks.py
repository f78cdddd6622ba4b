"""Several processes train like one: in lockstep, to the last update, and resumed by other numbers.

All forked processes work once for the whole file, and the tests look at what they found.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.errors import UserError
from engine.ranks.group import Group
from engine.ranks.place import Place, place_here, refuse_crowd, share
from engine.ranks.task import LockstepTask, RankTask
from engine.recipes.catalog import find_recipe, recipes
from engine.training.checkpoint import capture, parameters_sha256, restore
from engine.training.checkpoint_file import load, save
from engine.training.lockstep import Lockstep
from engine.training.loop import TrainingRun, train
from engine.training.observe import observe
from engine.training.snapshot import SessionState, Setting, with_processes
from engine.training.task import Source, Task
from tests.unit.engine.forked import together
from tests.unit.engine.small_images import write_small_sets
from tests.unit.engine.training_fakes import FakeClock, TinyTask
from tests.unit.engine.training_fakes import load as load_task

NAMES = [recipe.name for recipe in recipes()]
UNEVEN = {"linear": 333, "linear-concise": 333, "fizzbuzz": 307}
"""Batches of which the last has 1 to 3 samples, so that of 4 processes some have none."""
OPTIMISERS = {"mlp": "adam", "mlp-concise": "momentum", "two-layer-optim": "adam"}
TRAINED = ("softmax", "mlp", "two-layer-numpy")
STEPS = 4


def settings_of(name: str) -> dict[str, Setting]:
    found = find_recipe(name)
    batch = 21 if name.startswith("two-layer") else UNEVEN.get(name, 99)
    wanted: dict[str, Setting] = {
        "epochs": 2, "batch_size": batch, "hidden": 12, "optimizer": OPTIMISERS.get(name, "sgd"),
    }  # fmt: skip
    if wanted["optimizer"] != "sgd":
        wanted["lr"] = 0.001
    names = {parameter.name for parameter in found.hyperparameters}
    return found.settings({key: value for key, value in wanted.items() if key in names})


def whole_task(name: str, folder: Path) -> Task:
    return load_task(name, settings_of(name), Source("cpu", folder))


def new_run(task: Task, name: str) -> TrainingRun:
    return TrainingRun(task, name, settings_of(name), FakeClock())


def in_lockstep(name: str, folder: Path, group: Group, pair: Group | None) -> list[dict[str, Any]]:
    """One process, two and four, step by step, in float64."""
    tasks: dict[str, Task] = {"1": whole_task(name, folder)}
    for label, some in (("2", pair), ("4", group)):
        if some is not None:
            tasks[label] = LockstepTask(whole_task(name, folder), some)
    settings = settings_of(name)
    lockstep = Lockstep(tasks, int(settings["batch_size"]), float(settings["lr"]))
    return [
        {"together": now.is_together, "losses": now.losses, "gap": now.gap.relative}
        for now in islice(lockstep.run(), STEPS)
    ]


def trained(run: TrainingRun) -> dict[str, Any]:
    for _metrics in train(run):
        pass
    return {
        "sha256": parameters_sha256(run),
        "losses": run.history.curve().values,
        "measured": [(m.train_loss, m.test_loss, m.test_accuracy, m.during_accuracy)
                     for m in run.measured],
        "parameters": {name: value.tolist() for name, value in run.task.exchange().items()},
        "processes": run.processes,
    }  # fmt: skip


def work(group: Group, folder: Path) -> dict[str, Any]:
    """Everything that a process of four does for this file."""
    pair = group.first(2)
    found: dict[str, Any] = {
        "lockstep": {name: in_lockstep(name, folder, group, pair) for name in NAMES},
        "trained": {
            name: trained(new_run(RankTask(whole_task(name, folder), group), name))
            for name in TRAINED
        },
    }
    # Which samples each process was given, by a number that is different for each.
    task = RankTask(whole_task("softmax", folder), group)
    found["shares"] = [[float(x.sum()) for x in X] for X, _y in task.batches(99)]
    # Four save in the middle of the second epoch.
    run = new_run(RankTask(whole_task("mlp", folder), group), "mlp")
    for _metrics in islice(train(run), 6):
        pass
    run.check()
    if group.rank == 0:
        save(capture(run), folder / "mlp-1.safetensors")
    group.gather(None)
    if pair is not None:  # two go on for one update
        run = new_run(RankTask(whole_task("mlp", folder), pair), "mlp")
        restore(run, load(folder / "mlp-1.safetensors"))
        for _metrics in islice(train(run), 1):
            pass
        run.check()
        if pair.rank == 0:
            save(capture(run), folder / "later" / "mlp-1.safetensors")
    found["ddp"] = against_ddp(group, folder)
    found["refused"] = refused(group)
    return found


def against_ddp(group: Group, folder: Path) -> float:
    """How far a gradient is from that of DistributedDataParallel, where shares are equal."""
    task = RankTask(whole_task("mlp-concise", folder), group)
    X, y = next(task.batches(100))
    other = whole_task("mlp-concise", folder)
    net = torch.nn.parallel.DistributedDataParallel(other.net)  # type: ignore[attr-defined]
    torch.nn.functional.cross_entropy(net(X), y).backward()
    task._sum.expect(25, 100)
    torch.nn.functional.cross_entropy(task.whole.scores(X), y).backward()  # type: ignore[attr-defined]
    pairs = zip(task.parameters.values(), other.parameters.values(), strict=True)
    return max(float((a.grad - b.grad).abs().max()) for a, b in pairs)  # type: ignore[operator]


def refused(group: Group) -> list[str]:
    """What each process says where one has a trouble, and where a task says too little."""
    texts = []
    for act in (
        lambda: group.agree(UserError("no images") if group.rank == 2 else None),
        lambda: RankTask(TinyTask(), group),
    ):
        try:
            act()
        except UserError as error:
            texts.append(str(error))
    return texts


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        yield write_small_sets(tmp_path_factory.mktemp("sets"), patch)


@pytest.fixture(scope="module")
def found(folder: Path) -> list[dict[str, Any]]:
    whole_task("linear-concise", folder)  # imports what the processes would import one by one
    return together(4, folder, lambda group: work(group, folder))


@pytest.mark.parametrize("name", NAMES)
def test_one_two_and_four_processes_are_in_lockstep(found: list[dict[str, Any]], name: str) -> None:
    for rank, each in enumerate(found):
        steps = each["lockstep"][name]
        assert len(steps) == STEPS
        for step in steps:
            assert step["together"], (rank, step)
            assert step["losses"] == pytest.approx([step["losses"][0]] * len(step["losses"]))


@pytest.mark.parametrize("name", TRAINED)
def test_a_training_by_four_ends_like_one_by_one(
    found: list[dict[str, Any]], folder: Path, name: str
) -> None:
    alone = trained(new_run(whole_task(name, folder), name))
    assert alone["processes"] == ((0, 1),)
    for each in found:
        run = each["trained"][name]
        assert run["processes"] == ((0, 4),)
        assert run["sha256"] == found[0]["trained"][name]["sha256"]
        assert run["losses"] == pytest.approx(alone["losses"], rel=1e-4)
        for own, one in zip(run["measured"], alone["measured"], strict=True):
            assert own[:2] == pytest.approx(one[:2], rel=1e-4)
            assert own[2:] == one[2:]


def test_every_sample_is_in_the_share_of_one_process(
    found: list[dict[str, Any]], folder: Path
) -> None:
    batches = [[float(x.sum()) for x in X] for X, _y in whole_task("softmax", folder).batches(99)]
    shares = [each["shares"] for each in found]
    for number, batch in enumerate(batches[:3]):
        assert [x for each in shares for x in each[number]] == batch
    # Of the last 3 samples, process 0 has none of its own; it is given one that does not count.
    assert [len(each[3]) for each in shares] == [1, 1, 1, 1]
    assert [each[3][0] for each in shares[1:]] == batches[3]


def test_four_two_and_one_process_continue_one_training(
    found: list[dict[str, Any]], folder: Path
) -> None:
    assert found
    run = new_run(whole_task("mlp", folder), "mlp")
    restore(run, load(folder / "later" / "mlp-1.safetensors"))
    assert (run.step, run.processes) == (7, ((0, 4), (6, 2), (7, 1)))
    assert observe(run, SessionState.STOPPED).processes == ((0, 4), (6, 2)), "no update yet"
    resumed, straight = trained(run), found[0]["trained"]["mlp"]
    assert resumed["losses"] == pytest.approx(straight["losses"], rel=1e-4)
    assert resumed["measured"][-1][2] == straight["measured"][-1][2]


def test_the_gradient_is_that_of_ddp_where_shares_are_equal(found: list[dict[str, Any]]) -> None:
    assert all(each["ddp"] < 1e-6 for each in found)


def test_a_trouble_of_one_process_is_that_of_all(found: list[dict[str, Any]]) -> None:
    for rank, each in enumerate(found):
        expected = "no images" if rank == 2 else "Process 3 of 4: no images"
        assert each["refused"][0] == expected
        assert "TinyTask cannot be trained by several processes" in each["refused"][1]


def test_shares_are_even_and_leave_nothing_out() -> None:
    for samples in (0, 1, 3, 4, 7, 256):
        for size in (1, 2, 3, 4, 7):
            parts = [share(samples, rank, size) for rank in range(size)]
            assert [i for part in parts for i in range(samples)[part]] == list(range(samples))
            lengths = [part.stop - part.start for part in parts]
            assert max(lengths) - min(lengths) <= 1


def test_the_place_is_read_from_the_environment() -> None:
    own = {"RANK": "1", "WORLD_SIZE": "4", "LOCAL_RANK": "1", "DLTUTOR_STORE": "/s"}
    assert place_here(own) == Place(1, 4, 1, 4, "/s")
    by_torchrun = {"MASTER_ADDR": "localhost", "MASTER_PORT": "1", "LOCAL_WORLD_SIZE": "2"}
    del own["DLTUTOR_STORE"]
    assert place_here(own | by_torchrun) == Place(1, 4, 1, 2)
    assert place_here(own) is None  # nothing says where the others are
    assert place_here({}) is None
    assert place_here(own | by_torchrun | {"RANK": "0", "WORLD_SIZE": "1"}) is None
    for wrong in ({"RANK": "x"}, {"RANK": "4"}, {"RANK": "-1"}, {"WORLD_SIZE": "0"}):
        with pytest.raises(UserError, match="not the place of a process"):
            place_here(own | by_torchrun | wrong)


def test_more_processes_than_samples_are_refused() -> None:
    refuse_crowd(4, 4)
    with pytest.raises(UserError, match="8 processes cannot share a batch of 4"):
        refuse_crowd(8, 4)


def test_processes_are_noted_where_their_number_changes() -> None:
    assert with_processes(((0, 4),), 10, 4) == ((0, 4),)
    assert with_processes(((0, 4),), 10, 2) == ((0, 4), (10, 2))
    assert with_processes(((0, 4), (10, 2)), 10, 1) == ((0, 4), (10, 1))
    assert with_processes(((0, 4),), 0, 1) == ((0, 1),)
