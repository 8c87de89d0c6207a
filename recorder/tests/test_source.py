"""The line that is told of a module is the one that makes it, and none where that can't be told."""

import sys
from collections import OrderedDict

import gradient_clinic as gc
import gradient_clinic.source as source
import pytest
import torch
import torch.nn as nn


def lines(model):
    """The text of the line that is told of each module."""
    found = source.Sources(model, sys._getframe(1))
    return {name: source.line_of(found.of(name)) for name, _ in model.named_modules() if name}


class Base(nn.Module):
    def __init__(self, wide=False):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(2, 3),
            nn.ReLU(),
        )
        if wide:
            self.head = nn.Linear(3, 9)
        else:
            self.head = nn.Linear(3, 1)


class Inherits(Base):
    def __init__(self):
        super().__init__()
        self.more = nn.Linear(2, 2)


class Lists(nn.Module):
    def __init__(this):  # noqa: N805
        super().__init__()
        this.comprehension = nn.ModuleList([nn.Linear(2, 2) for _ in range(2)])
        this.by_name = nn.ModuleDict({
            "a": nn.Linear(1, 1),
            "b": nn.Conv1d(1, 1, 1),
        })  # fmt: skip
        rows = []
        for _ in range(2):
            rows.append(nn.Linear(4, 4))
        this.starred = nn.Sequential(*rows)
        this.grown = nn.ModuleList()
        for _ in range(2):
            this.grown.append(nn.Linear(5, 5))
        this.add_module("added", nn.Linear(6, 6))
        for i in range(2):
            setattr(this, f"fc{i}", nn.Linear(7, 7))
        this.left, this.right = nn.Linear(1, 1), nn.Conv1d(2, 2, 1)
        this.tower = this.make(3)

    def make(this, n):  # noqa: N805
        return nn.Sequential(nn.Linear(n, n), nn.ReLU())


def test_the_modules_of_a_class():
    assert lines(Base(True))["head"] == "self.head = nn.Linear(3, 9)"
    assert lines(Base())["head"] == "self.head = nn.Linear(3, 1)"
    inherited = lines(Inherits())
    assert inherited["net.0"] == "nn.Linear(2, 3)," and inherited["head"] == "self.head = nn.Linear(3, 1)"
    assert inherited["more"] == "self.more = nn.Linear(2, 2)"


def test_modules_in_lists_dictionaries_loops_and_methods():
    found = lines(Lists())
    assert found["comprehension.1"].startswith("this.comprehension = ")
    assert found["by_name.a"] == '"a": nn.Linear(1, 1),' and found["by_name.b"] == '"b": nn.Conv1d(1, 1, 1),'
    assert found["starred.1"] == "rows.append(nn.Linear(4, 4))"
    assert found["grown.0"] == "this.grown.append(nn.Linear(5, 5))"
    assert found["added"] == 'this.add_module("added", nn.Linear(6, 6))'
    assert found["fc1"] == 'setattr(this, f"fc{i}", nn.Linear(7, 7))'
    assert found["right"].startswith("this.left, this.right = ")
    assert found["tower.0"] == "return nn.Sequential(nn.Linear(n, n), nn.ReLU())"


def one():
    model = nn.Sequential(nn.Linear(2, 2), nn.Tanh())
    return lines(model)


def other():
    model = nn.Sequential(nn.Linear(2, 9), nn.Tanh())
    return lines(model)


def test_two_models_of_one_name_in_two_functions():
    assert one()["0"] == "model = nn.Sequential(nn.Linear(2, 2), nn.Tanh())"
    assert other()["0"] == "model = nn.Sequential(nn.Linear(2, 9), nn.Tanh())"


def test_two_models_of_one_name_in_one_function():
    model = nn.Sequential(nn.Linear(2, 1), nn.Tanh())
    first = lines(model)
    model = nn.Sequential(nn.Linear(2, 8), nn.Tanh())
    assert first["1"] == "model = nn.Sequential(nn.Linear(2, 1), nn.Tanh())"
    assert lines(model)["1"] == "model = nn.Sequential(nn.Linear(2, 8), nn.Tanh())"


def built(n):
    layers = []
    for _ in range(n):
        layers += [nn.Linear(4, 4), nn.ReLU()]
    layers.append(nn.Linear(4, 1))
    return nn.Sequential(*layers)


def watched(m):
    return lines(m)


def test_factories_containers_and_callers():
    model = built(2).to("cpu")
    found = lines(model)
    assert found["2"] == "layers += [nn.Linear(4, 4), nn.ReLU()]" and found["4"] == "layers.append(nn.Linear(4, 1))"
    nets = {
        "g": nn.Sequential(nn.Linear(1, 1)),
        "d": nn.Sequential(nn.Linear(2, 2)),
    }
    assert lines(nets["d"])["0"] == '"d": nn.Sequential(nn.Linear(2, 2)),'
    gen, disc = nn.Sequential(nn.Linear(1, 1)), nn.Sequential(nn.Linear(2, 2), nn.ReLU())
    assert lines(disc)["1"].startswith("gen, disc = ") and gen is not disc
    named = nn.Sequential(OrderedDict([
        ("fc1", nn.Linear(1, 2)),
        ("fc2", nn.Linear(2, 1)),
    ]))  # fmt: skip
    assert lines(named)["fc2"] == '("fc2", nn.Linear(2, 1)),'
    passed = nn.Sequential(nn.Linear(3, 1))
    assert watched(passed)["0"] == "passed = nn.Sequential(nn.Linear(3, 1))"


def test_a_class_that_stands_twice_in_a_file():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(1, 1)

    first = Net

    class Net(nn.Module):  # noqa: F811
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(2, 2)

    assert lines(first())["fc"] == "self.fc = nn.Linear(1, 1)"
    assert lines(Net())["fc"] == "self.fc = nn.Linear(2, 2)"


@pytest.mark.parametrize("width", [3, 4])
def test_what_cannot_be_told_has_no_line(width):
    """Two branches that look alike, and code that has no file."""

    class Net(nn.Module):
        def __init__(self, n):
            super().__init__()
            if n > 3:
                self.fc = nn.Linear(n, n)
            else:
                self.fc = nn.Linear(n, n)

    assert lines(Net(width))["fc"] == ""
    scope = {"nn": nn}
    exec("class Made(nn.Module):\n def __init__(s):\n  super().__init__()\n  s.fc = nn.Linear(1, 1)", scope)
    assert lines(scope["Made"]())["fc"] == ""


def test_code_that_cannot_be_followed_costs_the_lines_and_not_the_recording(record, monkeypatch):
    def fails(*_):
        raise KeyError("code of a kind that nobody has thought of")

    monkeypatch.setattr(source.Sources, "of", fails)

    def run(path):
        model = nn.Sequential(nn.Linear(2, 2))
        optimizer = torch.optim.SGD(model.parameters(), 0.1)
        gc.watch(model, optimizer, path=path)
        model(torch.ones(3, 2)).sum().backward()
        optimizer.step()

    recording = record(run)
    assert list(recording.frames) == [0] and "line" not in recording.module("0") and recording.events == []
