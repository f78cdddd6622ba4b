"""A run as an event file of TensorBoard: its curves, its settings and what was changed.

The numbers of the fields are those of `event.proto`, `summary.proto` and `tensor.proto` of
TensorFlow, and of `api.proto` and `plugin_data.proto` of TensorBoard's hparams.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import datetime

from engine.exporting.records import double, message, record, single, text, whole
from engine.training.snapshot import EpochMetrics, SessionState, Setting, Snapshot

_VERSION = "brain.Event:2"
_STRING = 7
"""DT_STRING of `types.proto`."""
_TEXT_TYPE, _NUMBER_TYPE = 1, 3
"""DATA_TYPE_STRING and DATA_TYPE_FLOAT64."""
_STATUS = {SessionState.FINISHED: 1, SessionState.FAILED: 2}
"""STATUS_SUCCESS and STATUS_FAILURE; others are STATUS_UNKNOWN."""
_LARGEST = 3.4028234663852886e38
"""Of the 32 bits that a curve has."""
UPDATES = "loss/update"
_FIGURES = {
    "loss/train": "train_loss",
    "loss/during": "during_loss",
    "loss/validation": "validation_loss",
    "loss/test": "test_loss",
    "accuracy/train": "train_accuracy",
    "accuracy/during": "during_accuracy",
    "accuracy/validation": "validation_accuracy",
    "accuracy/test": "test_accuracy",
    "samples_per_second": "samples_per_second",
}


def file_name(ended: datetime) -> str:
    """The name by which TensorBoard knows an event file."""
    return f"events.out.tfevents.{int(ended.timestamp())}.dltutor"


def event_file(snapshot: Snapshot, ended: datetime) -> bytes:
    """The events of a run that ended at that moment; times are counted back from there.

    Curves are by update: `loss/update` of each mini-batch, what was measured after each epoch,
    `learning_rate` and `gradient_norm/LAYER`. Where neighbouring updates were merged, that loss is
    their mean, and `loss/update_min` and `loss/update_max` are beside it. Settings are hparams and
    a text, every change is a text. A loss that was not finite stays so at its update: TensorBoard
    marks it.
    """
    end = ended.timestamp()
    start = end - snapshot.seconds
    events = [record(double(1, start) + text(3, _VERSION))]
    events += [record(each) for each in _hparams(snapshot, start, end)]
    settings = dict(snapshot.started_with or snapshot.settings)
    table = ["| setting | value |", "|---|---|"]
    table += [f"| {name} | {value} |" for name, value in _facts(snapshot, settings).items()]
    events.append(record(_event(start, 0, _text("settings", "\n".join(table)))))
    for change in snapshot.changes:
        told = f"{change.setting} = {change.value}"
        events.append(record(_event(_moment(snapshot, start, change.step), change.step,
                                    _text("changes", told))))  # fmt: skip
    for step, tag, value in _curves(snapshot, settings):
        shown = math.copysign(math.inf, value) if abs(value) > _LARGEST else value
        # Value: tag 1, simple_value 2
        summary = message(1, (text(1, tag), single(2, shown)))
        events.append(record(_event(_moment(snapshot, start, step), step, summary)))
    return b"".join(events)


def _facts(snapshot: Snapshot, settings: Mapping[str, Setting]) -> dict[str, object]:
    """What the table of settings shows."""
    return {
        "run": snapshot.run,
        "recipe": snapshot.recipe,
        **settings,
        "data": snapshot.dataset,
        "device": snapshot.device,
        "processes": ", ".join(f"{count} from update {step}" for step, count in snapshot.processes),
    }


def _event(moment: float, step: int, summary: bytes) -> bytes:
    """Event: wall_time 1, step 2, summary 5."""
    return double(1, moment) + whole(2, step) + message(5, summary)


def _moment(snapshot: Snapshot, start: float, step: int) -> float:
    """When a step was made, as if all steps had taken equally long."""
    return start + snapshot.seconds * min(1.0, step / max(1, snapshot.step))


def _curves(
    snapshot: Snapshot, settings: Mapping[str, Setting]
) -> Iterator[tuple[int, str, float]]:
    """Step, tag and value of every point; the steps of one tag ascend."""
    losses = snapshot.losses
    points = [*zip(losses.steps, losses.values, strict=True)]
    points += [(step, float(name)) for step, name in losses.not_finite]
    for step, value in sorted(points, key=lambda point: point[0]):
        yield step, UPDATES, value
    if losses.most > 1:
        for tag, extremes in ((f"{UPDATES}_min", losses.lows), (f"{UPDATES}_max", losses.highs)):
            for step, extreme in zip(losses.steps, extremes, strict=False):
                if extreme is not None:
                    yield step, tag, extreme
    for row in snapshot.measured:
        for tag, name in _FIGURES.items():
            value = getattr(row, name)
            if value is not None and (row.epoch or name != "samples_per_second"):
                yield row.step, tag, value
        yield from _norms(snapshot, row)
    rates = {0: float(settings["lr"])} if "lr" in settings else {}
    rates |= {c.step: float(c.value) for c in snapshot.changes if c.setting == "lr"}
    for step, rate in sorted(rates.items()):
        yield step, "learning_rate", rate
    if rates:
        last, rate = max(rates.items())
        if snapshot.step > last:
            yield snapshot.step, "learning_rate", rate


def _norms(snapshot: Snapshot, row: EpochMetrics) -> Iterator[tuple[int, str, float]]:
    for layer, norm in zip(snapshot.layers, row.gradient_norms, strict=False):
        yield row.step, f"gradient_norm/{layer.replace(' ', '_')}", norm


def _text(tag: str, value: str) -> bytes:
    """A Value of the text plugin: a tensor of one string."""
    tensor = message(8, (whole(1, _STRING), message(2, message(2, whole(1, 1))), text(8, value)))
    return message(1, (text(1, f"{tag}/text_summary"), _metadata("text", b""), tensor))


def _metadata(plugin: str, content: bytes) -> bytes:
    """SummaryMetadata as field 9 of a Value: plugin_data 1, of plugin_name 1 and content 2."""
    return message(9, message(1, (text(1, plugin), message(2, content))))


def _hparams(snapshot: Snapshot, start: float, end: float) -> Iterator[bytes]:
    """The three events by which TensorBoard compares the settings of runs."""
    values: dict[str, Setting] = {"recipe": snapshot.recipe}
    values |= snapshot.started_with or snapshot.settings
    kinds = {name: _TEXT_TYPE if isinstance(value, str) else _NUMBER_TYPE
             for name, value in values.items()}  # fmt: skip
    infos = [message(4, (text(1, name), whole(4, kind))) for name, kind in kinds.items()]
    last = snapshot.measured[-1] if snapshot.measured else None
    metrics = [
        message(5, message(1, text(2, tag)))
        for tag, name in _FIGURES.items()
        if "/" in tag and last is not None and getattr(last, name) is not None
    ]
    pairs = [
        message(1, (text(1, name),
                    message(2, text(3, value) if isinstance(value, str) else double(2, value))))
        for name, value in values.items()
    ]  # fmt: skip
    status = _STATUS.get(snapshot.state, 0)
    ending = (whole(1, status) if status else b"") + double(2, end)
    for moment, tag, data in (
        (start, "experiment", message(2, [*infos, *metrics])),
        (start, "session_start_info", message(3, [*pairs, double(5, start)])),
        (end, "session_end_info", message(4, ending)),
    ):
        value = message(1, (text(1, f"_hparams_/{tag}"), _metadata("hparams", data)))
        yield _event(moment, 0, value)
