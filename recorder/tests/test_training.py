"""The training is the same with and without the recorder, and what was recorded is what it was."""

import copy
import io
import math
import warnings

import gradient_clinic as gc
import pytest
import torch
import torch.nn as nn
from gradient_clinic import figures, patches
from torch.utils.checkpoint import checkpoint
from trainings import MLP, Critic, Transformer, adam, classes, made, mse, numbers, sgd, train, words


@pytest.mark.parametrize("name", ["mlp", "resnet", "lstm", "pre-ln", "post-ln", "wgan", "nan"])
def test_losses_are_equal_to_the_last_bit(name, record):
    watched = []
    recording = record(lambda **w: watched.extend(made(name, every=3, **w)))
    bare = made(name, watched=False)
    assert [x.hex() for x in watched] == [x.hex() for x in bare]
    # And those are the losses that are in the recording.
    assert list(recording.losses) == list(range(len(bare)))
    told = [recording.losses[i] for i in range(len(bare))]
    assert told == pytest.approx(bare, rel=1e-5, abs=1e-7, nan_ok=True)
    assert recording.done == [{"step": len(bare), "state": "stopped"}]
    assert 0 in recording.frames and 3 in recording.frames and recording.events == []


def test_a_frame_holds_the_figures_of_its_step(record):
    """Against plain formulas in float64, on a net written out by hand."""
    torch.manual_seed(3)
    model = MLP(depth=2, width=5)
    twin = copy.deepcopy(model).double()
    x, y = numbers(7)
    recording = record(lambda **w: train(model, sgd(model, 0.1), lambda: (x, y), mse, 1, **w))

    z1 = twin.body[0](x.double())
    h1 = torch.relu(z1)
    z2 = twin.body[2](h1)
    h2 = torch.relu(z2)
    out = twin.head(h2)
    tensors = {"body.0": z1, "body.1": h1, "body.2": z2, "body.3": h2, "head": out}
    for t in tensors.values():
        t.retain_grad()
    loss = mse(out, y.double())
    loss.backward()
    near = lambda value: pytest.approx(float(value), rel=1e-4)  # noqa: E731
    assert recording.scalar(0, "loss") == near(loss)
    norms = [p.grad.norm() ** 2 for p in twin.parameters()]
    assert recording.scalar(0, "gradientNorm") == near(sum(norms).sqrt())
    assert recording.scalar(0, "learningRate") == near(0.1)
    for name, t in tensors.items():
        assert recording.value(0, name, "activationGradientRms") == near(t.grad.square().mean().sqrt())
        assert recording.value(0, name, "activationMean") == near(t.mean())
        assert recording.value(0, name, "activationStd") == near(t.std(correction=0))
    for name, module in twin.named_modules():
        if not isinstance(module, nn.Linear):
            continue
        g = module.weight.grad
        assert recording.value(0, name, "weightNorm") == near(module.weight.norm())
        assert recording.value(0, name, "weightGradientNorm") == near(g.norm())
        assert recording.value(0, name, "weightGradientMeanAbs") == near(g.abs().mean())
        assert recording.value(0, name, "weightGradientMaxAbs") == near(g.abs().max())
        assert recording.value(0, name, "gradientZeroShare") == near((g == 0).double().mean())
        assert recording.value(0, name, "biasGradientNorm") == near(module.bias.grad.norm())
        assert recording.value(0, name, "updateRatio") == near(0.1 * g.norm() / module.weight.norm())
    assert recording.value(0, "body.1", "deadShare") == near((h1.amax(0) == 0).double().mean())
    assert recording.value(0, "body.1", "preActivationGradientRms") == near(z1.grad.square().mean().sqrt())


def _same(a, b, statistics=("activationGradientRms", "weightGradientNorm", "updateRatio"), step=0):
    for statistic in statistics:
        assert a.of(step, statistic) == pytest.approx(b.of(step, statistic), rel=1e-4), statistic
    assert a.scalar(step, "loss") == pytest.approx(b.scalar(step, "loss"), rel=1e-5)
    assert a.scalar(step, "gradientNorm") == pytest.approx(b.scalar(step, "gradientNorm"), rel=1e-4)


def _plain(loop):
    """A training of one step by a loop of one's own."""

    def run(path):
        torch.manual_seed(5)
        model = MLP()
        optimizer = sgd(model, 0.1)
        w = gc.watch(model, optimizer, path=path)
        loop(model, optimizer, *numbers(32))
        w.stop()

    return run


def _step(model, optimizer, x, y):
    optimizer.zero_grad()
    mse(model(x), y).backward()
    optimizer.step()


def test_accumulated_gradients_are_one_step(record):
    def loop(model, optimizer, x, y):
        optimizer.zero_grad()
        for part in range(4):
            rows = slice(8 * part, 8 * part + 8)
            (mse(model(x[rows]), y[rows]) / 4).backward()
        optimizer.step()

    a, b = record(_plain(loop)), record(_plain(_step))
    _same(a, b)
    _same(a, b, ["activationMean", "activationStd", "deadShare"])


def test_gradients_are_taken_before_clipping(record):
    def loop(model, optimizer, x, y):
        mse(model(x), y).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1e-4)
        optimizer.step()

    a, b = record(_plain(loop)), record(_plain(_step))
    _same(a, b, ["activationGradientRms", "weightGradientNorm"])
    assert a.value(0, "head", "updateRatio") < 1e-3 * b.value(0, "head", "updateRatio")


def test_zeroing_after_the_forward_pass_keeps_it(record):
    def loop(model, optimizer, x, y):
        loss = mse(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    _same(record(_plain(loop)), record(_plain(_step)))


def test_what_validation_runs_is_no_part_of_a_step(record):
    def loop(model, optimizer, x, y):
        model.eval()
        with torch.no_grad():
            model(100 * x)
        model(100 * x)
        model.train()
        _step(model, optimizer, x, y)

    _same(record(_plain(loop)), record(_plain(_step)), ["activationStd", "activationGradientRms"])


def test_several_backward_passes_of_a_critic(record):
    def critic(apart):
        def run(path):
            torch.manual_seed(2)
            model, generator = Critic(), nn.Linear(2, 2)
            optimizer = sgd(model, 0.1)
            w = gc.watch(model, optimizer, path=path)
            real, noise = torch.randn(16, 2), torch.randn(16, 2)
            # The generator's own pass reaches the critic; what it leaves there is thrown away.
            (-model(generator(noise)).mean()).backward()
            model.zero_grad()
            fake = generator(noise).detach()
            if apart:
                (-model(real).mean()).backward()
                model(fake).mean().backward()
            else:
                (-model(real).mean() + model(fake).mean()).backward()
            optimizer.step()
            w.stop()

        return run

    _same(record(critic(True)), record(critic(False)))


def test_a_scaler_leaves_no_trace(record):
    def loop(model, optimizer, x, y):
        scaler = torch.amp.GradScaler("cpu", init_scale=2.0**12)
        scaler.scale(mse(model(x), y)).backward()
        scaler.step(optimizer)
        scaler.update()

    a, b = record(_plain(loop)), record(_plain(_step))
    _same(a, b)
    assert a.scalar(0, "ampScale") == 2.0**12


def test_a_step_that_the_scaler_skips(record):
    def loop(model, optimizer, x, y):
        scaler = torch.amp.GradScaler("cpu", init_scale=2.0**12)
        for factor in (1.0, 1e38, 1.0):
            optimizer.zero_grad()
            scaler.scale(mse(model(x), y) * factor).backward()
            scaler.step(optimizer)
            scaler.update()

    recording = record(_plain(loop))
    assert [(e["step"], e["kind"]) for e in recording.events] == [(1, "skipped")]
    assert list(recording.frames) == [0, 1, 2]
    assert recording.value(1, "head", "updateRatio") == 0
    assert recording.value(1, "head", "gradientNaN") + recording.value(1, "head", "gradientInf") > 0
    assert recording.scalar(2, "ampScale") < recording.scalar(0, "ampScale")


def test_half_precision(record):
    def run(watched, path=None):
        torch.manual_seed(1)
        model = MLP()
        optimizer = adam(model)
        w = gc.watch(model, optimizer, path=path) if watched else None
        losses = []
        for _ in range(8):
            x, y = numbers()
            optimizer.zero_grad()
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = mse(model(x).float(), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        if w:
            w.stop()
        return losses

    watched = []
    recording = record(lambda path: watched.extend(run(True, path)))
    assert watched == run(False)
    assert all(v > 0 for v in recording.of(7, "activationGradientRms").values())


@pytest.mark.parametrize("order", ["before", "after", "and ran"])
def test_compiled_code_is_that_without_hooks(order, record):
    def run(watched, path=None):
        torch._dynamo.reset()
        torch.manual_seed(1)
        model = MLP()
        optimizer = adam(model)
        graphs = []

        def backend(graph, _inputs):
            graphs.append([(node.op, str(node.target).split('.')[-1]) for node in graph.graph.nodes if node.op != 'placeholder'])
            return graph.forward

        compiled = model if order == "after" else torch.compile(model, backend=backend)
        if order == "and ran":
            compiled(numbers()[0])
        w = gc.watch(compiled, optimizer, path=path) if watched else None
        if order == "after":
            compiled = torch.compile(model, backend=backend)
        losses = []
        # Beyond the tenth, steps are not recorded, and back again.
        for _ in range(22):
            x, y = numbers()
            optimizer.zero_grad()
            loss = mse(compiled(x), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        if w:
            w.stop()
        return losses, graphs

    watched = []
    recording = record(lambda path: watched.append(run(True, path)))
    assert watched[0] == run(False)
    assert [e["kind"] for e in recording.events] == ["compiled"]
    assert recording.value(3, "body.0", "weightGradientNorm") > 0
    assert recording.value(3, "body.0", "updateRatio") > 0


def test_hooks_stand_aside_in_steps_that_are_not_recorded(record, monkeypatch):
    """And come back to their place: before those of the person that were there later."""
    # Other tests have compiled; then hooks stay where they are.
    monkeypatch.setattr(patches, "graphs_compiled", lambda: 0)

    def run(path):
        torch.manual_seed(1)
        model = MLP(depth=1, width=4)
        optimizer = sgd(model, 0.1)
        w = gc.watch(model, optimizer, path=path, every=4)
        layer = model.body[0]
        mine = layer.register_forward_hook(lambda _m, _args, out: out * 2)
        told = []
        for step in range(10):
            told.append([key == mine.id for key in layer._forward_hooks])
            _step(model, optimizer, *numbers(8))
        w.stop()
        assert told == [[False, True]] * 5 + [[True]] * 3 + [[False, True], [True]]
        assert list(layer._forward_hooks) == [mine.id]

    recording = record(run)
    assert set(recording.frames) == {0, 1, 2, 3, 4, 8}
    assert all(recording.value(step, "body.0", "activationStd") > 0 for step in (0, 8))


def test_frozen_modules(record):
    def run(path):
        model = MLP()
        model.body[0].requires_grad_(False)
        train(model, torch.optim.SGD([p for p in model.parameters() if p.requires_grad], 0.1), numbers, mse, 2, path=path)

    recording = record(run)
    assert recording.value(1, "body.0", "weightGradientNorm") is None
    assert recording.value(1, "body.0", "updateRatio") == 0
    assert recording.value(1, "body.2", "weightGradientNorm") > 0
    frozen = recording.module("body.0")
    assert (frozen["trainable"], frozen["frozen"], frozen["forgotten"], frozen["held"]) == (0, 2, 0, 0)


def test_parameters_that_the_optimizer_does_not_have(record):
    recording = record(lambda **w: made("forgotten", **w))
    assert recording.module("body.0")["forgotten"] == 2
    assert recording.module("head")["forgotten"] == 0

    def held(path):
        model = MLP()
        model.body[0].requires_grad_(False)
        train(model, adam(model), numbers, mse, 1, path=path)

    assert record(held).module("body.0")["held"] == 2


def test_modules_that_are_thawed_and_frozen_in_mid_training(record):
    """Their figures have a place from the first step on, and a chunk says from when on they are trained."""
    recording = record(lambda **w: made("thawed", **w))
    assert recording.module("body.0")["still"] and not recording.module("head")["still"]
    for statistic in ("weightGradientNorm", "biasGradientNorm", "activationGradientRms"):
        assert recording.value(50, "body.0", statistic) is None
        assert recording.value(60, "body.0", statistic) > 0
    assert recording.value(50, "body.0", "updateRatio") == 0 and recording.value(60, "body.0", "updateRatio") > 0
    # Losses are seen whichever half is trained.
    assert list(recording.losses) == list(range(120))
    (told,) = recording.standings
    names = [recording.schema["modules"][index]["name"] for index, _ in told["modules"]]
    assert told["step"] == 60 and names == ["body.0", "body.2", "body.4"]
    assert told["modules"][0][1] == {"trainable": 2, "frozen": 0, "forgotten": 0, "held": 0, "idle": 0, "still": False}

    recording = record(lambda **w: made("frozen", **w))
    assert [s["step"] for s in recording.standings] == [60] and recording.standings[0]["modules"][0][1]["still"]
    assert list(recording.losses) == list(range(120))
    recording = record(lambda **w: made("thawed-alone", **w))
    assert recording.standings[0]["modules"][0][1]["forgotten"] == 2


def test_modules_that_are_replaced_after_the_watch_began(record):
    def run(path):
        model = MLP()

        def replace(_model, optimizer, step):
            if step == 3:
                model.head = nn.Linear(32, 1)
                optimizer.add_param_group({"params": model.head.parameters()})

        train(model, sgd(model, 0.01), numbers, mse, 8, after=replace, path=path)

    recording = record(run)
    assert list(recording.losses) == list(range(8)) and recording.events == []
    gone = recording.standings[-1]["modules"]
    assert [recording.schema["modules"][i]["name"] for i, _ in gone] == ["head"] and gone[0][1]["still"]


def test_a_module_that_runs_twice(record):
    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = nn.Linear(8, 8)
            self.out = nn.Linear(8, 1)

        def forward(self, x):
            self.first = self.inner(x)
            self.second = self.inner(torch.tanh(self.first))
            for t in (self.first, self.second):
                t.retain_grad()
            return self.out(torch.tanh(self.second))

    model = Twice()
    recording = record(lambda path: train(model, sgd(model, 0.1), numbers, mse, 1, path=path))
    both = torch.cat([model.first.grad, model.second.grad])
    assert recording.value(0, "inner", "activationGradientRms") == pytest.approx(both.square().mean().sqrt().item(), rel=1e-5)
    values = torch.cat([model.first, model.second])
    assert recording.value(0, "inner", "activationStd") == pytest.approx(values.std(correction=0).item(), rel=1e-4)


def test_tied_weights(record):
    def run(path):
        model = Transformer()
        train(model, adam(model), words, classes, 2, path=path)

    recording = record(run)
    assert recording.module("head")["tied"] == "tok"
    assert recording.value(1, "head", "weightNorm") == recording.value(1, "tok", "weightNorm")


@pytest.mark.parametrize("reentrant", [True, False])
def test_checkpointed_modules(reentrant, record):
    class Net(nn.Module):
        def __init__(self, saved):
            super().__init__()
            self.first, self.saved = nn.Linear(8, 8), saved
            self.block = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 8))
            self.out = nn.Linear(8, 1)

        def forward(self, x):
            h = self.first(x)
            return self.out(checkpoint(self.block, h, use_reentrant=reentrant) if self.saved else self.block(h))

    def run(saved):
        def one(path):
            torch.manual_seed(4)
            model = Net(saved)
            train(model, sgd(model, 0.1), numbers, mse, 3, path=path)

        return one

    a, b = record(run(True)), record(run(False))
    for step in range(3):
        _same(a, b, step=step)
        _same(a, b, ["activationMean", "activationStd"], step=step)


def test_entropy_of_attention(record):
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.attn = nn.MultiheadAttention(8, 2, batch_first=True)
            self.out = nn.Linear(8, 1)

        def forward(self, x):
            h, weights = self.attn(x, x, x, average_attn_weights=False)
            self.weights = weights.detach()
            return self.out(h).mean(1)

    model = Net()
    data = lambda: (torch.randn(3, 5, 8), torch.randn(3, 1))  # noqa: E731
    recording = record(lambda path: train(model, sgd(model, 0.0), data, mse, 1, path=path))
    entropy = torch.special.entr(model.weights).sum(-1).mean((0, 2)).tolist()
    got = [recording.value(0, "attn", s) for s in ("attentionEntropy", "attentionEntropyLow")]
    # Of the first example alone where the weights are not one stack of all heads.
    assert got[0] == pytest.approx(sum(entropy) / 2, rel=0.05)
    assert got[1] <= got[0] <= math.log(5)

    causal = record(lambda path: train(m := Transformer(), adam(m), words, classes, 1, path=path))
    uniform = sum(math.log(i) for i in range(1, 17)) / 16
    assert 0.5 * uniform < causal.value(0, "blocks.0.attn", "attentionEntropy") <= uniform + 1e-5


def test_attention_is_left_in_evaluations_and_after_errors(record):
    softmax = torch.softmax

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.attn = nn.MultiheadAttention(8, 2, batch_first=True)

        def forward(self, x):
            return self.attn(x, x, x)[0]

    def run(path):
        model = Net()
        optimizer = sgd(model, 0.1)
        w = gc.watch(model, optimizer, path=path)
        model.eval()(torch.randn(2, 5, 8))
        assert torch.softmax is softmax
        with pytest.raises((RuntimeError, AssertionError)):
            model.train()(torch.randn(2, 5, 7))
        model(torch.randn(2, 5, 8)).square().mean().backward()
        optimizer.step()
        assert torch.softmax is softmax
        w.stop()

    assert 0 < record(run).value(0, "attn", "attentionEntropy") <= math.log(5)


def test_places_in_the_code(record):
    recording = record(lambda **w: made("pre-ln", **w))
    module = recording.module("blocks.1.attn.qkv")
    assert module["file"].endswith("trainings.py")
    assert module["code"] == "self.qkv = nn.Linear(width, 3 * width)"
    assert recording.module("tok")["code"].startswith("self.tok = nn.Embedding")
    assert "nn.GELU()" in recording.module("blocks.0.mlp.1")["code"]
    assert recording.schema["lines"]["step"]["code"] == "optimizer.step()"
    assert recording.schema["lines"]["backward"]["code"] == "value.backward()"


def test_an_error_inside_switches_it_off(record, monkeypatch, capfd):
    def run(path):
        model = MLP()
        torch.manual_seed(9)

        def broken(_model, _optimizer, step):
            if step == 3:
                monkeypatch.setattr(figures, "norm", lambda _: 1 / 0)

        losses.extend(train(model, sgd(model, 0.1), numbers, mse, 8, after=broken, path=path))

    losses = []
    recording = record(run)
    assert len(losses) == 8 and all(math.isfinite(x) for x in losses)
    assert list(recording.frames) == [0, 1, 2]
    assert recording.events[0]["kind"] == "off" and "division by zero" in recording.events[0]["text"]
    assert "the recorder is off" in capfd.readouterr().err


def test_a_file_that_cannot_be_written_stops_nothing(capfd):
    model = MLP()
    losses = train(model, sgd(model, 0.1), numbers, mse, 3, path="/dev/null/x.gcrec")
    assert len(losses) == 3
    assert "the recorder is off" in capfd.readouterr().err


def test_an_error_of_the_training_is_the_training_s(tmp_path):
    model = MLP()
    optimizer = sgd(model, 0.1)
    w = gc.watch(model, optimizer, path=str(tmp_path / "a.gcrec"))
    with pytest.raises(RuntimeError):
        model(torch.randn(2, 3))
    with pytest.raises(RuntimeError):
        torch.tensor(1.0).backward()
    w.stop()


def test_a_watched_model_is_copied_and_saved_without_hooks(tmp_path):
    model = MLP()
    optimizer = sgd(model, 0.1)
    w = gc.watch(model, optimizer, path=str(tmp_path / "a.gcrec"))
    copy.deepcopy(model)(torch.randn(2, 8)).sum().backward()
    torch.save(model, io.BytesIO())
    torch.save(optimizer, io.BytesIO())
    w.stop()
    assert not any(m._forward_hooks for m in model.modules())


def test_frames_of_every_nth_step_and_after_an_alarm(record):
    recording = record(lambda **w: made("mlp", every=20, **w))
    assert list(recording.frames) == [*range(20), 20, 40, 60, 80, 100]

    def jump(path):
        torch.manual_seed(1)
        model = MLP()
        data = lambda: (torch.ones(4, 8), torch.full((4, 1), 1e3 if model.step == 33 else 1.0))  # noqa: E731
        model.step = -1

        def count(*_):
            model.step += 1

        train(model, sgd(model, 1e-3), data, mse, 45, after=count, path=path)

    assert set(range(36, 40)) < set(record(jump).frames)


def test_figures_beyond_what_the_file_holds_are_infinite(record):
    class Twice(nn.Module):
        """A layer that runs twice, whose passes are one figure."""

        def __init__(self):
            super().__init__()
            self.layer, self.head = nn.Linear(8, 8), nn.Linear(8, 1)

        def forward(self, x):
            return self.head(self.layer(self.layer(x)))

    def run(path):
        torch.manual_seed(1)
        model = Twice().double()
        data = lambda: [t.double() for t in numbers()]  # noqa: E731
        # A program may make errors of warnings.
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            train(model, sgd(model, 1e3), data, mse, 12, path=path)

    recording = record(run)
    assert recording.events == []
    assert sorted(recording.frames) == list(range(12))
    assert any(math.isinf(value) for frame in recording.frames.values() for value in frame)


def test_a_training_in_evaluation_mode_is_seen(record):
    def run(path):
        model = MLP()
        turns = lambda model, _optimizer, step: model.train(3 <= step < 6)  # noqa: E731
        train(model.eval(), sgd(model, 0.01), numbers, mse, 12, after=turns, path=path, every=1)

    recording = record(run)
    assert recording.events == [] and all(m["ran"] for m in recording.schema["modules"])
    # The step behind a change from training mode has nothing to tell: it looked at the other mode.
    seen = [step for step in recording.frames if recording.value(step, "head", "activationGradientRms") is not None]
    assert seen == [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11]


def test_an_evaluation_that_builds_a_graph_is_no_part_of_a_step(record):
    def run(path, evaluates):
        torch.manual_seed(3)
        model = MLP()
        model.body.requires_grad_(False)
        optimizer = torch.optim.SGD(model.head.parameters(), 0.01)
        gc.watch(model, optimizer, path=path)
        for _ in range(3):
            if evaluates:
                model.eval()(torch.full((7, 8), 100.0))
                model.train()
            optimizer.zero_grad()
            mse(model(torch.ones(4, 8)), torch.ones(4, 1)).backward()
            optimizer.step()

    bare, evaluated = (record(run, evaluates=e) for e in (False, True))
    assert evaluated.schema["batch"] == 4
    for step in range(3):
        for statistic in ("activationMean", "activationStd", "deadShare", "activationGradientRms"):
            assert evaluated.of(step, statistic) == bare.of(step, statistic)


@pytest.mark.parametrize(
    "make",
    [
        nn.utils.parametrizations.weight_norm,
        nn.utils.parametrizations.spectral_norm,
        nn.utils.parametrizations.orthogonal,
        # Those of before, which are hooks.
        nn.utils.weight_norm,
        nn.utils.spectral_norm,
    ],
)
def test_a_layer_whose_weights_are_made_of_others_is_one_layer(make, record):
    def run(watched=True, **options):
        torch.manual_seed(4)
        model = nn.Sequential(make(nn.Linear(8, 8)), nn.Tanh(), make(nn.Linear(8, 1)))
        return train(model, sgd(model, 0.1), numbers, mse, 6, watched, **options)

    losses = []
    recording = record(lambda path: losses.extend(run(path=path)))
    assert losses == run(False)
    assert [(m["name"], m["kind"], m["kernel"]) for m in recording.schema["modules"]] == [
        ("0", "Linear", True),
        ("1", "Tanh", False),
        ("2", "Linear", True),
    ]
    for name in ("0", "2"):
        for statistic in ("activationGradientRms", "weightGradientNorm", "updateRatio", "biasGradientNorm"):
            assert recording.value(0, name, statistic) > 0


def test_both_parts_of_complex_weights_count(record):
    weight = []

    def run(path):
        model = nn.Sequential(nn.Linear(3, 2, bias=False, dtype=torch.cfloat))
        optimizer = sgd(model, 0.1)
        gc.watch(model, optimizer, path=path)
        (model(torch.full((4, 3), 1 + 2j)).abs() ** 2).mean().backward()
        weight.extend([model[0].weight.detach().clone(), model[0].weight.grad.clone()])
        optimizer.step()

    recording = record(run)
    w, g = weight
    assert recording.value(0, "0", "weightNorm") == pytest.approx(w.abs().square().sum().sqrt().item(), rel=1e-5)
    norm = g.abs().square().sum().sqrt().item()
    assert recording.value(0, "0", "weightGradientNorm") == pytest.approx(norm, rel=1e-5)
    assert recording.value(0, "0", "gradientZeroShare") == 0
    ratio = 0.1 * norm / recording.value(0, "0", "weightNorm")
    assert recording.value(0, "0", "updateRatio") == pytest.approx(ratio, rel=1e-4)
