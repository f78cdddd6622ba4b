"""Programs that show sentences of `frameworks/tensors` to be true."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from lessons.course.frameworks.first_steps import losses
from lessons.proof.claims import Claim


def _is_refused(program: Callable[[], Any]) -> bool:
    """Whether PyTorch stops a program with an error."""
    try:
        program()
    except RuntimeError:
        return True
    return False


def same_in_both() -> bool:
    """Arithmetic, -=, a mask, @ and .T on the same numbers, by NumPy and by PyTorch."""
    import torch

    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    s, t = torch.from_numpy(a.copy()), torch.from_numpy(b.copy())
    alike = [
        (a + b, s + t), (a - b, s - t), (a * b, s * t), (a[b < 0], s[t < 0]),
        (a @ b.T, s @ t.T),
    ]  # fmt: skip
    first, second = a, s
    first -= b
    second -= t
    alike.append((a, s))
    return all(np.allclose(array, tensor.numpy()) for array, tensor in alike)


def matmul_as_strict() -> bool:
    """torch.matmul and @ beside dot, mv, mm and bmm, on random numbers."""
    import torch

    generator = torch.Generator().manual_seed(0)

    def drawn(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    cases = (
        (torch.dot, drawn(3), drawn(3), ()),
        (torch.mv, drawn(2, 3), drawn(3), (2,)),
        (torch.mm, drawn(2, 3), drawn(3, 4), (2, 4)),
        (torch.bmm, drawn(5, 2, 3), drawn(5, 3, 4), (5, 2, 4)),
    )
    return all(
        torch.matmul(a, b).shape == shape
        and torch.allclose(torch.matmul(a, b), strict(a, b))
        and torch.equal(torch.matmul(a, b), a @ b)
        for strict, a, b, shape in cases
    )


def repeated_axes() -> bool:
    """Products with a missing batch axis and one of length 1, beside explicit copies."""
    import torch

    generator = torch.Generator().manual_seed(0)
    a = torch.randn(8, 1, 4, 3, generator=generator, dtype=torch.float64)
    b = torch.randn(5, 3, 2, generator=generator, dtype=torch.float64)
    copied = torch.matmul(a.repeat(1, 5, 1, 1), b.repeat(8, 1, 1, 1))
    return torch.allclose(torch.matmul(a, b), copied)


def lengths_clash() -> bool:
    """torch.matmul with batches of 5 and of 6 matrices raises an error."""
    import torch

    return _is_refused(lambda: torch.matmul(torch.ones(5, 2, 3), torch.ones(6, 3, 4)))


def torch_dot_strict() -> bool:
    """torch.dot refuses a matrix; np.dot takes it."""
    import torch

    refused = _is_refused(lambda: torch.dot(torch.ones(2, 3), torch.ones(3)))
    return refused and bool(np.dot(np.ones((2, 3)), np.ones(3)).shape == (2,))


def np_dot_differs() -> bool:
    """Shapes of np.dot and np.matmul for (5, 2, 3) and (5, 3, 4)."""
    a, b = np.ones((5, 2, 3)), np.ones((5, 3, 4))
    return bool(np.dot(a, b).shape == (5, 2, 5, 4) and np.matmul(a, b).shape == (5, 2, 4))


def transpose_is_a_view() -> bool:
    """t() and numpy() begin at the same place in memory as the tensor; clone() does not."""
    import torch

    w = torch.ones(200, 300)
    place = w.data_ptr()
    views = w.t().data_ptr() == place and w.numpy().ctypes.data == place
    return views and w.t().clone().data_ptr() != place


def clone_for_mask() -> bool:
    """A mask on a tensor with a second name changes both; on a clone only the clone."""
    import torch

    values, mask = torch.tensor([1.0, 2.0]), torch.tensor([True, False])
    cloned = values.clone()
    cloned[mask] = 0
    kept = values.tolist() == [1.0, 2.0]
    same = values
    same[mask] = 0
    return kept and values.tolist() == [0.0, 2.0]


def default_kinds() -> bool:
    """The kinds of np.array([1.5]), np.ones, torch.tensor([1.5]) and torch.ones."""
    import torch

    arrays = (np.array([1.5]), np.ones(1), np.random.default_rng(0).normal(size=1))
    tensors = (torch.tensor([1.5]), torch.ones(1), torch.randn(1))
    return all(array.dtype == np.float64 for array in arrays) and all(
        tensor.dtype == torch.float32 for tensor in tensors
    )


def mixed_kinds() -> bool:
    """float32 with float64: mm is refused, + and * give float64."""
    import torch

    short, long = torch.ones(2, 2), torch.ones(2, 2, dtype=torch.float64)
    sums = (short + long).dtype == (short * long).dtype == torch.float64
    return sums and _is_refused(lambda: short.mm(long))


def one_device() -> bool:
    """A sum of tensors on two devices is refused; with a 0-dim tensor on the CPU it works."""
    import torch

    there = torch.ones(2, 2, device="meta")
    refused = _is_refused(lambda: there + torch.ones(2, 2))
    return refused and (there + torch.tensor(1.0)).device.type == "meta"


def any_device() -> bool:
    """The training step of the recipe on PyTorch's device without numbers, meta."""
    import torch

    from engine.recipes.two_layer_tensors import train_step

    x, y, w1, w2 = (
        torch.empty(*shape, device="meta") for shape in ((4, 6), (4, 2), (6, 3), (3, 2))
    )
    loss = train_step(x, y, w1, w2, 1e-6)
    return loss.device.type == "meta" and loss.shape == ()


def numpy_device() -> bool:
    """The device of an array, from NumPy 2 on."""
    return int(np.__version__.split(".")[0]) >= 2 and np.ones(2).device == "cpu"


def same_numbers() -> bool:
    """Loss and gradients of both versions in 64 bits: relative differences below 1e-12."""
    import torch

    from engine.recipes import two_layer_numpy, two_layer_tensors
    from lessons.course.frameworks.numpy.programs import start

    arrays = start("f8")[:4]
    ours = two_layer_numpy.gradients(*arrays)
    theirs = two_layer_tensors.gradients(*(torch.from_numpy(array) for array in arrays))
    apart = (
        np.abs(np.asarray(mine) - other.numpy()).max() / np.abs(np.asarray(mine)).max()
        for mine, other in zip(ours, theirs, strict=True)
    )
    return all(gap < 1e-12 for gap in apart)


def same_curve() -> bool:
    """30 steps of the recipes with NumPy and with tensors: each loss within a thousandth."""
    both = zip(losses("numpy", 30), losses("tensors", 30), strict=True)
    return all(math.isclose(a, b, rel_tol=1e-3) for a, b in both)


CLAIMS: Mapping[str, Claim] = {
    "same-in-both": same_in_both,
    "matmul-as-strict": matmul_as_strict,
    "repeated-axes": repeated_axes,
    "lengths-clash": lengths_clash,
    "torch-dot-strict": torch_dot_strict,
    "np-dot-differs": np_dot_differs,
    "transpose-is-a-view": transpose_is_a_view,
    "clone-for-mask": clone_for_mask,
    "default-kinds": default_kinds,
    "mixed-kinds": mixed_kinds,
    "one-device": one_device,
    "any-device": any_device,
    "numpy-device": numpy_device,
    "same-numbers": same_numbers,
    "same-curve": same_curve,
}
