"""The benchmarks that need GPUs, as dry runs on the CPU; and what is computed without any."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.benchmarks import gpu, ranks
from tests.unit.engine.forked import Ranks
from tests.unit.engine.small_images import write_small_sets

README = Path(__file__).parents[1] / "benchmarks" / "README.md"


def test_what_a_gpu_does_is_measured_to_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_small_sets(tmp_path, monkeypatch)
    words = "--device cpu --seconds 0.001 --turns 1 --batches 8,16 --data-dir"
    gpu.main([*words.split(), str(tmp_path)])
    told = capsys.readouterr().out
    assert told.startswith("A dry run on the CPU")
    assert len(re.findall(r"ours \S+ M/s  bare \S+ M/s  ratio", told)) == 4
    assert len(re.findall(r"streamed \S+ M/s  resident \S+ M/s  ratio", told)) == 2
    assert len(re.findall(r"busy \d+%", told)) == 4
    assert "Not run without a GPU: CUDA graphs" in told


def test_without_a_gpu_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    with pytest.raises(SystemExit, match="nothing to measure without a GPU"):
        gpu.main([])


def test_several_gpus_are_measured_to_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_small_sets(tmp_path, monkeypatch)
    words = ["--gpu", "--device", "cpu", "--batches", "8", "--updates", "2", "--data-dir"]
    group = Ranks(2, tmp_path, lambda: ranks.main([*words, str(tmp_path)]))
    assert group.wait() == [0, 0], group.err(0) + group.err(1)
    told = group.out(0).splitlines()
    assert told[0] == "a dry run on the CPU: its numbers mean nothing"
    assert [line.split()[:5] for line in told[1:]] == [
        [recipe, "batch", "8", "2", "GPUs:"] for recipe in ranks.RECIPES
    ]
    assert group.out(1) == ""


def test_one_process_alone_is_not_measured_against_itself(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert ranks.main(["--gpu", "--device", "cpu"]) == 1
    assert "this needs 2 and torchrun" in capsys.readouterr().out


def test_a_ring_sends_twice_the_gradients_but_for_one_part() -> None:
    size = 814_120  # bytes of the gradients of mlp: 4 for each of its 203 530 parameters
    fast = ranks.Link("without latency", 1e9, 0.0)
    assert ranks.all_reduce_seconds(size, 4, fast) == pytest.approx(2 * 3 / 4 * size / 1e9)
    # At the batch from which on it pays, what is saved equals what the sums take.
    link, per_sample = ranks.LINKS[0], 9e-6
    batch = ranks.paying_batch(size, 4, link, per_sample)
    assert batch * per_sample / 4 + ranks.all_reduce_seconds(size, 4, link) == pytest.approx(
        batch * per_sample
    )


def test_the_table_of_the_readme_is_what_is_computed(capsys: pytest.CaptureFixture[str]) -> None:
    assert ranks.parameter_bytes("softmax") == 4 * (784 * 10 + 10)
    ranks.compute({"mlp": 814_120}, {"mlp": 9e-6})
    rows = re.findall(r"^  (\S+ ?\d*).*?(2: .*)$", capsys.readouterr().out, re.MULTILINE)
    computed = {name: [float(n) for n in re.findall(r"batch +(\d+)", row)] for name, row in rows}
    assert len(computed) == len(ranks.LINKS)
    written = {}
    for line in README.read_text("utf-8").splitlines():
        name, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        if name.startswith(("Ethernet", "PCIe", "NVLink")):
            written[name] = [float(cell.split(",")[1].replace(" ", "")) for cell in cells]
    assert len(written) == len(computed)
    for (name, own), (_name, shown) in zip(computed.items(), written.items(), strict=True):
        assert own == pytest.approx(shown, rel=0.03), name
