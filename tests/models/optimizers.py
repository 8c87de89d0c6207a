"""Models of Keras and PyTorch in the middle of their training, and what becomes of them within some steps more."""

import json
import sys
from pathlib import Path

import keras
import numpy as np
import torch
from torch import nn

import gradient_clinic

torch.set_num_threads(1)

BEFORE, AFTER, BATCH = 7, 5, 32
rng = np.random.default_rng(3)
X = rng.normal(size=(BATCH, 6)).astype(np.float32)
Y = rng.normal(size=(BATCH, 3)).astype(np.float32)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        # A bias in front of a norm has a gradient of mere rounding.
        self.first, self.norm = nn.Linear(6, 5, bias=False), nn.BatchNorm1d(5)
        self.second, self.last = nn.Linear(5, 5), nn.Linear(5, 3)

    def forward(self, x):
        x = torch.tanh(self.norm(self.first(x)))
        return self.last(x + torch.tanh(self.second(x)))


TORCH = {
    "SGD": lambda p: torch.optim.SGD(p, lr=0.05),
    "SGD with momentum": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9),
    "Nesterov": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.8, nesterov=True),
    "Adam": lambda p: torch.optim.Adam(p, lr=0.01),
    "AdamW": lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.1),
    "NAdam": lambda p: torch.optim.NAdam(p, lr=0.01),
    "RMSprop": lambda p: torch.optim.RMSprop(p, lr=0.01),
    "Adagrad": lambda p: torch.optim.Adagrad(p, lr=0.05),
    "Adadelta": lambda p: torch.optim.Adadelta(p, lr=1.0),
}
KERAS = {
    "SGD": lambda: keras.optimizers.SGD(0.05),
    "SGD with momentum": lambda: keras.optimizers.SGD(0.05, momentum=0.9),
    "Nesterov": lambda: keras.optimizers.SGD(0.05, momentum=0.8, nesterov=True),
    "Adam": lambda: keras.optimizers.Adam(0.01),
    "AdamW": lambda: keras.optimizers.AdamW(0.01, weight_decay=0.1),
    "Nadam": lambda: keras.optimizers.Nadam(0.01),
    "RMSprop": lambda: keras.optimizers.RMSprop(0.01),
    "Adagrad": lambda: keras.optimizers.Adagrad(0.05),
    "Adadelta": lambda: keras.optimizers.Adadelta(1.0),
    "Adam, h5": lambda: keras.optimizers.Adam(0.01),
}


def torch_pair(name, make, folder):
    torch.manual_seed(5)
    model = Net()
    optimizer = make(model.parameters())
    x, y = torch.from_numpy(X), torch.from_numpy(Y)

    def train(steps):
        for _ in range(steps):
            optimizer.zero_grad()
            nn.functional.mse_loss(model(x), y).backward()
            optimizer.step()

    files = []
    for steps, when in ((BEFORE, "before"), (AFTER, "after")):
        train(steps)
        files.append(f"torch {name} {when}.safetensors")
        gradient_clinic.export(model, x, folder / files[-1], optimizer=optimizer, loss=nn.MSELoss())
    return files


def keras_pair(name, make, folder):
    keras.utils.set_random_seed(5)
    given = keras.Input((6,))
    inner = keras.Sequential([keras.Input((5,)), keras.layers.Dense(4), keras.layers.Dense(5, activation="tanh")])
    left = keras.layers.BatchNormalization()(keras.layers.Dense(5, use_bias=False)(given))
    right = inner(keras.layers.Dense(5, activation="tanh")(given))
    out = keras.layers.Dense(3)(keras.layers.Add()([left, right]))
    model = keras.Model(given, out)
    model.compile(make(), "mse")
    files = []
    for steps, when in ((BEFORE, "before"), (AFTER, "after")):
        for _ in range(steps):
            model.train_on_batch(X, Y)
        files.append(f"keras {name} {when}.{'h5' if 'h5' in name else 'keras'}")
        model.save(folder / files[-1])
    return files


def main():
    folder = Path(sys.argv[1])
    told = [
        *({"name": f"PyTorch: {name}", "files": torch_pair(name, make, folder)} for name, make in TORCH.items()),
        *({"name": f"Keras: {name}", "files": keras_pair(name, make, folder)} for name, make in KERAS.items()),
    ]
    data = {"steps": AFTER, "x": X.ravel().tolist(), "y": Y.ravel().tolist()}
    (folder / "optimizers.json").write_text(json.dumps({"pairs": told, **data}))


if __name__ == "__main__":
    main()
