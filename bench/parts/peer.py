"""PyTorch's side: one eager training step of the same network, the loss read at each step, no statistics."""
import json, sys, time
import torch

steppers = {}


class Cells(torch.nn.Module):
    """A recurrent layer as a loop over cells, with a linear layer on its last state."""

    def __init__(self, c):
        super().__init__()
        kind = torch.nn.LSTMCell if c["kind"] == "lstm" else torch.nn.RNNCell
        self.cell, self.out, self.lstm = kind(c["shape"][1], c["width"]), torch.nn.Linear(c["width"], c["outputs"]), c["kind"] == "lstm"

    def forward(self, x):
        h = torch.zeros(x.shape[0], self.out.in_features)
        state = (h, h) if self.lstm else h
        for t in range(x.shape[1]):
            state = self.cell(x[:, t], state)
        return self.out(state[0] if self.lstm else state)


class Fused(torch.nn.Module):
    """The same network with PyTorch's own recurrent layer."""

    def __init__(self, c):
        super().__init__()
        kind = torch.nn.LSTM if c["kind"] == "lstm" else torch.nn.RNN
        self.layer, self.out = kind(c["shape"][1], c["width"], batch_first=True), torch.nn.Linear(c["width"], c["outputs"])

    def forward(self, x):
        return self.out(self.layer(x)[0][:, -1])


def network(c, fused):
    if c["kind"] in ("rnn", "lstm"):
        return Fused(c) if fused else Cells(c)
    conv = c["kind"] == "conv"
    layers, width = [], c["shape"][2] if conv else c["shape"][0]
    for _ in range(c["depth"]):
        layers += [torch.nn.Conv2d(width, c["width"], 3, padding="same") if conv else torch.nn.Linear(width, c["width"])]
        layers += [torch.nn.ReLU() if c["activation"] == "relu" else torch.nn.Sigmoid()]
        width = c["width"]
    if conv:
        layers += [torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten()]
    net = torch.nn.Sequential(*layers, torch.nn.Linear(width, c["outputs"]))
    for m in net:
        if isinstance(m, (torch.nn.Linear, torch.nn.Conv2d)):
            torch.nn.init.kaiming_normal_(m.weight) if c["activation"] == "relu" else torch.nn.init.xavier_normal_(m.weight)
            torch.nn.init.zeros_(m.bias)
    return net


def stepper(c, fused):
    torch.manual_seed(1)
    net = network(c, fused)
    shape = [c["shape"][2], *c["shape"][:2]] if c["kind"] == "conv" else c["shape"]
    x, y = torch.randn(c["batch"], *shape), torch.randn(c["batch"], c["outputs"])
    optimizer = torch.optim.SGD(net.parameters(), lr=1e-3)
    loss_of = torch.nn.MSELoss()

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(net(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


print("ready " + torch.__version__, flush=True)
for line in sys.stdin:
    ask = json.loads(line)
    fused = ask["variant"] == "fused"
    key = ask["case"]["name"] + (" fused" if fused else "")
    if key not in steppers:
        steppers[key] = stepper(ask["case"], fused)
        for _ in range(5):
            steppers[key]()
    step = steppers[key]
    start = time.perf_counter()
    for _ in range(ask["steps"]):
        step()
    print("answer %r" % ((time.perf_counter() - start) * 1000 / ask["steps"]), flush=True)
