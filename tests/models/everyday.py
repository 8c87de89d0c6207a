"""What people write in their scripts: modules and functions mixed, shapes moved about, wrappers, shared parts."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.checkpoint import checkpoint


class Tutorial(nn.Module):
    """The picture classifier of many first scripts."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 3), nn.Conv2d(6, 8, 3)
        self.drop = nn.Dropout2d(0.0)
        self.fc1, self.fc2 = nn.Linear(8 * 5 * 5, 16), nn.Linear(16, 10)

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.conv2(x), 2))
        x = x.view(x.size(0), -1)
        x = F.dropout(F.relu(self.fc1(x)), p=0.3, training=self.training)
        return F.log_softmax(self.fc2(x), dim=1)


class Blocks(nn.Module):
    """A list of blocks, one activation for all, and x += in place."""

    def __init__(self):
        super().__init__()
        self.act = nn.ReLU(inplace=True)
        self.stem = nn.Sequential(nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8)), nn.Sequential())
        self.blocks = nn.ModuleList(nn.Sequential(nn.Linear(8, 8), nn.LayerNorm(8)) for _ in range(3))
        self.heads = nn.ModuleDict({"out": nn.Linear(8, 3), "unused": nn.Linear(8, 1)})

    def forward(self, x):
        x = self.act(self.stem(x))
        for block in self.blocks:
            y = block(x)
            y += x
            x = self.act(y)
        return self.heads["out"](x)


class NormAfterFlatten(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.norm, self.out = nn.Conv2d(3, 4, 3), nn.BatchNorm1d(4 * 14 * 14), nn.Linear(4 * 14 * 14, 3)

    def forward(self, x):
        x = self.conv(x).relu()
        return self.out(self.norm(x.reshape(x.shape[0], -1)))


class Branches(nn.Module):
    def __init__(self):
        super().__init__()
        self.left, self.right = nn.Conv2d(3, 4, 1), nn.Conv2d(3, 4, 3, padding="same")
        self.out = nn.Linear(8, 3)

    def forward(self, x):
        x = torch.cat([torch.relu(self.left(x)), torch.tanh(self.right(x))], 1)
        return self.out(x.mean([2, 3]))


class LastStep(nn.Module):
    """An LSTM whose state starts from zeros that the script makes."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(20, 5)
        self.lstm = nn.LSTM(5, 6, num_layers=2, batch_first=True)
        self.out = nn.Linear(6, 3)

    def forward(self, x):
        h0 = torch.zeros(2, x.size(0), 6, device=x.device)
        c0 = torch.zeros(2, x.size(0), 6, device=x.device)
        out, _ = self.lstm(self.embed(x), (h0, c0))
        return self.out(out[:, -1, :])


class GruLast(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru, self.out = nn.GRU(3, 6, batch_first=True), nn.Linear(6, 2)

    def forward(self, x):
        _, h = self.gru(x)
        return self.out(h.squeeze(0))


class ConvNext(nn.Module):
    """Channels behind, and in front again."""

    def __init__(self):
        super().__init__()
        self.stem, self.norm = nn.Conv2d(3, 6, 4, stride=4), nn.LayerNorm(6)
        self.up, self.down, self.out = nn.Linear(6, 12), nn.Linear(12, 6), nn.Linear(6, 3)

    def forward(self, x):
        x = self.stem(x)
        residual = x
        x = x.permute(0, 2, 3, 1)
        x = self.down(F.gelu(self.up(self.norm(x))))
        x = residual + x.permute(0, 3, 1, 2)
        return self.out(x.mean((-2, -1)))


class SelfAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention, self.out = nn.MultiheadAttention(8, 2, batch_first=True), nn.Linear(8, 2)

    def forward(self, x):
        y, _ = self.attention(x, x, x, need_weights=False)
        return self.out((x + y).mean(1))


class Tied(nn.Module):
    """Input and output embeddings are one matrix."""

    def __init__(self):
        super().__init__()
        self.embed, self.out = nn.Embedding(20, 6), nn.Linear(6, 20, bias=False)
        self.out.weight = self.embed.weight

    def forward(self, x):
        return self.out(self.embed(x))


class Scales(nn.Module):
    """Scales its inputs by buffers."""

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.full((6,), 0.5))
        self.out = nn.Linear(6, 3)

    def forward(self, x):
        return self.out((x - self.mean) / 2)


class Divides(nn.Module):
    def __init__(self):
        super().__init__()
        self.out = nn.Linear(6, 3)

    def forward(self, x):
        return self.out(x / 255.0)


class Positions(nn.Module):
    def __init__(self):
        super().__init__()
        self.place = nn.Parameter(torch.randn(1, 7, 3))
        self.out = nn.Linear(3, 2)

    def forward(self, x):
        return self.out((x + self.place).mean(1))


class Clamped(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.out = nn.Linear(6, 8), nn.Linear(8, 3)

    def forward(self, x):
        return self.out(self.first(x).clamp(min=0))


class Checkpointed(nn.Module):
    def __init__(self):
        super().__init__()
        self.body, self.out = nn.Sequential(nn.Linear(6, 8), nn.Tanh()), nn.Linear(8, 3)

    def forward(self, x):
        return self.out(checkpoint(self.body, x, use_reentrant=False))


class Functional(nn.Module):
    """Weights that are its own, and no module's."""

    def __init__(self):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.randn(3, 6)), nn.Parameter(torch.zeros(3))

    def forward(self, x):
        return F.linear(x, self.weight, self.bias)


class Split(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.out = nn.Linear(6, 8), nn.Linear(4, 3)

    def forward(self, x):
        a, b = self.first(x).chunk(2, dim=1)
        return self.out(a * torch.sigmoid(b))


class TimeFirst(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn, self.out = nn.LSTM(3, 6), nn.Linear(6, 2)

    def forward(self, x):
        out, _ = self.rnn(x.transpose(0, 1))
        return self.out(out[-1])


class Names(nn.Module):
    """Gives its output by name."""

    def __init__(self):
        super().__init__()
        self.out = nn.Linear(6, 3)

    def forward(self, x):
        return {"logits": self.out(x)}


def normed(kind):
    wraps = {
        "parametrized": torch.nn.utils.parametrizations.weight_norm,
        "old": torch.nn.utils.weight_norm,
        "spectral": torch.nn.utils.parametrizations.spectral_norm,
        "old spectral": torch.nn.utils.spectral_norm,
    }
    return nn.Sequential(wraps[kind](nn.Linear(6, 8)), nn.Tanh(), nn.Linear(8, 3))


def mlp():
    return nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 3))


def frozen():
    model = mlp()
    for p in model[0].parameters():
        p.requires_grad_(False)
    return model


PICTURE, ROW, STEPS, WORDS = (3, 16, 16), (6,), (7, 3), (20, 9)


def everyday():
    """Each: name, the model, and the shape of an example, or symbols and length."""
    return [
        ("Tutorial’s picture classifier", Tutorial(), (1, 28, 28)),
        ("Blocks in a list, added in place", Blocks(), ROW),
        ("Batch norm behind a reshape", NormAfterFlatten(), PICTURE),
        ("Branches joined", Branches(), PICTURE),
        ("LSTM from zeros of its own", LastStep(), WORDS),
        ("GRU’s last state", GruLast(), STEPS),
        ("ConvNeXt block", ConvNext(), PICTURE),
        ("Multi-head attention", SelfAttention(), (5, 8)),
        ("Tied embeddings", Tied(), WORDS),
        ("Inputs scaled by buffers", Scales(), ROW),
        ("Inputs divided", Divides(), ROW),
        ("Positions that are learnt", Positions(), STEPS),
        ("Clamped from below", Clamped(), ROW),
        ("Checkpointed body", Checkpointed(), ROW),
        ("Weights without a module", Functional(), ROW),
        ("Halves of a layer multiplied", Split(), ROW),
        ("Time before the batch", TimeFirst(), STEPS),
        ("Output by name", Names(), ROW),
        ("Weight norm", normed("parametrized"), ROW),
        ("Weight norm, old form", normed("old"), ROW),
        ("Spectral norm", normed("spectral"), ROW),
        ("Spectral norm, old form", normed("old spectral"), ROW),
        ("Frozen first layer", frozen(), ROW),
        ("DataParallel", nn.DataParallel(mlp()), ROW),
        ("torch.compile", torch.compile(mlp(), backend="eager"), ROW),
        ("Double precision", mlp().double(), ROW),
        ("Half precision", mlp().to(torch.bfloat16), ROW),
    ]
