"""Programs that show sentences of `mlp/device` to be true."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from unittest import mock

from lessons.proof.claims import Claim


def auto_order() -> bool:
    """What `choose` takes for auto with two CUDA devices and MPS, with MPS alone, with neither."""
    import torch

    from engine import devices

    def chosen(cuda: int, mps: bool) -> str:
        with (
            mock.patch.object(devices, "cuda_faults", return_value=("",) * cuda),
            mock.patch.object(torch.backends.mps, "is_available", return_value=mps),
        ):
            return str(devices.choose("auto"))

    found = [chosen(2, True), chosen(2, False), chosen(0, True), chosen(0, False)]
    return found == ["cuda:0", "cuda:0", "mps", "cpu"]


def module_itself() -> bool:
    """What nn.Linear.to returns."""
    import torch

    net = torch.nn.Linear(2, 1)
    return net.to("meta") is net


def already_there() -> bool:
    """A tensor on the CPU moved to the CPU."""
    import torch

    X = torch.ones(2)
    return X.to("cpu") is X


def _error(program: Callable[[], object]) -> str:
    """What PyTorch says against a program; empty if nothing."""
    try:
        program()
    except RuntimeError as error:
        return str(error)
    return ""


def two_devices() -> bool:
    """A sum of tensors on two devices raises an error, also with a single number in an axis."""
    import torch

    there = torch.ones(4, 2, device="meta")
    return bool(_error(lambda: there + torch.ones(4, 2)) and _error(lambda: there + torch.ones(1)))


def zero_dim() -> bool:
    """A tensor on another device times, and plus, torch.tensor(0.5) on the CPU."""
    import torch

    there, number = torch.ones(4, 2, device="meta"), torch.tensor(0.5)
    return all(made.device.type == "meta" for made in (there * number, number + there))


def cpu_index() -> bool:
    """Entries of a tensor on another device picked by indices, and by a mask, on the CPU."""
    import torch

    there = torch.ones(4, 2, device="meta")
    picked = there[torch.tensor([0, 1])], there[torch.tensor([True, False, True, True])]
    return all(made.device.type == "meta" for made in picked)


def parameters_replaced() -> bool:
    """The weight of a layer moved to meta is another object, so an optimiser keeps the old one."""
    import torch

    net = torch.nn.Linear(2, 1)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    net.to("meta")
    held = optimizer.param_groups[0]["params"]
    return all(param.device.type == "cpu" for param in held) and net.weight.device.type == "meta"


def names_both() -> bool:
    """The message for a batch on the CPU and a layer on another device."""
    import torch

    net = torch.nn.Linear(2, 1).to("meta")
    told = _error(lambda: net(torch.ones(4, 2)))
    return "cpu" in told and "meta" in told


def quarter() -> bool:
    """The bytes that the program copies, beside those of the same images as float32."""
    import torch

    from lessons.course.mlp.device.programs import mean_pixel

    _, copied = mean_pixel(torch.device("cpu"))
    return 4 * copied == torch.empty(1000, 28, 28, device="meta").nbytes


def drawn_on_cpu() -> bool:
    """The generator with which every recipe draws, for a device that is not the CPU."""
    import torch

    from engine.recipes import plumbing
    from engine.training.task import Source

    with mock.patch.object(plumbing, "choose", return_value=torch.device("meta")):
        begin = plumbing.start({"seed": 0}, Source("cuda"))
    return begin.device.type == "meta" and begin.generator.device.type == "cpu"


def threads_round() -> bool:
    """A sum and a product of the same numbers, by one thread and by two."""
    import torch

    numbers = torch.randn(1_000_000, generator=torch.Generator().manual_seed(0))
    before, found = torch.get_num_threads(), []
    try:
        for threads in (1, 2):
            torch.set_num_threads(threads)
            found.append((float(numbers.sum()), float(numbers @ numbers)))
    finally:
        torch.set_num_threads(before)
    one, two = found
    return one != two and all(
        math.isclose(a, b, rel_tol=1e-3) for a, b in zip(one, two, strict=True)
    )


def differences_grow() -> bool:
    """Two trainings that differ in one last bit, 300 updates with the rate 1, and with 4."""
    from lessons.course.mlp.device.programs import trained_twice

    def agree(rate: float, tolerance: float) -> bool:
        one, other = trained_twice(rate, 300)
        return all(math.isclose(a, b, rel_tol=tolerance) for a, b in zip(one, other, strict=True))

    return agree(1.0, 1e-3) and not agree(4.0, 1e-2)


def same_run() -> bool:
    """A training run twice, on one thread: all losses are the same numbers."""
    import torch

    from lessons.course.mlp.device.programs import trained_twice

    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        return trained_twice(4.0, 50) == trained_twice(4.0, 50)
    finally:
        torch.set_num_threads(before)


def mps_kinds() -> bool:
    """int64 and float64 on MPS; where there is none, the kinds that PyTorch translates for it."""
    import torch

    if torch.backends.mps.is_available():
        torch.ones(2, dtype=torch.int64).to("mps")
        try:
            torch.ones(2, dtype=torch.float64).to("mps")
        except TypeError:
            return True
        return False
    torch_files = find_spec("torch")
    assert torch_files is not None
    assert torch_files.origin is not None
    source = Path(torch_files.origin).parent / "_inductor" / "codegen" / "mps.py"
    table = re.search(r"DTYPE_TO_METAL = \{(.*?)\}", source.read_text("utf-8"), re.DOTALL)
    assert table is not None
    kinds = set(re.findall(r"torch\.(\w+):", table[1]))
    return "int64" in kinds and not kinds & {"float64", "double"}


def grows_with_batch() -> bool:
    """Bytes that a forward pass keeps: they grow with the batch; those of gradients do not."""
    import torch

    net = torch.nn.Sequential(torch.nn.Linear(20, 50), torch.nn.ReLU(), torch.nn.Linear(50, 3))

    def kept(samples: int) -> int:
        sizes: dict[int, int] = {}

        def note(tensor: torch.Tensor) -> torch.Tensor:
            sizes[tensor.data_ptr()] = tensor.nbytes
            return tensor

        with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
            net(torch.ones(samples, 20)).sum()
        weights = {param.data_ptr() for param in net.parameters()}
        return sum(size for place, size in sizes.items() if place not in weights)

    def gradients(samples: int) -> int:
        net.zero_grad()
        net(torch.ones(samples, 20)).sum().backward()
        return sum(param.grad.nbytes for param in net.parameters() if param.grad is not None)

    return kept(40) == 4 * kept(10) > 0 and gradients(40) == gradients(10)


def loss_is_empty() -> bool:
    """Parameters and buffers of nn.CrossEntropyLoss()."""
    import torch

    loss_fn = torch.nn.CrossEntropyLoss()
    return not list(loss_fn.parameters()) and not list(loss_fn.buffers())


def weight_is_buffer() -> bool:
    """The buffers of nn.CrossEntropyLoss with weights, before and after `.to`."""
    import torch

    loss_fn = torch.nn.CrossEntropyLoss(weight=torch.tensor([1.0, 3.0]))
    before = {name: held.device.type for name, held in loss_fn.named_buffers()}
    after = {name: held.device.type for name, held in loss_fn.to("meta").named_buffers()}
    return before == {"weight": "cpu"} and after == {"weight": "meta"}


CLAIMS: Mapping[str, Claim] = {
    "auto-order": auto_order,
    "module-itself": module_itself,
    "already-there": already_there,
    "two-devices": two_devices,
    "zero-dim": zero_dim,
    "cpu-index": cpu_index,
    "parameters-replaced": parameters_replaced,
    "names-both": names_both,
    "quarter": quarter,
    "drawn-on-cpu": drawn_on_cpu,
    "threads-round": threads_round,
    "differences-grow": differences_grow,
    "same-run": same_run,
    "mps-kinds": mps_kinds,
    "grows-with-batch": grows_with_batch,
    "loss-is-empty": loss_is_empty,
    "weight-is-buffer": weight_is_buffer,
}
