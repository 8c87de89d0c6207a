"""Times trainings of PyTorch with and without a recording: a line with a model's name in, a line of JSON out.

The answer has milliseconds per step: without a recording, with every tenth step recorded, and with every step. All
three train copies of one model in turn, in pieces of ten steps, so that what else the machine does falls on all alike.
"""

import copy
import json
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / "recorder"), str(HERE.parents[1] / "recorder" / "tests")]

import torch  # noqa: E402

import gradient_clinic as gc  # noqa: E402
import trainings as t  # noqa: E402

PIECE = 10


def words(length):
    return lambda: t.words(batch=32, length=length, symbols=256)


def images():
    y = torch.randint(10, (64,))
    return torch.randn(64, 3, 32, 32), y


# Small, but as large as people train on a laptop.
MODELS = {
    "MLP, 4 × 256, batch 128": (lambda: t.MLP(depth=4, width=256), lambda: t.numbers(batch=128), t.mse, 20),
    "ResNet-20, 32 × 32, batch 64": (lambda: t.ResNet(blocks=3, width=16), images, t.classes, 2),
    "LSTM language model, 128, T 64": (lambda: t.LSTMModel(symbols=256, width=128), words(64), t.classes, 4),
    "transformer, 4 × 128, pre-LN": (
        lambda: t.Transformer(layers=4, width=128, symbols=256, length=64),
        words(64),
        t.classes,
        4,
    ),
    "transformer, 4 × 128, post-LN": (
        lambda: t.Transformer(layers=4, width=128, symbols=256, length=64, pre=False),
        words(64),
        t.classes,
        4,
    ),
    "critic, 4 × 256, batch 256": (
        lambda: t.Critic(width=256),
        lambda: (torch.randn(256, 2), None),
        lambda output, _: output.mean(),
        20,
    ),
}
WAYS = {"plain": None, "tenth": 10, "each": 1}


def steps(model, optimizer, batches, loss):
    start = time.perf_counter()
    for x, y in batches:
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()
    return 1000 * (time.perf_counter() - start) / len(batches)


def measured(name, folder):
    make, data, loss, pieces = MODELS[name]
    torch.manual_seed(1)
    first = make()
    arms = {}
    for way, every in WAYS.items():
        model = copy.deepcopy(first)
        optimizer = torch.optim.Adam(model.parameters(), 1e-4)
        watch = gc.watch(model, optimizer, path=f"{folder}/{way}.gcrec", every=every) if every else None
        arms[way] = (model, optimizer, watch)
    times = {way: 0.0 for way in WAYS}
    # The first piece is no part: each of a recording's first steps gets figures.
    for piece in range(pieces + 1):
        batches = [data() for _ in range(PIECE)]
        for way, (model, optimizer, _) in arms.items():
            ms = steps(model, optimizer, batches, loss)
            if piece:
                times[way] += ms / pieces
    for _, _, watch in arms.values():
        if watch:
            watch.stop()
    return times


if __name__ == "__main__":
    print(json.dumps({"names": list(MODELS), "torch": torch.__version__}), flush=True)
    for line in sys.stdin:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(measured(line.rstrip("\n"), folder)), flush=True)
