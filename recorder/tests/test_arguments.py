"""What `watch` is given, and where it writes: refused in words, with no broken file left and the training untouched."""

import builtins
import os
import subprocess
import sys
from pathlib import Path

import gradient_clinic as gc
import pytest
import torch
import torch.nn as nn
from conftest import Recording
from gradient_clinic import recording as files
from trainings import MLP, mse, numbers, sgd


def step(model, optimizer):
    optimizer.zero_grad()
    mse(model(numbers()[0]), numbers()[1]).backward()
    optimizer.step()


class Around:
    """An optimizer with a schedule of its own around it, as papers have it."""

    def __init__(self, optimizer):
        self.optimizer = optimizer

    def step(self):
        self.optimizer.step()


class Empty(nn.Module):
    def forward(self, x):
        return x


REFUSED = {
    "a list with none": (lambda m, o: (m, [o, None]), "no optimizer was given"),
    "no optimizer": (lambda m, o: (m, None), "no optimizer was given"),
    "an empty list": (lambda m, o: (m, []), "no optimizer was given"),
    "the class of an optimizer": (lambda m, o: (m, torch.optim.Adam), "the class Adam"),
    "a scaler": (lambda m, o: (m, torch.amp.GradScaler("cpu")), "a GradScaler"),
    "parameters": (lambda m, o: (m, m.parameters()), "a generator"),
    "two models": (lambda m, o: (m, MLP()), "the optimizer is a model"),
    "no model": (lambda m, o: (None, o), "the model is None"),
    "the class of a model": (lambda m, o: (MLP, o), "model = MLP("),
    "a function": (lambda m, o: (lambda x: x, o), "the model is the function"),
    "a list of models": (lambda m, o: ([m, MLP()], o), "watch once for each model"),
    "the wrong way round": (lambda m, o: (o, m), "watch(model, optimizer)"),
    "a model of nothing": (lambda m, o: (Empty(), o), "Empty has no parameters"),
    "a lazy model": (lambda m, o: (nn.Sequential(nn.LazyLinear(3)), o), "call the model once on a batch"),
    "a scripted model": (lambda m, o: (torch.jit.script(m), o), "made by torch.jit"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_watched_is_refused_in_words(case, tmp_path, capfd):
    make, words = REFUSED[case]
    model = MLP()
    optimizer = sgd(model, 0.1)
    w = gc.watch(*make(model, optimizer), path=tmp_path / "a.gcrec")
    step(model, optimizer)
    w.stop()
    said = capfd.readouterr().err
    assert words in said and "the recorder is off" in said and "the training goes on" in said
    assert "AttributeError" not in said and os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    "given", [lambda o: [o], lambda o: (o,), Around, lambda o: torch.optim.lr_scheduler.StepLR(o, 1)]
)
def test_what_holds_one_optimizer_is_taken_for_it(given, record):
    def run(path):
        model = MLP()
        optimizer = sgd(model, 0.1)
        w = gc.watch(model, given(optimizer), path=path)
        step(model, optimizer)
        w.stop()

    assert record(run).schema["optimizer"] == "SGD"


@pytest.mark.parametrize(("every", "frames"), [(0, 3), (-3, 3), (2.0, 3), (1e9, 3), ("often", None), (None, None)])
def test_every(every, frames, tmp_path, capfd):
    model = MLP()
    optimizer = sgd(model, 0.1)
    path = tmp_path / "a.gcrec"
    w = gc.watch(model, optimizer, path=path, every=every)
    for _ in range(3):
        step(model, optimizer)
    w.stop()
    assert (len(Recording(path).frames) if path.exists() else None) == frames
    assert ("give a number of steps" in capfd.readouterr().err) == (frames is None)


def test_a_path_that_cannot_be_used_is_refused_in_words(tmp_path, capfd):
    model = MLP()
    optimizer = sgd(model, 0.1)
    (tmp_path / "old.gcrec").write_bytes(b"kept")
    for path, words in [
        (tmp_path, "is a folder"),
        (tmp_path / "old.gcrec", "is there already"),
        (3, "give the name of a file"),
        (tmp_path / "old.gcrec" / "b.gcrec", "can't be written"),
    ]:
        gc.watch(model, optimizer, path=path)
        step(model, optimizer)
        assert words in capfd.readouterr().err
    assert (tmp_path / "old.gcrec").read_bytes() == b"kept" and os.listdir(tmp_path) == ["old.gcrec"]


def test_a_training_that_makes_no_step_leaves_no_file(tmp_path, capfd):
    model = MLP()
    w = gc.watch(model, sgd(model, 0.1), path=tmp_path / "a.gcrec")
    w.stop()
    assert "nothing was written" in capfd.readouterr().err and os.listdir(tmp_path) == []


class Full:
    """A file on a disk that has room for so many bytes more."""

    def __init__(self, file, room):
        self._file, self._room = file, room

    def write(self, data):
        room, self._room = self._room, max(0, self._room - len(data))
        if data and not room:
            raise OSError(28, "No space left on device")
        return self._file.write(data[:room])

    def __getattr__(self, name):
        return getattr(self._file, name)


@pytest.mark.parametrize("room", [0, 5, 100, 6000])
def test_a_full_disk_leaves_a_whole_file_or_none(room, tmp_path, capfd, monkeypatch):
    monkeypatch.setattr(files, "open", lambda *a, **k: Full(builtins.open(*a, **k), room), raising=False)
    model = MLP()
    optimizer = sgd(model, 0.1)
    path = tmp_path / "a.gcrec"
    w = gc.watch(model, optimizer, path=path)
    for _ in range(10):
        step(model, optimizer)
    w.stop()
    assert "No space left on device" in capfd.readouterr().err
    assert path.exists() == (room > 5000)
    if path.exists():
        assert Recording(path).frames


def test_two_trainings_that_begin_at_once_have_files_of_their_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("time.strftime", lambda _: "now")
    pairs = [(m := MLP(), sgd(m, 0.1)) for _ in range(2)]
    watches = [gc.watch(*pair) for pair in pairs]
    for pair in pairs:
        step(*pair)
    for w in watches:
        w.stop()
        assert Recording(w.path).done
    assert len({w.path for w in watches}) == 2


def test_a_training_that_is_watched_anew_ends_the_watch_before(tmp_path):
    model = MLP()
    optimizer = sgd(model, 0.1)
    first = gc.watch(model, optimizer, path=tmp_path / "a.gcrec")
    step(model, optimizer)
    second = gc.watch(model, optimizer, path=tmp_path / "b.gcrec")
    step(model, optimizer)
    second.stop()
    first.stop()
    assert [Recording(w.path).done for w in (first, second)] == [[{"step": 1, "state": "stopped"}]] * 2
    assert not any(m._forward_hooks for m in model.modules())


def test_what_comes_before_the_description_is_behind_it(record):
    """The first steps of a scaler are mostly skipped: their gradients are infinite."""

    def run(path):
        model = MLP()
        optimizer = sgd(model, 0.1)
        scaler = torch.amp.GradScaler("cpu", init_scale=1e38)
        w = gc.watch(model, optimizer, path=path)
        for _ in range(2):
            optimizer.zero_grad()
            scaler.scale(1e6 * mse(model(numbers()[0]), numbers()[1])).backward()
            scaler.step(optimizer)
            scaler.update()
        w.stop()

    recording = record(run)
    assert recording.chunks[0][0] == b"SCHM"
    assert [e["kind"] for e in recording.events][0] == "skipped" and recording.events[0]["step"] == 0


ENDED = """
import os, sys
import torch
from trainings import MLP, adam, numbers, mse
import gradient_clinic as gc
model = MLP()
optimizer = adam(model)
gc.watch(model, optimizer, path=sys.argv[1])
for step in range(9):
    if step == int(sys.argv[3]):
        {end}
    optimizer.zero_grad()
    mse(model(numbers()[0]), numbers()[1]).backward()
    optimizer.step()
"""
ENDS = {
    "an error": "raise ValueError('of the training')",
    "the user": "raise KeyboardInterrupt",
    "exit": "sys.exit(3)",
    "a copy of the process": "os.fork() or sys.exit(0)",
}


@pytest.mark.parametrize("step_of_end", [0, 4])
@pytest.mark.parametrize("end", ENDS)
def test_a_program_that_ends_early_leaves_a_whole_file_or_none(end, step_of_end, tmp_path):
    path = tmp_path / "a.gcrec"
    here = Path(__file__).parent
    ran = subprocess.run(
        [sys.executable, "-c", ENDED.replace("{end}", ENDS[end]), str(path), "", str(step_of_end)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(here), *sys.path]), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    said = ran.stderr
    assert "recorder is off" not in said
    if end == "a copy of the process":
        assert Recording(path).done == [{"step": 9, "state": "finished"}]
    elif step_of_end:
        assert Recording(path).done == [{"step": 4, "state": "finished"}]
    else:
        assert not path.exists() and "nothing was written" in said
