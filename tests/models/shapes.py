"""How scripts take axes away and number their outputs: columns, last states, sequences, pictures; factors that learn."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Column(nn.Module):
    """One number an example, its axis taken away at the end."""

    def __init__(self, take):
        super().__init__()
        self.first, self.out, self.take = nn.Linear(6, 8), nn.Linear(8, 1), take

    def forward(self, x):
        return self.take(torch.sigmoid(self.out(torch.tanh(self.first(x)))))


class PooledBySqueeze(nn.Module):
    def __init__(self, take):
        super().__init__()
        self.conv, self.out, self.take = nn.Conv2d(3, 5, 3), nn.Linear(5, 3), take

    def forward(self, x):
        return self.out(self.take(F.adaptive_avg_pool2d(F.relu(self.conv(x)), 1)))


class Rows(nn.Module):
    """Reads the rows of a grey picture as steps."""

    def __init__(self):
        super().__init__()
        self.rnn, self.out = nn.LSTM(28, 6, batch_first=True), nn.Linear(6, 3)

    def forward(self, x):
        _, (h, _) = self.rnn(x.squeeze(1))
        return self.out(h.squeeze())


class OnlyState(nn.Module):
    def __init__(self, take):
        super().__init__()
        self.rnn, self.out, self.take = nn.GRU(3, 6, batch_first=True), nn.Linear(6, 2), take

    def forward(self, x):
        _, h = self.rnn(x)
        return self.out(self.take(h))


class EachStep(nn.Module):
    """Gives an answer at each step, with units dropped between its two layers."""

    def __init__(self):
        super().__init__()
        self.rnn, self.out = nn.LSTM(3, 6, num_layers=2, dropout=0.3, batch_first=True), nn.Linear(6, 2)

    def forward(self, x):
        return self.out(self.rnn(x)[0])


class ReZero(nn.Module):
    """Each branch begins with a factor of its own, which learns."""

    def __init__(self, shape, learns=True):
        super().__init__()
        self.first, self.out = nn.Linear(6, 8), nn.Linear(8, 3)
        self.body = nn.ModuleList(nn.Linear(8, 8) for _ in range(2))
        for i in range(2):
            factor = torch.full(shape, 0.3 + i)
            if learns:
                self.register_parameter(f"alpha{i}", nn.Parameter(factor))
            else:
                self.register_buffer(f"alpha{i}", factor)

    def forward(self, x):
        x = self.first(x)
        x = x + self.alpha0 * torch.relu(self.body[0](x))
        x = torch.relu(self.body[1](x)) * self.alpha1 + x
        return self.out(x)


def decoder(*behind):
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 9), nn.SiLU(), nn.Linear(9, 64), nn.Sigmoid(), *behind)


def shapes():
    """Each: name, the model, and the shape of an example."""
    return [
        ("Column squeezed", Column(lambda y: y.squeeze(-1)), (6,)),
        ("Column squeezed, whatever its axis", Column(lambda y: y.squeeze()), (6,)),
        ("First of one column", Column(lambda y: y[:, 0]), (6,)),
        ("Column as a row", Column(lambda y: y.view(-1)), (6,)),
        ("Column given back its axis", Column(lambda y: y.squeeze(1).unsqueeze(1)), (6,)),
        ("Pooled, then squeezed twice", PooledBySqueeze(lambda y: y.squeeze(-1).squeeze(-1)), (3, 9, 9)),
        ("Pooled, then its one place taken", PooledBySqueeze(lambda y: y[:, :, 0, 0]), (3, 9, 9)),
        ("Pooled, then the last of its places", PooledBySqueeze(lambda y: y[..., 0, 0]), (3, 9, 9)),
        ("Rows of a picture as steps", Rows(), (1, 28, 28)),
        ("Only state, by number", OnlyState(lambda h: h[0]), (7, 3)),
        ("Only state, reshaped", OnlyState(lambda h: h.view(-1, 6)), (7, 3)),
        ("An answer at each step", EachStep(), (7, 3)),
        ("Factors that learn", ReZero((1,)), (6,)),
        ("Factors that learn, of no axis", ReZero(()), (6,)),
        ("Factors that stay", ReZero((1,), False), (6,)),
        ("Picture from a row", decoder(nn.Unflatten(1, (1, 8, 8))), (1, 8, 8)),
        ("Picture from convolutions", nn.Sequential(nn.Conv2d(2, 4, 3, padding=1), nn.ReLU(), nn.Conv2d(4, 2, 1)), (2, 5, 6)),
        ("Signal from convolutions", nn.Sequential(nn.Conv1d(2, 4, 3, padding=1), nn.ReLU(), nn.Conv1d(4, 3, 1)), (2, 9)),
    ]
