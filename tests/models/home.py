"""Models of PyTorch in the middle of their training, of unlike kinds, to be opened, trained on and taken home again."""

import json
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.optim import lr_scheduler as schedules

import gradient_clinic as gc

torch.set_num_threads(1)

STEPS, BATCH = 4, 8
SYMBOLS = 11


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs)
        self.conv2, self.norm2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs)
        self.short = nn.Sequential()
        if stride != 1:
            self.short = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))
        return F.relu(y + self.short(x))


class Words(nn.Module):
    """Two recurrent layers over symbols: PyTorch has two biases in each, which are added."""

    def __init__(self):
        super().__init__()
        self.embed, self.inner = nn.Embedding(SYMBOLS, 4), nn.LSTM(4, 6, num_layers=2, batch_first=True)
        self.last = nn.Linear(6, 3)

    def forward(self, x):
        y, _ = self.inner(self.embed(x))
        return self.last(y[:, -1])


class Signal(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Conv1d(3, 6, 3, padding=1), nn.BatchNorm1d(6), nn.ELU(), nn.MaxPool1d(2))
        self.last = nn.Linear(6, 3)

    def forward(self, x):
        return F.log_softmax(self.last(self.net(x).mean(-1)), 1)


def spectral():
    return nn.Sequential(nn.utils.parametrizations.spectral_norm(nn.Linear(5, 8)), nn.LeakyReLU(0.1), nn.Linear(8, 3))


def resnet():
    stem = nn.Conv2d(1, 4, 3, 1, 1, bias=False), nn.BatchNorm2d(4), nn.ReLU()
    return nn.Sequential(*stem, Block(4, 4, 1), Block(4, 8, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 3))


def models():
    """Name, model, shape of its inputs (None: symbols), optimizer, schedule, and loss."""
    ce = nn.CrossEntropyLoss()
    tanh = nn.Sequential(nn.Linear(5, 8), nn.Tanh(), nn.Linear(8, 3))
    norm = nn.Sequential(nn.Linear(5, 8), nn.GELU(), nn.LayerNorm(8), nn.Dropout(0.1), nn.Linear(8, 3))
    nesterov = optim.SGD(tanh.parameters(), 0.1, momentum=0.9, nesterov=True)
    yield "Nesterov, steps", tanh, (5,), nesterov, schedules.StepLR(nesterov, 2, 0.5), ce
    decayed = optim.AdamW(norm.parameters(), 0.01, weight_decay=0.05)
    yield "Layer norm, dropout, AdamW", norm, (5,), decayed, schedules.ExponentialLR(decayed, 0.9), ce
    model = spectral()
    yield "Spectral norm", model, (5,), optim.Adam(model.parameters(), 0.01), None, nn.MSELoss()
    model = Words()
    yield "Embedding and two LSTM", model, None, optim.RMSprop(model.parameters(), 1e-3), None, ce
    model = resnet()
    falling = optim.SGD(model.parameters(), 0.05, momentum=0.9, weight_decay=5e-4)
    yield "ResNet", model, (1, 12, 12), falling, schedules.MultiStepLR(falling, [5], 0.1), ce
    model = Signal()
    yield "Signal", model, (3, 14), optim.Adam(model.parameters(), 0.01), None, nn.NLLLoss()


def main(folder):
    told = []
    for index, (name, model, shape, optimizer, schedule, loss) in enumerate(models()):
        x = torch.randn(BATCH, *shape) if shape else torch.randint(0, SYMBOLS, (BATCH, 6))
        target = torch.randn(BATCH, 3) if isinstance(loss, nn.MSELoss) else torch.randint(0, 3, (BATCH,))
        for _ in range(STEPS):
            optimizer.zero_grad()
            loss(model(x), target).backward()
            optimizer.step()
            if schedule:
                schedule.step()
        file = f"{index}.safetensors"
        gc.export(model, x, Path(folder) / file, optimizer=optimizer, loss=loss, schedule=schedule)
        told.append({"name": name, "file": file})
    (Path(folder) / "models.json").write_text(json.dumps(told))


if __name__ == "__main__":
    torch.manual_seed(0)
    main(sys.argv[1])
