"""Models that can't be written: the reason, where it is, and what to do. Schedules: what the file tells of them."""

import json

import gradient_clinic as gc
import pytest
import torch
import torch.nn as nn
from gradient_clinic.exporting import ExportError
from torch.optim.lr_scheduler import ChainedScheduler, LinearLR, MultiStepLR, SequentialLR, StepLR
from trainings import MLP, sgd


class Decides(nn.Module):
    def forward(self, x):
        if x.sum() > 0:
            return x
        return -x


class Reads(nn.Module):
    def forward(self, x):
        return torch.from_numpy(x.detach().numpy() * 2)


class Breaks(nn.Module):
    def forward(self, x):
        return x + len([1 for _ in map(float, x)])


class Several(nn.Module):
    def forward(self, x):
        return x, x


class TwoInputs(nn.Module):
    def forward(self, x, mask):
        return x * mask


class Nothing(nn.Module):
    def forward(self, x):
        return None


SAMPLE = torch.randn(4, 8)
REFUSED = {
    "a list as sample": (MLP(), [SAMPLE], {}, ["sample is of list"], "give one tensor"),
    "a number as sample": (MLP(), torch.tensor(1.0), {}, ["the shape []"], "examples along its first axis"),
    "a decision": (Decides(), SAMPLE, {}, ["test_exporting.py:", "if x.sum() > 0:"], "torch.where"),
    "NumPy inside": (Reads(), SAMPLE, {}, ["by numpy()", "test_exporting.py:", "x.detach().numpy()"], "tensors alone"),
    "numbers out of it": (Breaks(), SAMPLE, {}, ["Breaks", "test_exporting.py:", "map(float, x)"], "write that line"),
    "several outputs": (Several(), SAMPLE, {}, ["Several gives"], "return the one that the loss reads"),
    "no output": (Nothing(), SAMPLE, {}, ["Nothing gives no tensor"], "return the one that the loss reads"),
    "several inputs": (TwoInputs(), SAMPLE, {}, ["(x, mask)"], "give the others a default"),
    "a compiled model": (torch.jit.script(nn.Linear(8, 2)), SAMPLE, {}, ["compiled by torch.jit"], "was given"),
    "a loss without a name": (MLP(), SAMPLE, {"loss": 3}, ["loss is of int"], "nn.CrossEntropyLoss()"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_model_that_is_refused(kind, tmp_path):
    model, sample, options, what, instead = REFUSED[kind]
    path = tmp_path / "model.safetensors"
    with pytest.raises(ExportError) as raised:
        gc.export(model, sample, str(path), optimizer=sgd(MLP(), 0.1), **options)
    said, _, advice = str(raised.value).rpartition(": ")
    if "gradient_clinic.watch(" in advice:
        said, _, advice = said.rpartition(": ")
    assert all(part in said for part in what), said
    assert instead in advice
    assert not path.exists()
    # The model is left as it was.
    assert model.training


def _told(make, tmp_path):
    """What the file says of a schedule that `make` makes for an optimizer."""
    model, path = MLP(), tmp_path / "model.safetensors"
    optimizer = sgd(model, 0.1)
    gc.export(model, SAMPLE, str(path), optimizer=optimizer, schedule=make(optimizer))
    raw = path.read_bytes()
    header = json.loads(raw[8 : 8 + int.from_bytes(raw[:8], "little")])
    return json.loads(header["__metadata__"]["gradient_clinic"])["schedule"]


def test_milestones_that_are_counted_are_told_in_order_each_as_often_as_it_counts(tmp_path):
    told = _told(lambda o: MultiStepLR(o, [80, 30, 80], gamma=0.5), tmp_path)
    assert told["name"] == "MultiStepLR"
    assert told["settings"]["milestones"] == [30, 80, 80]
    assert told["settings"]["gamma"] == 0.5
    assert "parts" not in told


def test_a_schedule_of_several_tells_each_and_where_it_ends(tmp_path):
    def make(o):
        return SequentialLR(o, [LinearLR(o, 0.01, total_iters=5), MultiStepLR(o, [20, 9])], milestones=[5])

    told = _told(make, tmp_path)
    assert told["name"] == "SequentialLR"
    assert told["settings"]["milestones"] == [5]
    warm, then = told["parts"]
    assert (warm["name"], warm["settings"]["start_factor"], warm["settings"]["total_iters"]) == ("LinearLR", 0.01, 5)
    assert (then["name"], then["settings"]["milestones"]) == ("MultiStepLR", [9, 20])


def test_schedules_at_once_tell_each_without_points_between(tmp_path):
    told = _told(lambda o: ChainedScheduler([LinearLR(o, 0.5), MultiStepLR(o, [7])]), tmp_path)
    assert [part["name"] for part in told["parts"]] == ["LinearLR", "MultiStepLR"]
    assert "milestones" not in told["settings"]


def test_a_schedule_without_parts_or_milestones_tells_neither(tmp_path):
    told = _told(lambda o: StepLR(o, 10), tmp_path)
    assert (told["name"], told["settings"]["step_size"]) == ("StepLR", 10)
    assert "parts" not in told and "milestones" not in told["settings"]
