"""
PyTorch's side of a whole training: a script that trains, and writes the statistics of every layer to a file of float32.

Reads one JSON object from the command line: case or csv, steps, every (0: records nothing), out, peer, repeat.
"""
import json
import sys

import numpy
import torch

from peer import network, optimizer_of, pairs

KERNELS = (torch.nn.Linear, torch.nn.Conv2d, torch.nn.RNNCell, torch.nn.LSTMCell)


class Recorder:
    """Norm, mean, maximum and zeros of gradients, size of weights and updates, and activations with their gradients."""

    def __init__(self, net, path):
        self.file = open(path, "wb", buffering=1 << 20)
        self.weights, self.kept, self.on = list(net.parameters()), [], False
        for m in net.modules():
            if not list(m.children()):
                m.register_forward_hook(self.keep)

    def keep(self, _module, _inputs, output):
        if self.on:
            output = output[0] if isinstance(output, tuple) else output
            output.retain_grad()
            self.kept.append(output)

    def begin(self, on):
        self.on = on
        self.kept.clear()
        if on:
            self.before = [w.detach().clone() for w in self.weights]

    @torch.no_grad()
    def write(self):
        if not self.on:
            return
        grads, made = [w.grad for w in self.weights], [k.grad for k in self.kept]
        figures = [
            torch._foreach_norm(grads),
            torch._foreach_norm(grads, 1),
            torch._foreach_norm(grads, float("inf")),
            torch._foreach_norm(self.weights),
            torch._foreach_norm(torch._foreach_sub(self.weights, self.before)),
            torch._foreach_norm(made),
            [g.count_nonzero() for g in grads],
            [k.count_nonzero() for k in self.kept],
            [v for k in self.kept for v in torch.std_mean(k)],
        ]
        numpy.asarray(torch.cat([torch.stack(f).float() for f in figures])).tofile(self.file)


def table(path):
    """Inputs and targets of a table of numbers, scaled; the last column is the target."""
    values = numpy.loadtxt(path, delimiter=",", skiprows=1, dtype=numpy.float32, comments=None)
    kept = torch.from_numpy(values)[: int(len(values) * 0.8)]
    std, mean = torch.std_mean(kept, 0)
    kept = (kept - mean) / std
    return kept[:, :-1], kept[:, -1:]


def train(ask, number):
    torch.manual_seed(number)
    if "csv" in ask:
        x, y = table(ask["csv"])
        x, y = x[:64], y[:64]
        net = torch.nn.Sequential(torch.nn.Linear(x.shape[1], 64), torch.nn.ReLU(), torch.nn.Linear(64, 1))
    else:
        net = network(ask["case"], False)
        x, y = pairs(ask["case"])
    opt = optimizer_of(net, ask.get("case", {}).get("optimizer"), ask["peer"]["optimizer"])
    recorder, loss_of = Recorder(net, ask["out"]), torch.nn.MSELoss()
    losses = []
    for t in range(ask["steps"]):
        recorder.begin(ask["every"] > 0 and t % ask["every"] == 0)
        opt.zero_grad(set_to_none=True)
        loss = loss_of(net(x), y)
        loss.backward()
        opt.step()
        losses.append(loss.item())
        recorder.write()
    recorder.file.close()
    numpy.savetxt(ask["out"] + ".loss", losses)


asked = json.loads(sys.argv[1])
if asked["peer"]["threads"]:
    torch.set_num_threads(asked["peer"]["threads"])
for number in range(asked.get("repeat", 1)):
    train(asked, number)
