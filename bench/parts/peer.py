"""PyTorch's side: one eager training step of the same network, the loss read at each step, no statistics."""
import json
import sys
import time

import torch

steppers = {}


class Cells(torch.nn.Module):
    """Recurrent layers as loops over cells, with a linear layer on the last state."""

    def __init__(self, c):
        super().__init__()
        kind = torch.nn.LSTMCell if c["kind"] == "lstm" else torch.nn.RNNCell
        widths = [c["shape"][1]] + [c["width"]] * (c["depth"] - 1)
        self.cells = torch.nn.ModuleList(kind(width, c["width"]) for width in widths)
        self.out, self.lstm = torch.nn.Linear(c["width"], c["outputs"]), c["kind"] == "lstm"

    def forward(self, x):
        h = torch.zeros(x.shape[0], self.out.in_features)
        states = [(h, h) if self.lstm else h for _ in self.cells]
        for t in range(x.shape[1]):
            below = x[:, t]
            for i, cell in enumerate(self.cells):
                states[i] = cell(below, states[i])
                below = states[i][0] if self.lstm else states[i]
        return self.out(below)


class Fused(torch.nn.Module):
    """The same network with PyTorch's own recurrent layers."""

    def __init__(self, c):
        super().__init__()
        kind = torch.nn.LSTM if c["kind"] == "lstm" else torch.nn.RNN
        self.layer = kind(c["shape"][1], c["width"], num_layers=c["depth"], batch_first=True)
        self.out = torch.nn.Linear(c["width"], c["outputs"])

    def forward(self, x):
        return self.out(self.layer(x)[0][:, -1])


class Maxout(torch.nn.Module):
    def __init__(self, width, units, pieces):
        super().__init__()
        self.linear, self.pieces = torch.nn.Linear(width, units * pieces), pieces

    def forward(self, x):
        return self.linear(x).unflatten(1, (-1, self.pieces)).amax(2)


def network(c, fused):
    if c["kind"] in ("rnn", "lstm"):
        return Fused(c) if fused else Cells(c)
    conv, kind = c["kind"] == "conv", c.get("with")
    layers, width = [], c["shape"][2] if conv else c["shape"][0]
    for _ in range(c["depth"]):
        if kind == "maxout":
            layers.append(Maxout(width, c["width"], 2))
        else:
            norm = kind == "batchNorm"
            layers.append(
                torch.nn.Conv2d(width, c["width"], 3, padding="same")
                if conv
                else torch.nn.Linear(width, c["width"], bias=not norm)
            )
            layers += [torch.nn.BatchNorm1d(c["width"])] if norm else []
            layers.append(torch.nn.ReLU() if c["activation"] == "relu" else torch.nn.Sigmoid())
        width = c["width"]
    if conv:
        layers += [torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten()]
    net = torch.nn.Sequential(*layers, torch.nn.Linear(width, c["outputs"]))
    for m in net.modules():
        if isinstance(m, (torch.nn.Linear, torch.nn.Conv2d)):
            init = torch.nn.init.kaiming_normal_ if c["activation"] == "relu" else torch.nn.init.xavier_normal_
            init(m.weight)
            if m.bias is not None:
                torch.nn.init.zeros_(m.bias)
    return net


def pairs(c):
    """One batch of random inputs and targets."""
    shape = [c["shape"][2], *c["shape"][:2]] if c["kind"] == "conv" else c["shape"]
    return torch.randn(c["batch"], *shape), torch.randn(c["batch"], c["outputs"])


def optimizer_of(net, name, how):
    ways = {"usual": {}, "loop": {"foreach": False}, "foreach": {"foreach": True}, "fused": {"fused": True}}
    kind = torch.optim.Adam if name == "adam" else torch.optim.SGD
    return kind(net.parameters(), lr=1e-3, **ways[how])


def stepper(c, fused, optimizer):
    torch.manual_seed(1)
    net = network(c, fused)
    x, y = pairs(c)
    opt = optimizer_of(net, c.get("optimizer"), optimizer)
    loss_of = torch.nn.MSELoss()

    def step():
        opt.zero_grad(set_to_none=True)
        loss = loss_of(net(x), y)
        loss.backward()
        opt.step()
        return loss.item()

    return step


def main():
    usual = torch.get_num_threads()
    print("ready " + torch.__version__, flush=True)
    for line in sys.stdin:
        ask = json.loads(line)
        fused, peer = ask["variant"] == "fused", ask.get("peer") or {"threads": 0, "optimizer": "usual"}
        torch.set_num_threads(peer["threads"] or usual)
        key = ask["case"]["name"], fused, peer["optimizer"]
        if key not in steppers:
            steppers[key] = stepper(ask["case"], fused, peer["optimizer"])
        step = steppers[key]
        for _ in range(3):
            step()
        start = time.perf_counter()
        for _ in range(ask["steps"]):
            step()
        print("answer %r" % ((time.perf_counter() - start) * 1000 / ask["steps"]), flush=True)


if __name__ == "__main__":
    main()
