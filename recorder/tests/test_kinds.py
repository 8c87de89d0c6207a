"""Models and loops of many kinds: the same bits with and without a watch, all losses, and figures that are true."""

import copy
import io
import os
import pickle

import gradient_clinic as gc
import pytest
import torch
import torch.nn as nn
from torch.func import functional_call, stack_module_state, vmap
from torch.nn.utils import parametrizations, prune
from trainings import MLP, adam, mse, numbers, sgd, train


class Scalars(nn.Module):
    """Parameters of no axis."""

    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(8, 4), nn.Linear(4, 1)
        self.gain, self.shift = nn.Parameter(torch.tensor(1.5)), nn.Parameter(torch.tensor(0.5))

    def forward(self, x):
        return self.b(torch.tanh(self.a(x) * self.gain)) + self.shift


class Lists(nn.Module):
    """Layers of a list that run twice each, beside parameters in one."""

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(8, 8) for _ in range(3)])
        self.scales = nn.ParameterList([nn.Parameter(torch.ones(8)) for _ in range(3)])
        self.heads = nn.ModuleDict({"one": nn.Linear(8, 1)})

    def forward(self, x):
        for layer, scale in zip(self.layers, self.scales):
            x = torch.tanh(layer(torch.tanh(layer(x) * scale)))
        return self.heads["one"](x)


class Words(nn.Module):
    """Gradients of the rows that were looked up alone."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(20, 6, sparse=True)
        self.bag = nn.EmbeddingBag(20, 6, sparse=True, mode="sum")

    def forward(self, x):
        return (self.embedding(x).mean(1) + self.bag(x)).sum(1, keepdim=True)


class Ensemble(nn.Module):
    """Three models at once, by a transform: none of their modules runs."""

    def __init__(self):
        super().__init__()
        models = [MLP() for _ in range(3)]
        params, _ = stack_module_state(models)
        self.names = list(params)
        self.all = nn.ParameterList([nn.Parameter(p) for p in params.values()])
        self.base = [copy.deepcopy(models[0]).to("meta")]

    def forward(self, x):
        return vmap(lambda p: functional_call(self.base[0], p, (x,)))(dict(zip(self.names, self.all)))


def bounded():
    model = MLP()
    for layer in (model.body[0], model.body[2]):
        parametrizations.spectral_norm(layer)
    prune.l1_unstructured(model.head, "weight", 0.3)
    return model


def quantized():
    """Layers that learn how they will be rounded."""
    model = MLP()
    model.qconfig = torch.ao.quantization.get_default_qat_qconfig("fbgemm")
    return torch.ao.quantization.prepare_qat(model.train())


def symbols(_):
    return torch.randint(20, (8, 5)), torch.randn(8, 1)


def often_empty(step):
    return numbers(0 if step in (1, 3) else 32)


def summed(output, target):
    return ((output - target) ** 2).sum() / 32


def saved(model, optimizer, step):
    for thing in (model.state_dict(), optimizer.state_dict(), model):
        torch.save(thing, io.BytesIO())
    pickle.dumps(model)
    twin = copy.deepcopy(model)
    mse(twin(torch.ones(4, 8)), torch.ones(4, 1)).backward()


def averaged(model, optimizer, step):
    twin = torch.optim.swa_utils.AveragedModel(model)
    twin.update_parameters(model)
    twin(torch.ones(4, 8))


def pruned(model, optimizer, step):
    if step == 2:
        gradients = [p.grad for p in (model.body[0].weight,)]
        prune.l1_unstructured(model.body[0], "weight", 0.3)
        model.body[0].weight_orig.grad = gradients[0]


def forked(model, optimizer, step):
    """A process that goes on from here by itself, as a loader of data does."""
    child = os.fork() if step == 2 else None
    if child == 0:
        for _ in range(3):
            mse(model(torch.ones(4, 8)), torch.ones(4, 1)).backward()
            optimizer.step()
        os._exit(0)
    if child:
        os.waitpid(child, 0)


def interrupted(model, optimizer, step):
    """Errors in a forward pass, in a backward pass and behind it."""
    kept = [p.grad.clone() for p in model.parameters()]
    x, y = torch.ones(4, 8), torch.ones(4, 1)
    for at in range(3):
        with pytest.raises(KeyboardInterrupt):
            hook = model.head.register_forward_pre_hook(lambda *_: raised()) if at == 0 else None
            try:
                loss = mse(model(x), y)
                if at == 1:
                    loss.register_hook(lambda _: raised())
                loss.backward()
                raise KeyboardInterrupt
            finally:
                if hook:
                    hook.remove()
                optimizer.zero_grad()
    loss = mse(model(x), y)
    loss.backward()
    for p, gradient in zip(model.parameters(), kept):
        p.grad = gradient
    return loss.item()


def raised():
    raise KeyboardInterrupt


def of(model=MLP, optimizer=lambda model: sgd(model, 0.05), data=lambda _: numbers(), loss=mse, within=None):
    return model, optimizer, data, loss, within


KINDS = {
    "parameters of no axis": of(Scalars),
    "lists": of(Lists),
    "sparse gradients": of(Words, lambda m: torch.optim.SparseAdam(m.parameters(), 0.01), symbols),
    "a wrapper of several devices": of(lambda: nn.DataParallel(MLP())),
    "an ensemble": of(Ensemble, adam),
    "weights made of others": of(bounded),
    "quantized": of(quantized),
    "empty batches": of(data=often_empty, loss=summed),
    "bfloat16": of(lambda: MLP().bfloat16(), data=lambda _: [t.bfloat16() for t in numbers()]),
    "double": of(lambda: MLP().double(), data=lambda _: [t.double() for t in numbers()]),
    "a fused optimizer": of(optimizer=lambda m: torch.optim.Adam(m.parameters(), 1e-3, fused=True)),
    "saved and copied": of(within=saved),
    "averaged": of(within=averaged),
    "pruned in mid-training": of(within=pruned),
    "forked": of(within=forked),
    "interrupted": of(within=interrupted),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_training_of_any_kind(kind, record):
    make, optimized, data, loss_of, within = KINDS[kind]

    def run(path=None):
        torch.manual_seed(7)
        model = make()
        optimizer = optimized(model)
        w = gc.watch(model, optimizer, path=path, every=2) if path else None
        losses, norms, moved = [], [], []
        for step in range(6):
            x, y = data(step)
            optimizer.zero_grad()
            loss = loss_of(model(x), y)
            loss.backward()
            # A backward pass whose gradients are not kept is part of the step, too.
            more = within(model, optimizer, step) if within else None
            gradients = [p.grad.to_dense() for p in model.parameters() if p.grad is not None]
            norms.append(torch.stack([g.double().norm() for g in gradients]).norm().item())
            before = [p.detach().clone() for p in model.parameters()]
            optimizer.step()
            moved.append(any(not torch.equal(a, b) for a, b in zip(before, model.parameters())))
            losses.append(loss.item() if more is None else more)
        if w:
            w.stop()
        return losses, norms, moved

    bare, runs = run(), []
    recording = record(lambda path: runs.append(run(path)))
    losses, norms, moved = runs[0]
    assert [x.hex() for x in losses] == [x.hex() for x in bare[0]]
    assert recording.done == [{"step": 6, "state": "stopped"}]
    assert [e["kind"] for e in recording.events] == ["unseen"] * (kind == "an ensemble")
    assert set(recording.frames) >= {0, 1, 2, 4}
    assert [recording.losses[i] for i in range(6)] == pytest.approx(losses, rel=1e-5)
    for step in recording.frames:
        if kind != "interrupted":
            assert recording.scalar(step, "gradientNorm") == pytest.approx(norms[step], rel=1e-3, abs=1e-12)
        ratios = recording.of(step, "updateRatio").values()
        assert any(ratio > 0 for ratio in ratios) == moved[step] or kind == "lists"


def test_compiled_code_of_another_model_is_not_why_no_output_is_seen(record):
    def run(path):
        torch.compile(MLP(), backend="eager")(torch.ones(4, 8))
        model = Ensemble()
        train(model, sgd(model, 0.05), numbers, mse, 2, path=path)

    assert [e["kind"] for e in record(run).events] == ["unseen"]


def test_a_training_that_begins_with_an_empty_batch(record):
    def run(path):
        model = MLP()
        optimizer = sgd(model, 0.05)
        w = gc.watch(model, optimizer, path=path)
        for size in (0, 32, 32):
            x, y = numbers(size)
            optimizer.zero_grad()
            summed(model(x), y).backward()
            optimizer.step()
        w.stop()

    recording = record(run)
    assert recording.events == [] and recording.done == [{"step": 2, "state": "stopped"}]
    assert recording.value(0, "body.0", "activationGradientRms") > 0
