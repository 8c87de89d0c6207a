"""Optimizers that come in mid-training: the recording goes on with them, and says so."""

import copy

import gradient_clinic as gc
import pytest
import torch
import torch.nn as nn
from conftest import Recording
from trainings import MLP, adam, mse, numbers, sgd


class Stages:
    """A training whose optimizers are chosen anew for each step. Remembers what each step really was."""

    def __init__(self, choose, steps, given=None, model=MLP, before=None, every=1):
        """choose: model and step to the optimizers of that step. given: to the ones that are watched, the first's"""
        self.choose, self.steps, self.given, self.model, self.before = choose, steps, given, model, before
        self.every = every
        self.losses, self.ratios, self.norms = [], [], []

    def __call__(self, path=None):
        torch.manual_seed(3)
        model = self.model()
        first = self.given(model) if self.given else self.choose(model, 0)
        w = gc.watch(model, first, path=path, every=self.every) if path else None
        for step in range(self.steps):
            if self.before:
                self.before(model, step)
            optimizers = first if step == 0 and not self.given else self.choose(model, step)
            x, y = numbers()
            model.zero_grad()
            loss = mse(model(x), y)
            loss.backward()
            self.losses.append(loss.item())
            kept = {name: p.detach().clone() for name, p in model.named_parameters()}
            self.norms.append({n: p.grad.norm().item() for n, p in model.named_parameters() if p.grad is not None})
            for optimizer in optimizers if isinstance(optimizers, list) else [optimizers]:
                optimizer.step()
            self.ratios.append(
                {n: ((p.detach() - kept[n]).norm() / kept[n].norm()).item() for n, p in model.named_parameters()}
            )
        if w:
            w.stop()


def once(*made):
    """An optimizer for each stage: pairs of the step that it ends before, and how it is made."""
    kept = {}

    def choose(model, step):
        i = next(i for i, (end, _) in enumerate(made) if step < end)
        if i not in kept or kept[i][0] is not model:
            kept[i] = (model, made[i][1](model))
        return kept[i][1]

    return choose


def recorded(stages, record, bare):
    """The recording of a training that computes the same bits with and without it."""
    recording = record(stages)
    bare()
    assert [x.hex() for x in stages.losses] == [x.hex() for x in bare.losses]
    return recording


def told(recording):
    return [(e["step"], e["text"].split(" ")[0]) for e in recording.events if e["kind"] == "optimizer"]


def check(recording, stages, frames):
    """Figures of frames, of which each is that of a step of the training."""
    for frame, step in frames.items():
        assert recording.losses[frame] == pytest.approx(stages.losses[step], rel=1e-6)
        for module in ("body.0", "head"):
            ratio = stages.ratios[step][f"{module}.weight"]
            assert recording.value(frame, module, "updateRatio") == pytest.approx(ratio, rel=1e-3, abs=1e-9)
            norm = stages.norms[step].get(f"{module}.weight")
            assert recording.value(frame, module, "weightGradientNorm") == (norm and pytest.approx(norm, rel=1e-4))


def all_sgd(model):
    return sgd(model, 0.05)


def all_adam(model):
    return adam(model, 1e-3)


def head(model):
    return sgd(model.head, 0.1)


def body(model):
    return sgd(model.body, 0.1)


def both(model):
    return [sgd(model.body, 0.1), sgd(model.head, 0.05)]


def pieces(model):
    return [sgd(part, 0.1) for part in (model.body[0], model.body[2], model.body[4], model.head)]


REPLACED = {
    "over the same parameters": (all_adam, all_sgd),
    "over more of them": (head, all_sgd),
    "over fewer": (all_sgd, head),
    "one by two": (all_adam, both),
    "two by one": (both, all_adam),
    "two by two": (both, lambda model: both(model)[::-1]),
    "some by others": (both, pieces),
}


@pytest.mark.parametrize("which", REPLACED)
def test_an_optimizer_in_the_place_of_another_one(which, record):
    first, second = REPLACED[which]
    make = lambda: Stages(once((5, first), (10, second)), 10)  # noqa: E731
    stages, bare = make(), make()
    recording = recorded(stages, record, bare)
    assert recording.done == [{"step": 10, "state": "stopped"}]
    assert {step for step, _ in told(recording)} <= {5, 6}
    # Where there are several now, those behind the first are seen from the next step on.
    check(recording, stages, {i: i for i in range(10) if i != 5 or which in ("two by one", "over the same parameters")})
    assert recording.losses[5] == pytest.approx(stages.losses[5], rel=1e-6)


def test_optimizers_that_take_turns_over_the_same_parameters(record):
    a, b = once((99, all_adam)), once((99, all_sgd))
    stages = Stages(lambda model, step: (a if step % 3 else b)(model, step), 9)
    recording = record(stages)
    check(recording, stages, {i: i for i in range(9)})
    assert len(told(recording)) == 5


def test_one_of_two_that_step_on_the_same_loss_is_given(record):
    made = once((9, lambda model: [head(model), body(model)]))
    stages = Stages(made, 6, given=lambda model: made(model, 0)[0])
    recording = record(stages)
    assert told(recording) == [(1, "SGD")] and recording.done[0]["step"] == 6
    check(recording, stages, {i: i for i in range(1, 6)})
    # What it trains is not forgotten by any optimizer.
    assert recording.module("body.0")["forgotten"] == 2
    assert all(s["forgotten"] == 0 for _, s in recording.standings[0]["modules"])


def test_a_stage_over_other_parameters_is_recorded_once_it_lasts(record):
    stages = Stages(once((5, head), (80, body), (120, head)), 120)
    recording = record(stages)
    # 32 steps are waited for. Then a stage is known as one, and no step of the next is left out.
    assert [step for step, _ in told(recording)] == [5, 48]
    assert recording.done[0]["step"] == 88
    check(recording, stages, {i: i if i < 5 else i + 32 for i in range(88)})
    assert recording.events[0]["text"].endswith("since 32 of its steps: they are not recorded, the next ones are")


def test_stages_of_optimizers_that_were_all_given(record):
    made = [once((999, head)), once((999, body))]
    stages = Stages(lambda m, step: made[step // 40 % 2](m, 0), 160, given=lambda m: [o(m, 0) for o in made])
    recording = record(stages)
    assert recording.done[0]["step"] == 160
    assert [(e["step"], e["how"], e["place"]) for e in recording.events] == [
        (step, "leads", place) for step, place in [(40, 2), (80, 1), (120, 2)]
    ]
    assert [recording.losses[i] for i in range(160)] == pytest.approx(stages.losses, rel=1e-6)
    check(recording, stages, {i: i for i in range(160)})


def test_one_of_two_that_were_given_never_steps(record):
    """Which step a backward pass is part of is known when an optimizer steps on it."""
    made = once((99, lambda model: [head(model), body(model)]))
    stages = Stages(lambda m, step: made(m, 0)[0], 60, given=lambda m: made(m, 0), every=10)
    bare = Stages(lambda m, step: made(m, 0)[0], 60, given=lambda m: made(m, 0))
    recording = recorded(stages, record, bare)
    assert set(recording.frames) == {*range(10), *range(10, 60, 10)}
    check(recording, stages, {i: i for i in recording.frames})
    whole = record(Stages(lambda m, step: head(m), 60, every=10))
    for step in recording.frames:
        for statistic in ("activationMean", "activationGradientRms", "weightGradientRms"):
            assert recording.of(step, statistic) == pytest.approx(whole.of(step, statistic), rel=1e-6)
        assert recording.scalar(step, "gradientNorm") == pytest.approx(whole.scalar(step, "gradientNorm"), rel=1e-6)


def test_a_closure_after_a_first_stage(record):
    """Adam, then LBFGS: as networks that solve equations are trained."""
    losses = []

    def run(path):
        torch.manual_seed(3)
        model = MLP(activation=nn.Tanh)
        optimizer, x, y = adam(model), *numbers(64)
        w = gc.watch(model, optimizer, path=path, every=1)

        def evaluate():
            optimizer.zero_grad()
            loss = mse(model(x), y)
            loss.backward()
            seen.append(loss.item())
            return loss

        for step in range(8):
            if step == 4:
                optimizer = torch.optim.LBFGS(model.parameters(), max_iter=3)
            seen = []
            optimizer.step(evaluate)
            losses.append(seen[-1])
        w.stop()

    recording = record(run)
    assert [recording.losses[i] for i in range(8)] == pytest.approx(losses, rel=1e-6)
    assert told(recording) == [(4, "LBFGS")]


def test_parameters_that_are_loaded_in_place_of_others(record):
    def before(model, step):
        if step == 4:
            model.load_state_dict({k: v.clone() * 1.5 for k, v in model.state_dict().items()}, assign=True)

    stages = Stages(once((4, all_sgd), (8, all_adam)), 8, before=before)
    recording = record(stages)
    check(recording, stages, {i: i for i in range(8)})
    assert recording.done[0]["step"] == 8 and [s["modules"] for s in recording.standings] == []


def test_an_optimizer_after_one_that_failed(record):
    def run(path):
        model = MLP()
        first, second = all_sgd(model), all_adam(model)
        w = gc.watch(model, first, path=path, every=1)
        first.register_step_pre_hook(lambda *_: 1 / 0)
        for _ in range(3):
            mse(*(lambda x, y: (model(x), y))(*numbers())).backward()
            try:
                first.step()
            except ZeroDivisionError:
                second.step()
            model.zero_grad()
        w.stop()

    assert record(run).done == [{"step": 3, "state": "stopped"}]


def test_the_first_step_of_another_one_is_skipped(record):
    def run(path):
        model = MLP()
        optimizer = all_sgd(model)
        scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
        w = gc.watch(model, optimizer, path=path, every=1)
        for step in range(6):
            if step == 3:
                optimizer = all_adam(model)
            x, y = numbers()
            optimizer.zero_grad()
            scaler.scale(mse(model(x), y) * (torch.inf if step == 3 else 1)).backward()
            scaler.step(optimizer)
            scaler.update()
        w.stop()

    recording = record(run)
    assert recording.done == [{"step": 6, "state": "stopped"}]
    assert [(e["step"], e["kind"]) for e in recording.events] == [(3, "optimizer"), (3, "skipped")]


def test_those_of_other_models_are_none(record):
    def run(path):
        model, other = MLP(), MLP()
        optimizers = [all_sgd(model), all_adam(other)]
        w = gc.watch(model, optimizers[0], path=path, every=1)
        for _ in range(40):
            x, y = numbers()
            for o, m in zip(optimizers[1:] * 3 + optimizers[:1], [other] * 3 + [model]):
                o.zero_grad()
                mse(m(x), y).backward()
                o.step()
        w.stop()

    recording = record(run)
    assert recording.events == [] and recording.done[0]["step"] == 40


def test_a_step_in_compiled_code_is_left_alone(tmp_path, capfd):
    def run(path=None):
        torch.manual_seed(3)
        torch._dynamo.reset()
        model, losses = MLP(), []
        optimizer = all_sgd(model)
        w = gc.watch(model, optimizer, path=path) if path else None
        step = torch.compile(lambda o: o.step(), backend="eager")
        for _ in range(3):
            x, y = numbers()
            model.zero_grad()
            loss = mse(model(x), y)
            loss.backward()
            step(optimizer)
            losses.append(loss.item())
        if w:
            w.stop()
        return losses

    path = tmp_path / "a.gcrec"
    assert run(path) == run()
    assert not path.exists() and "steps in compiled code are not seen" in capfd.readouterr().err


def test_a_training_that_goes_on_with_a_copy_is_told_of_once(record):
    def run(path):
        model = MLP()
        optimizer = all_sgd(model)
        w = gc.watch(model, optimizer, path=path, every=1)
        for step in range(80):
            if step == 4:
                model = copy.deepcopy(model)
                optimizer = all_adam(model)
            x, y = numbers()
            optimizer.zero_grad()
            mse(model(x), y).backward()
            optimizer.step()
        w.stop()

    recording = record(run)
    assert recording.done == [{"step": 4, "state": "stopped"}]
    assert [(e["step"], e["kind"], e["name"]) for e in recording.events] == [(4, "elsewhere", "Adam")]
    assert "since step 4 the watched model is not trained" in recording.events[0]["text"]


def test_other_models_that_are_trained_in_turn_are_no_end(record):
    def run(path):
        model, critic = MLP(), MLP()
        ours, theirs = all_sgd(model), all_adam(critic)
        w = gc.watch(model, ours, path=path, every=1)
        # As of a WGAN: a hundred steps of the critic for each at first, then five.
        for turn in [100, 10, 25, 90, 5]:
            for o, m in [*[(theirs, critic)] * turn, (ours, model)]:
                x, y = numbers()
                o.zero_grad()
                mse(m(x), y).backward()
                o.step()
        w.stop()

    recording = record(run)
    assert recording.events == [] and recording.done[0]["step"] == 5


@pytest.mark.parametrize("goes_on", [False, True])
def test_models_with_a_watch_each_are_trained_one_behind_the_other(goes_on, record, tmp_path):
    """An optimizer that another watch follows is none of a copy; one that none follows may be."""
    behind = tmp_path / "behind" / "a.gcrec"

    def run(path):
        models = [MLP(), MLP()]
        optimizers = [all_adam(m) for m in models]
        watches = [gc.watch(m, o, path=p) for m, o, p in zip(models, optimizers, (path, behind))]
        turns = [*zip(models, optimizers), (models[0], optimizers[0])]
        if goes_on:
            twin = copy.deepcopy(models[0])
            turns.append((twin, all_adam(twin)))
        for model, optimizer in turns:
            for _ in range(200):
                x, y = numbers()
                optimizer.zero_grad()
                mse(model(x), y).backward()
                optimizer.step()
        for w in watches:
            w.stop()

    first, second = record(run), Recording(behind)
    # Both are at rest while the copy is trained.
    assert [(e["step"], e["kind"]) for e in first.events] == [(400, "elsewhere")] * goes_on
    assert [(e["step"], e["kind"]) for e in second.events] == [(200, "elsewhere")] * goes_on
    assert (first.done[0]["step"], second.done[0]["step"]) == (400, 200)
