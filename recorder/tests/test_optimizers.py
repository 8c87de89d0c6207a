"""Steps of other shapes: closures, several optimizers, one inside another, gradients that are put in place by hand."""

import copy
import threading

import gradient_clinic as gc
import pytest
import torch
import torch.nn as nn
from conftest import Recording
from test_training import _same
from trainings import MLP, adam, mse, numbers, sgd

STATISTICS = ("activationMean", "activationGradientRms", "weightGradientNorm", "weightNorm", "updateRatio")


def pair(model):
    """Two optimizers, one for the body and one for the head."""
    return sgd(model.body, 0.1), sgd(model.head, 0.1)


def each(steps, step):
    """Makes steps on fresh numbers. `step(x, y)` makes one and returns its loss."""
    return [step(*numbers()).item() for _ in range(steps)]


def plain_steps(model, optimizer, steps=4):
    def step(x, y):
        optimizer.zero_grad()
        loss = mse(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    return each(steps, step)


def plain(model, steps, begin):
    optimizer = sgd(model, 0.1)
    return begin(optimizer), plain_steps(model, optimizer, steps)


def closure(model, steps, begin):
    optimizer = sgd(model, 0.1)

    def step(x, y):
        def evaluate():
            optimizer.zero_grad()
            loss = mse(model(x), y)
            loss.backward()
            return loss

        return optimizer.step(evaluate)

    return begin(optimizer), each(steps, step)


def function(model, steps, begin):
    optimizer = sgd(model, 0.1)

    def step(x, y):
        optimizer.zero_grad()
        loss = mse(model(x), y)
        torch.autograd.backward([loss / 2, loss / 4], [None, torch.tensor(2.0)])
        optimizer.step()
        return loss

    return begin(optimizer), each(steps, step)


def by_hand(model, steps, begin):
    optimizer = sgd(model, 0.1)

    def step(x, y):
        loss = mse(model(x), y)
        params = list(model.parameters())
        for p, g in zip(params, torch.autograd.grad(loss, params)):
            p.grad = g
        optimizer.step()
        return loss

    return begin(optimizer), each(steps, step)


def several(model, steps, begin):
    optimizers = pair(model)

    def step(x, y):
        loss = mse(model(x), y)
        loss.backward()
        for optimizer in optimizers[::-1]:
            optimizer.step()
            optimizer.zero_grad()
        return loss

    return begin(optimizers), each(steps, step)


def in_backward(model, steps, begin):
    optimizers = {p: torch.optim.SGD([p], 0.1) for p in model.parameters()}

    def update(p):
        optimizers[p].step()
        optimizers[p].zero_grad()

    for p in optimizers:
        p.register_post_accumulate_grad_hook(update)

    def step(x, y):
        loss = mse(model(x), y)
        loss.backward()
        return loss

    return begin({str(i): o for i, o in enumerate(optimizers.values())}), each(steps, step)


class Outer(torch.optim.Optimizer):
    """Around another one, as the code of papers has it: without the preparations of its class."""

    def __init__(self, inner):
        self.base_optimizer, self.param_groups = inner, inner.param_groups
        self.defaults, self.state = inner.defaults, inner.state

    def zero_grad(self, set_to_none=True):
        self.base_optimizer.zero_grad(set_to_none)

    def step(self, closure=None):
        return self.base_optimizer.step(closure)


class Prepared(Outer):
    def __init__(self, inner):
        torch.optim.Optimizer.__init__(self, inner.param_groups, {})
        self.base_optimizer, self.param_groups = inner, inner.param_groups


@pytest.mark.parametrize("outer", [Outer, Prepared])
def test_an_optimizer_around_another_one(outer, record):
    def around(model, steps, begin):
        optimizer = outer(sgd(model, 0.1))
        return begin(optimizer), plain_steps(model, optimizer, steps)

    _alike(record(_watched(around)), record(_watched(plain)), 4)


def _watched(loop, steps=4):
    def run(path):
        torch.manual_seed(3)
        model = MLP()
        w, _ = loop(model, steps, lambda optimizer: gc.watch(model, optimizer, path=path))
        w.stop()

    return run


def _alike(a, b, steps):
    assert a.done == b.done and a.events == []
    assert list(a.losses) == list(range(steps))
    for step in range(steps):
        _same(a, b, STATISTICS, step)


@pytest.mark.parametrize("loop", [closure, function, by_hand, several, in_backward], ids=lambda f: f.__name__)
def test_the_same_training_has_the_same_figures(loop, record):
    _alike(record(_watched(loop)), record(_watched(plain)), 4)
    torch.manual_seed(3)
    bare = loop(MLP(), 4, lambda _: None)[1]
    torch.manual_seed(3)
    model = MLP()
    told = []
    record(lambda path: told.extend(loop(model, 4, lambda o: gc.watch(model, o, path=path))[1]))
    assert [x.hex() for x in told] == [x.hex() for x in bare]


def test_several_evaluations_in_a_step(record):
    """LBFGS: its loss is that of the last evaluation, and its weights change from before the first."""

    def run(path):
        torch.manual_seed(1)
        model = MLP(activation=nn.Tanh)
        optimizer = torch.optim.LBFGS(model.parameters(), 0.5, max_iter=5)
        w = gc.watch(model, optimizer, path=path)
        x, y = numbers(64)

        def evaluate():
            optimizer.zero_grad()
            loss = mse(model(x), y)
            loss.backward()
            seen.append(loss.item())
            return loss

        for step in range(3):
            before = copy.deepcopy(model.head.weight.detach())
            optimizer.step(evaluate)
            changes.append(((model.head.weight - before).norm() / before.norm()).item())
            last.append(seen[-1])
        w.stop()

    seen, changes, last = [], [], []
    recording = record(run)
    assert recording.events == [] and len(seen) > 9
    assert [recording.scalar(step, "loss") for step in range(3)] == pytest.approx(last, rel=1e-5)
    assert [recording.value(step, "head", "updateRatio") for step in range(3)] == pytest.approx(changes, rel=1e-4)
    assert recording.value(2, "body.0", "weightGradientNorm") > 0


class Adversaries(nn.Module):
    """A generator and a critic in one model."""

    def __init__(self):
        super().__init__()
        self.generator, self.critic = MLP(inputs=2, outputs=2), MLP(inputs=2)


def _adversaries(path, critics=1, apart=None):
    torch.manual_seed(2)
    model = Adversaries()
    generator, critic = adam(model.generator), adam(model.critic)
    if apart:
        w = gc.watch(model.critic, critic, path=path)
    else:
        w = gc.watch(model, [generator, critic], path=path)
    told = []
    for _ in range(3):
        for _ in range(critics):
            real, fake = torch.randn(16, 2), model.generator(torch.randn(16, 2)).detach()
            critic.zero_grad()
            (model.critic(fake).mean() - model.critic(real).mean()).backward()
            critic.step()
        generator.zero_grad()
        loss = -model.critic(model.generator(torch.randn(16, 2))).mean()
        loss.backward()
        generator.step()
        told.append(loss.item())
    w.stop()
    return told


def test_a_generator_and_a_critic_in_one_model(record):
    losses = []
    both = record(lambda path: losses.extend(_adversaries(path)))
    alone = record(lambda path: _adversaries(path, apart=True))
    assert [both.losses[i] for i in range(3)] == pytest.approx(losses, rel=1e-5)
    for step in range(3):
        # What the generator's loss leaves in the critic is no part of the critic's step.
        for statistic in ("weightGradientNorm", "updateRatio", "activationMean", "activationGradientRms"):
            of = {k: v for k, v in both.of(step, statistic).items() if k.startswith("critic.")}
            assert of == pytest.approx({f"critic.{k}": v for k, v in alone.of(step, statistic).items()}, rel=1e-5)
        assert both.value(step, "generator.head", "updateRatio") > 0
    assert both.schema["optimizer"] == "Adam"


def test_a_critic_that_steps_more_often(record):
    """Each of its steps is one; the loss is that of the first optimizer, and told as it was where only others step."""
    losses = []
    recording = record(lambda path: losses.extend(_adversaries(path, critics=3)))
    assert recording.done[0]["step"] == 9 and recording.events == []
    told = [*[losses[0]] * 5, *[losses[1]] * 3, losses[2]]
    assert [recording.losses[i] for i in range(9)] == pytest.approx(told, rel=1e-5)
    assert [recording.scalar(i, "loss") for i in range(9)] == pytest.approx(told, rel=1e-5)
    # The generator runs without a gradient before it steps.
    for step, moves in enumerate([False, False, True]):
        assert recording.value(step, "critic.head", "updateRatio") > 0
        assert (recording.value(step, "generator.head", "updateRatio") > 0) == moves
        assert (recording.value(step, "generator.head", "activationGradientRms") is not None) == moves


@pytest.mark.parametrize(
    ("body_from", "is_last"), [(5, True), (31, True), (32, True), (33, False), (45, True), (45, False), (60, True)]
)
def test_the_first_of_several_optimizers_rests_at_first(body_from, is_last, record):
    """As the body of a model whose head is trained first: every step is recorded, with its own loss and rate."""

    def run(path=None):
        torch.manual_seed(3)
        model = MLP()
        body, head = sgd(model.body, 0.2), sgd(model.head, 0.1)
        w = gc.watch(model, [body, head], path=path, every=4) if path else None
        losses = []
        for step in range(60):
            x, y = numbers()
            model.zero_grad()
            loss = mse(model(x), y)
            loss.backward()
            for o in (head, body) if is_last else (body, head):
                if o is head or step >= body_from:
                    o.step()
            losses.append(loss.item())
        if w:
            w.stop()
        return losses

    told = []
    recording = record(lambda path: told.extend(run(path)))
    assert [x.hex() for x in told] == [x.hex() for x in run()]
    assert recording.done[0]["step"] == 60
    assert [recording.losses[i] for i in range(60)] == pytest.approx(told, rel=1e-5)
    assert set(recording.frames) >= {0, 1, 2, 3, *range(4, 60, 4)}
    for step in recording.frames:
        assert recording.scalar(step, "loss") == pytest.approx(told[step], rel=1e-5)
        assert recording.value(step, "head", "updateRatio") > 0
        if step != body_from:
            assert (recording.value(step, "body.0", "updateRatio") > 0) == (step > body_from)
    # Its modules are told to be in no optimizer that steps, until it does.
    at = recording.schema["modules"].index(recording.module("body.0"))
    idle = [recording.module("body.0")["idle"]]
    idle += [now["idle"] for standing in recording.standings for i, now in standing["modules"] if i == at]
    assert idle == ([0] if body_from < 32 else [2, 0] if body_from < 60 else [2])
    # One that rests is known for that after 32 steps; the rate is that of the other one until then.
    rests = body_from > 31
    assert recording.scalar(0, "learningRate") == pytest.approx(0.1 if rests else 0.2)
    assert [(e["how"], e["name"], e["place"]) for e in recording.events] == [("leads", "SGD", 1)] * (31 < body_from < 60)


def test_the_first_of_several_optimizers_makes_no_step(record):
    def run(path):
        model = MLP()
        body, head = pair(model)
        w = gc.watch(model, [body, head], path=path)
        told.extend(plain_steps(model, head))
        w.stop()

    told = []
    recording = record(run)
    assert [recording.losses[i] for i in range(4)] == pytest.approx(told, rel=1e-5)
    assert recording.events == [] and set(recording.frames) == set(range(4))
    # What it has is in no optimizer that steps.
    assert [recording.module(name)["idle"] for name in ("body.0", "body.1", "head")] == [2, 0, 0]


def test_a_step_that_failed_is_made_anew(record):
    def run(path):
        model = MLP()
        first, second = pair(model)
        w = gc.watch(model, [first, second], path=path)
        broken = first.register_step_pre_hook(lambda *_: 1 / 0)
        for step in range(4):
            x, y = numbers()
            first.zero_grad()
            second.zero_grad()
            mse(model(x), y).backward()
            if step == 0:
                with pytest.raises(ZeroDivisionError):
                    first.step()
                broken.remove()
            first.step()
            second.step()
        w.stop()

    recording = record(run)
    assert recording.events == [] and recording.done[0]["step"] == 4
    assert all(recording.value(step, "body.0", "updateRatio") > 0 for step in range(4))


def test_gradients_of_inner_steps_are_no_part_of_a_step(record):
    """MAML: the loss is that of the backward pass, and so are the figures."""

    def run(path):
        torch.manual_seed(3)
        model = MLP()
        optimizer = sgd(model, 0.1)
        w = gc.watch(model, optimizer, path=path)
        x, y = numbers()
        for asks in (True, False):
            optimizer.zero_grad()
            if asks:
                torch.autograd.grad(100 * mse(model(10 * x), y), list(model.parameters()))
            loss = mse(model(x), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        w.stop()

    losses = []
    recording = record(run)
    assert [recording.scalar(step, "loss") for step in range(2)] == pytest.approx(losses, rel=1e-5)
    assert recording.value(0, "body.0", "activationGradientRms") < 10


def test_a_loss_that_its_scale_alone_makes_infinite_is_finite(record):
    def run(path):
        model = MLP()
        optimizer = sgd(model, 0.1)
        scaler = torch.amp.GradScaler("cpu", init_scale=2.0**127)
        w = gc.watch(model, optimizer, path=path)
        for _ in range(8):
            x, y = numbers()
            optimizer.zero_grad()
            loss = mse(model(x), 100 * y)
            scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()
            losses.append(loss.item())
        w.stop()

    losses = []
    recording = record(run)
    assert {e["kind"] for e in recording.events} == {"skipped"}
    assert [recording.losses[step] for step in range(8)] == pytest.approx(losses, rel=1e-6)


def test_gradients_that_a_transform_makes_have_no_loss(record):
    from torch.func import functional_call, grad

    def run(path):
        torch.manual_seed(3)
        model = MLP()
        optimizer = sgd(model, 0.1)
        w = gc.watch(model, optimizer, path=path)
        of = grad(lambda p, a, b: mse(functional_call(model, p, (a,)), b))
        for _ in range(4):
            made = of({k: v.detach() for k, v in model.named_parameters()}, *numbers())
            for name, p in model.named_parameters():
                p.grad = made[name]
            optimizer.step()
        w.stop()

    recording = record(run)
    assert recording.losses == {} and "loss" not in recording.schema["scalars"]
    for step in range(4):
        _same_weights(recording, record(_watched(plain)), step)


def _same_weights(a, b, step):
    for statistic in ("weightGradientNorm", "weightNorm", "updateRatio"):
        assert a.of(step, statistic) == pytest.approx(b.of(step, statistic), rel=1e-4)


class Odd(nn.Module):
    """Parameters that no figures can be made of, beside those of a layer."""

    def __init__(self):
        super().__init__()
        self.none, self.empty = nn.Parameter(torch.zeros(0, 8)), nn.Linear(8, 0)
        for name, kind in [("whole", torch.int8), ("flags", torch.bool), ("eighth", torch.float8_e4m3fn)]:
            setattr(self, name, nn.Parameter(torch.zeros(4, 4).to(kind), requires_grad=False))
        self.layer = nn.Linear(8, 1)

    def forward(self, x):
        return self.layer(x) + self.none.sum() + self.empty(x).sum()


def test_parameters_without_figures_are_no_weights(record):
    def run(path):
        torch.manual_seed(3)
        model = Odd()
        optimizer = sgd(model, 0.1)
        w = gc.watch(model, optimizer, path=path)
        plain_steps(model, optimizer)
        w.stop()

    recording = record(run)
    assert recording.events == [] and len(recording.losses) == 4
    assert {m["name"]: m["kernel"] for m in recording.schema["modules"]} == {"": False, "empty": False, "layer": True}
    assert recording.value(3, "layer", "updateRatio") > 0


def test_sequences_of_several_lengths(record):
    """Jagged tensors have the figures of all their places."""
    parts = [torch.randn(n, 8) for n in (3, 5, 2)]

    def run(path, is_nested):
        torch.manual_seed(3)
        model = MLP()
        optimizer = sgd(model, 0.1)
        w = gc.watch(model, optimizer, path=path)
        x = torch.nested.nested_tensor(parts, layout=torch.jagged) if is_nested else torch.cat(parts)
        out = model(x)
        mse(out.values() if is_nested else out, torch.cat(parts)[:, :1]).backward()
        optimizer.step()
        w.stop()

    a, b = (record(run, is_nested=n) for n in (True, False))
    assert a.events == []
    _same(a, b, (*STATISTICS, "activationStd"))


def test_models_in_several_threads(record, tmp_path):
    def run(path):
        def one(model, path):
            optimizer = sgd(model, 0.01)
            w = gc.watch(model, optimizer, path=str(path))
            plain_steps(model, optimizer, 40)
            w.stop()

        paths = [path, *(tmp_path / "more" / f"{i}.gcrec" for i in range(2))]
        threads = [threading.Thread(target=one, args=(MLP(), p)) for p in paths]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for p in paths:
            recording = Recording(p)
            assert recording.events == [] and list(recording.losses) == list(range(40))

    record(run)


def test_weights_that_are_spread_are_refused_in_words(tmp_path, capfd):
    class FullyShardedDataParallel(MLP):
        """By its name alone: real ones need several processes."""

    model = FullyShardedDataParallel()
    w = gc.watch(model, sgd(model, 0.1), path=tmp_path / "a.gcrec")
    w.stop()
    assert "spread over several processes" in capfd.readouterr().err


def test_what_is_looked_at_by_transforms_is_no_part_of_a_step(record):
    from torch.func import functional_call, grad, vmap

    def run(path):
        torch.manual_seed(3)
        model = MLP()
        optimizer = sgd(model, 0.1)
        w = gc.watch(model, optimizer, path=path)
        for _ in range(4):
            x, y = numbers()
            params = {k: v.detach() for k, v in model.named_parameters()}
            of = grad(lambda p, a, b: mse(functional_call(model, p, (a[None],)), b[None]))
            vmap(of, (None, 0, 0))(params, x, y)
            with torch._subclasses.FakeTensorMode(allow_non_fake_inputs=True):
                model(torch.ones(2, 8))
            optimizer.zero_grad()
            mse(model(x), y).backward()
            optimizer.step()
        w.stop()

    _alike(record(run), record(_watched(plain)), 4)
