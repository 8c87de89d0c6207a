"""Model definitions after published architectures, written by hand and small, and each exported for the app.

Run it with PyTorch: python tests/models/models.py FOLDER
"""

import json
import re
import sys
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F

import gradient_clinic as gc

from everyday import everyday
from shapes import shapes

torch.set_num_threads(1)


class LeNet5(nn.Module):
    """LeCun 1998, with tanh and average pooling."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2)
        )
        self.head = nn.Sequential(nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10))

    def forward(self, x):
        return self.head(torch.flatten(self.features(x), 1))


def vgg11():
    """Simonyan and Zisserman 2015, an eighth as wide, with batch norm."""
    layers, inputs = [], 3
    for width in (8, "M", 16, "M", 32, 32, "M", 64, 64, "M", 64, 64, "M"):
        if width == "M":
            layers.append(nn.MaxPool2d(2))
        else:
            layers += [nn.Conv2d(inputs, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU(inplace=True)]
            inputs = width
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(64, 32), nn.ReLU(True), nn.Dropout(), nn.Linear(32, 10))


class Residual(nn.Module):
    """He 2016: two convolutions and a shortcut."""

    def __init__(self, inputs, width, stride, before=False):
        super().__init__()
        self.before = before
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(inputs if before else width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.down = None
        if stride != 1 or inputs != width:
            self.down = nn.Sequential(nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width))

    def forward(self, x):
        skip = x if self.down is None else self.down(x)
        if self.before:
            h = self.conv1(F.relu(self.bn1(x)))
            return skip + self.conv2(F.relu(self.bn2(h)))
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.bn2(self.conv2(h))
        h += skip
        return F.relu(h)


class ResNet20(nn.Module):
    """He 2016, for small pictures, half as wide."""

    def __init__(self, before=False):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU())
        blocks = []
        for inputs, width, stride in ((8, 8, 1), (8, 16, 2), (16, 32, 2)):
            blocks += [Residual(inputs if i == 0 else width, width, stride if i == 0 else 1, before) for i in range(3)]
        self.blocks = nn.Sequential(*blocks)
        self.pool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(32, 10)

    def forward(self, x):
        x = self.pool(self.blocks(self.stem(x)))
        return self.fc(x.view(x.size(0), -1))


class ResNet18(nn.Module):
    """He 2016, with its wide first kernel and its pooling, an eighth as wide."""

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 8, 7, 2, 3, bias=False), nn.BatchNorm2d(8)
        self.first_pool = nn.MaxPool2d(3, 2, 1)
        blocks = []
        for inputs, width, stride in ((8, 8, 1), (8, 16, 2), (16, 32, 2), (32, 64, 2)):
            blocks += [Residual(inputs, width, stride), Residual(width, width, 1)]
        self.layers = nn.Sequential(*blocks)
        self.last_pool, self.fc = nn.AdaptiveAvgPool2d(1), nn.Linear(64, 10)

    def forward(self, x):
        x = self.first_pool(F.relu(self.bn1(self.conv1(x))))
        return self.fc(torch.flatten(self.last_pool(self.layers(x)), 1))


class Padded(nn.Module):
    """Zeros around by modules and functions of their own, and pooling that counts them."""

    def __init__(self):
        super().__init__()
        self.pad, self.conv1 = nn.ZeroPad2d(2), nn.Conv2d(3, 4, 5, 2)
        self.conv2 = nn.Conv2d(4, 4, 3, 2)
        self.mean, self.max = nn.AvgPool2d(3, 2, 1), nn.MaxPool2d(2, 2)
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        x = torch.relu(self.conv1(self.pad(x)))
        x = self.conv2(F.pad(x, (0, 1, 0, 1)))
        x = self.mean(F.max_pool2d(F.pad(x, (1, 1, 1, 1), value=-float("inf")), 3, 1))
        return self.fc(self.max(F.pad(torch.relu(x), (1, 1, 1, 1))).mean((2, 3)))


class Dense(nn.Module):
    def __init__(self, inputs, growth):
        super().__init__()
        self.norm = nn.BatchNorm2d(inputs)
        self.conv = nn.Conv2d(inputs, growth, 3, padding=1, bias=False)

    def forward(self, x):
        return torch.cat([x, self.conv(F.relu(self.norm(x)))], 1)


class DenseNet(nn.Module):
    """Huang 2017, two blocks of three."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1, bias=False)
        self.block1 = nn.Sequential(*[Dense(8 + 4 * i, 4) for i in range(3)])
        self.transition = nn.Sequential(nn.BatchNorm2d(20), nn.ReLU(), nn.Conv2d(20, 10, 1), nn.AvgPool2d(2))
        self.block2 = nn.Sequential(*[Dense(10 + 4 * i, 4) for i in range(3)])
        self.fc = nn.Linear(22, 10)

    def forward(self, x):
        x = self.block2(self.transition(self.block1(self.stem(x))))
        return self.fc(F.relu(x).mean((2, 3)))


class UNet(nn.Module):
    """Ronneberger 2015, one level: the way up has no counterpart."""

    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(1, 4, 3, padding=1)
        self.inner = nn.Conv2d(4, 8, 3, padding=1)
        self.up = nn.ConvTranspose2d(8, 4, 2, 2)
        self.out = nn.Conv2d(8, 1, 1)

    def forward(self, x):
        a = F.relu(self.down(x))
        b = F.relu(self.inner(F.max_pool2d(a, 2)))
        return self.out(torch.cat([a, self.up(b)], 1))


class TextCNN(nn.Module):
    """Kim 2014: convolutions of three widths over words, the maximum over time."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(30, 8)
        self.convs = nn.ModuleList([nn.Conv1d(8, 6, k) for k in (3, 4, 5)])
        self.fc = nn.Linear(18, 4)

    def forward(self, x):
        x = self.words(x).transpose(1, 2)
        x = torch.cat([F.relu(c(x)).amax(2) for c in self.convs], 1)
        return self.fc(F.dropout(x, 0.5, self.training))


class Tagger(nn.Module):
    """A tagger of a sequence (Huang, Xu and Yu 2015)."""

    def __init__(self, both=True):
        super().__init__()
        self.words = nn.Embedding(20, 6)
        self.lstm = nn.LSTM(6, 5, batch_first=True, bidirectional=both)
        self.fc = nn.Linear(10 if both else 5, 3)

    def forward(self, x):
        h, _ = self.lstm(self.words(x))
        return self.fc(h[:, -1])


class StackedLSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 6, num_layers=2, batch_first=True)
        self.fc = nn.Linear(6, 1)

    def forward(self, x):
        _, (h, _) = self.lstm(x)
        return self.fc(h[-1])


class Recurrent(nn.Module):
    def __init__(self, kind, **more):
        super().__init__()
        self.rnn = kind(3, 6, batch_first=True, **more)
        self.fc = nn.Linear(6, 2)

    def forward(self, x):
        out, _ = self.rnn(x)
        return self.fc(out[:, -1, :])


class Inception(nn.Module):
    """Szegedy 2015: branches of several kernels side by side."""

    def __init__(self):
        super().__init__()
        self.one = nn.Conv2d(3, 4, 1)
        self.three = nn.Sequential(nn.Conv2d(3, 4, 1), nn.ReLU(), nn.Conv2d(4, 6, 3, padding=1))
        self.five = nn.Sequential(nn.Conv2d(3, 2, 1), nn.ReLU(), nn.Conv2d(2, 4, 5, padding=2))
        self.pool = nn.Sequential(nn.MaxPool2d(3, 1, 1), nn.Conv2d(3, 2, 1))
        self.fc = nn.Linear(16, 5)

    def forward(self, x):
        x = torch.cat([F.relu(b(x)) for b in (self.one, self.three, self.five, self.pool)], dim=1)
        return F.log_softmax(self.fc(F.adaptive_avg_pool2d(x, 1).squeeze()), dim=1)


class MobileBlock(nn.Module):
    """Howard 2017: a depthwise and a pointwise convolution."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, 6, 3, padding=1, groups=3, bias=False), nn.BatchNorm2d(6), nn.ReLU6(), nn.Conv2d(6, 8, 1)
        )
        self.fc = nn.Linear(8, 3)

    def forward(self, x):
        return self.fc(self.body(x).mean([2, 3]))


class SqueezeExcite(nn.Module):
    """Hu 2018: channels scaled by a gate."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.gate = nn.Sequential(nn.Linear(8, 2), nn.ReLU(), nn.Linear(2, 8), nn.Sigmoid())
        self.fc = nn.Linear(8, 3)

    def forward(self, x):
        x = self.conv(x)
        g = self.gate(x.mean((2, 3)))
        return self.fc((x * g[:, :, None, None]).mean((2, 3)))


class Mixer(nn.Module):
    """A residual stack with layer norm and GELU, as in the feed-forward part of a transformer."""

    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList(
            [nn.Sequential(nn.LayerNorm(12), nn.Linear(12, 24), nn.GELU(), nn.Linear(24, 12)) for _ in range(3)]
        )
        self.out = nn.Linear(12, 2)

    def forward(self, x):
        for block in self.blocks:
            x = x + 0.5 * block(x)
        return self.out(x)


class Attention(nn.Module):
    """A layer of a transformer (Vaswani 2017)."""

    def __init__(self):
        super().__init__()
        self.layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
        self.out = nn.Linear(8, 2)

    def forward(self, x):
        return self.out(self.layer(x).mean(1))


class Shared(nn.Module):
    """One layer in two places."""

    def __init__(self):
        super().__init__()
        self.a = nn.Linear(6, 6)
        self.out = nn.Linear(6, 2)

    def forward(self, x):
        return self.out(torch.tanh(self.a(torch.tanh(self.a(x)))))


class Decides(nn.Module):
    """Its wiring depends on what it reads."""

    def __init__(self):
        super().__init__()
        self.a = nn.Linear(6, 2)

    def forward(self, x):
        return self.a(x) if x.sum() > 0 else self.a(-x)


class Autoencoder(nn.Module):
    """Hinton and Salakhutdinov 2006."""

    def __init__(self):
        super().__init__()
        widths = (16, 12, 8, 3, 8, 12, 16)
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths, widths[1:])])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.sigmoid(layer(x))
        return self.layers[-1](x)


class Wavelet(nn.Module):
    """A convolution over a signal, and batch norm behind a flattened picture of it."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(2, 5, 3, padding=1)
        self.pool = nn.MaxPool1d(2)
        self.norm = nn.BatchNorm1d(40)
        self.fc = nn.Linear(40, 3)

    def forward(self, x):
        x = self.pool(F.elu(self.conv(x)))
        return self.fc(F.softplus(self.norm(x.flatten(1))))


class AlexNet(nn.Module):
    """Krizhevsky 2012, for small pictures: overlapping pooling."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 3, stride=2, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2), nn.LocalResponseNorm(5),
            nn.Conv2d(8, 12, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2),
        )
        self.head = nn.Sequential(nn.Dropout(), nn.Linear(108, 20), nn.ReLU(), nn.Linear(20, 5))

    def forward(self, x):
        return self.head(self.features(x).reshape(x.shape[0], -1))


def mlp(*layers):
    return nn.Sequential(nn.Linear(6, 8), *layers, nn.Linear(8, 3))


def chain(*layers):
    return nn.Sequential(*layers)


def gated():
    return nn.Sequential(nn.Linear(6, 8), nn.GLU(), nn.Linear(4, 2))


PICTURE, WIDE, ROW, STEPS = (3, 16, 16), (1, 28, 28), (6,), (7, 3)


def pictures():
    """Each: name, the model, the shape of an example or how many symbols, and how it is trained."""
    sgd = lambda m: torch.optim.SGD(m.parameters(), 0.05, momentum=0.9)
    # Without a norm at its end, larger steps make it no number.
    gentle = lambda m: torch.optim.SGD(m.parameters(), 1e-6, momentum=0.9)
    adam = lambda m: torch.optim.Adam(m.parameters(), 2e-3)
    return [
        ("LeNet-5", LeNet5(), WIDE, sgd, nn.CrossEntropyLoss()),
        ("VGG-11, small", vgg11(), (3, 32, 32), sgd, F.cross_entropy),
        ("ResNet-20", ResNet20(), PICTURE, sgd, nn.CrossEntropyLoss()),
        ("ResNet-20, pre-activation", ResNet20(True), PICTURE, gentle, nn.CrossEntropyLoss()),
        ("ResNet-18, an eighth as wide", ResNet18(), (3, 32, 32), sgd, nn.CrossEntropyLoss()),
        ("Zeros around, by layers of their own", Padded(), PICTURE, sgd, nn.CrossEntropyLoss()),
        ("DenseNet, small", DenseNet(), PICTURE, adam, nn.CrossEntropyLoss()),
        ("U-Net, small", UNet(), WIDE, adam, nn.BCEWithLogitsLoss()),
        ("Inception block", Inception(), PICTURE, adam, nn.NLLLoss()),
        ("MobileNet block", MobileBlock(), PICTURE, adam, nn.CrossEntropyLoss()),
        ("Squeeze and excitation", SqueezeExcite(), PICTURE, adam, nn.CrossEntropyLoss()),
        ("AlexNet, small", AlexNet(), (3, 32, 32), sgd, nn.CrossEntropyLoss()),
        ("TextCNN", TextCNN(), (30, 12), adam, nn.CrossEntropyLoss()),
        ("BiLSTM tagger", Tagger(), (20, 9), adam, nn.CrossEntropyLoss()),
        ("LSTM tagger", Tagger(False), (20, 9), adam, nn.CrossEntropyLoss()),
        ("Stacked LSTM", StackedLSTM(), STEPS, adam, nn.MSELoss()),
        ("GRU", Recurrent(nn.GRU), STEPS, adam, nn.CrossEntropyLoss()),
        ("Elman RNN, ReLU", Recurrent(nn.RNN, nonlinearity="relu"), STEPS, adam, nn.CrossEntropyLoss()),
        ("LSTM without bias", Recurrent(nn.LSTM, bias=False), STEPS, adam, nn.CrossEntropyLoss()),
        ("Convolution over a signal", Wavelet(), (2, 16), adam, nn.CrossEntropyLoss()),
        ("Residual feed-forward blocks", Mixer(), (12,), adam, nn.CrossEntropyLoss()),
        ("Transformer encoder", Attention(), (5, 8), adam, nn.CrossEntropyLoss()),
        ("Autoencoder", Autoencoder(), (16,), adam, nn.MSELoss()),
        ("Maximum entropy", nn.Linear(6, 3), ROW, sgd, nn.CrossEntropyLoss()),
        ("MLP with batch norm", mlp(nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.2)), ROW, adam, nn.CrossEntropyLoss()),
        ("MLP with PReLU", mlp(nn.PReLU(8)), ROW, adam, nn.CrossEntropyLoss()),
        ("Self-normalising net", mlp(nn.SELU(), nn.AlphaDropout(0.1)), ROW, sgd, nn.CrossEntropyLoss()),
        ("MLP with a probability", chain(*mlp(nn.LeakyReLU()), nn.ReLU(), nn.Linear(3, 1), nn.Sigmoid()), ROW, sgd, nn.BCELoss()),
        ("Softmax twice", chain(*mlp(nn.Tanh()), nn.Softmax(1)), ROW, sgd, nn.CrossEntropyLoss()),
        ("Gated linear unit", gated(), ROW, sgd, nn.CrossEntropyLoss()),
        ("A layer in two places", Shared(), ROW, sgd, nn.CrossEntropyLoss()),
        ("Wiring that depends on the data", Decides(), ROW, sgd, nn.CrossEntropyLoss()),
        ("MLP with hard sigmoid and SiLU", mlp(nn.Hardsigmoid(), nn.Linear(8, 8), nn.SiLU()), ROW, adam, nn.CrossEntropyLoss()),
        ("MLP with group norm", mlp(nn.GroupNorm(2, 8), nn.Mish()), ROW, adam, nn.CrossEntropyLoss()),
        *((name, model, shape, adam, nn.MSELoss()) for name, model, shape in [*everyday(), *shapes()]),
    ]


def main(folder):
    told = []
    for index, (name, model, shape, optimizer, loss) in enumerate(pictures()):
        torch.manual_seed(index)
        symbols = shape[0] if any(isinstance(m, nn.Embedding) for m in model.modules()) else 0
        x = torch.randint(0, symbols, (4, shape[1])) if symbols else torch.randn(4, *shape)
        x = x if symbols else x.to(next(model.parameters()).dtype)
        with torch.no_grad():
            # Weights, running averages included, that no initializer gives.
            for tensor in [*model.parameters(), *model.buffers()]:
                if tensor.is_floating_point():
                    tensor.add_(torch.randn_like(tensor).abs() * 0.1)
        how = optimizer(model)
        file = f"{index}.safetensors"
        entry = {"name": name, "file": file}
        try:
            model.train()
            how.zero_grad()
            out = model(x)
            (out if isinstance(out, torch.Tensor) else out["logits"]).square().sum().backward()
            how.step()
            gc.export(model, x, Path(folder) / file, optimizer=how, loss=loss)
        except Exception as error:  # noqa: BLE001: the reason is what the table says
            # Where in this file is left out: it moves with every model that is added.
            entry["refused"] = f"{type(error).__name__}: {re.sub(r'[^ (]*models[.]py:[0-9]+', 'models.py', str(error))}"
        told.append(entry)
    (Path(folder) / "models.json").write_text(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1])
