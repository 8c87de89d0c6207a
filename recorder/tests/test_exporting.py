"""Models that can't be written: the reason, where it is, and what to do."""

import gradient_clinic as gc
import pytest
import torch
import torch.nn as nn
from gradient_clinic.exporting import ExportError
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
