"""Watches a training in PyTorch: hooks on modules, tensors and the optimizer, figures of every n-th step, one file."""

import atexit
import math
import os
import sys
import threading
import time

import numpy as np
import torch

from . import __version__, figures, patches
from .arguments import INNER, Refused, checked_every, checked_model, checked_optimizers, checked_path, is_keras
from .attention import Attention
from .modules import Track, Weights, dense, is_counted, tracks_of, unwrapped
from .recording import MISSING, Writer
from .rounds import Rounds, hooked
from .source import Sources, caller, line_of

# A loss this many times the largest of the last ones is an alarm: the steps after it are recorded out of turn, so that
# a break-down has frames. So many of them at most.
_ALARM, _AFTER, _MOST_ALARMED = 3.0, 8, 64


def watch(model, optimizer=None, *, path=None, every=10):
    """Records the training of a model, from its next step to the end of the program.

    model, optimizer: any `torch.nn.Module` and `torch.optim.Optimizer`; call it before `torch.compile`. Or a model of
    Keras 3 that runs on PyTorch; its optimizer is that of `compile` where none is given. Several optimizers of one model
    come as a list: a step is one step of each, and the loss that of the first.
    path: the file to write; by default `gradient-clinic/<script>-<time>.gcrec` in the working folder.
    every: every n-th step gets figures (each of the first n does); the loss is recorded of all steps.
    Returns the watch: `stop()` ends it. Nothing that goes wrong in here reaches the training.
    """
    made = Watch()
    try:
        made = _kind_of(model)()
    except Exception as error:
        made.off(_words(error))
        return made
    # Not called as `guard(start, …)` in one go: the caller's frame is looked for from here.
    made.guard(made.start, model, optimizer, path, every)
    return made


def _kind_of(model):
    if is_keras(model):
        from .keras import KerasModelWatch

        return KerasModelWatch
    return Watch


def _say(text):
    # A program without a console has no place to say it.
    if sys.stderr is not None:
        print(f"gradient-clinic: {text}", file=sys.stderr)


def _words(error):
    """Why the recorder is off. What was refused in words needs no name of its class."""
    if isinstance(error, Refused):
        return str(error)
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename} can't be written: {error.strerror}"
    return f"{type(error).__name__}: {error}"


def _is_main_process():
    dist = torch.distributed
    return not (dist.is_available() and dist.is_initialized() and dist.get_rank() != 0)


class Watch:
    """One recording of one model."""

    def __init__(self):
        self.every = 1
        self.step = 0
        self.model = None
        # All that were given; the first is the one whose loss and learning rate are told.
        self.optimizers = []
        self.rounds = Rounds([])
        self.active = False
        self.path = None
        self._writer = None
        self._handles = []
        # Hooks that stand aside in steps that are not recorded, and whether they do.
        self._resting, self._rests = [], False
        self._weights = None
        # Passes in evaluation mode are left out once this is known.
        self.trains_in_training_mode = False
        self._tracks = []
        self._attention = Attention()
        self._on = False

    # Life

    def guard(self, work, *args):
        """Runs a part of the recorder: an error in it ends the recording, and nothing else."""
        try:
            return work(*args)
        except Exception as error:
            self.off(_words(error))

    def start(self, model, optimizer, path, every):
        self.model, self.optimizers = self._checked(model, optimizer)
        self.every = checked_every(every)
        path = checked_path(path)
        if not _is_main_process():
            return
        place, frame = caller()
        self._place = place
        self._begin(path, Sources(self.model, frame))
        for other in list(patches.WATCHES):
            if self._replaces(other):
                _say(f"{other.path} ends here: the same training is watched anew")
                other.stop()
        self._hook_optimizer()
        for track in self._tracks:
            self._handles += track.hook(self)
        self._resting = [handle for handle in self._handles if hasattr(handle, "rest")]
        patches.install()
        patches.WATCHES.append(self)

    def _begin(self, path, sources):
        self._sources = sources
        self._tracks = self._make_tracks()
        if not self._tracks:
            raise Refused(f"{type(self.model).__name__} has no parameters and no activations: there is nothing to record")
        self._params = self._parameters()
        self._probes = []
        script = self._place["file"] if self._place else "training"
        name = os.path.splitext(os.path.basename(script))[0]
        stamp = time.strftime("%Y%m%d-%H%M%S")
        default = os.path.join("gradient-clinic", f"{name}-{stamp}.gcrec")
        self._writer = Writer(path or default, is_fixed=path is not None)
        self.path = self._writer.path
        self._has_schema = False
        self._losses, self._losses_from = [], 0
        self._recent, self._alarmed, self._alarms_left = [], 0, _MOST_ALARMED
        self._where = {}
        self._scaler = None
        self._backward = 0
        self.counts = self.asks = self._waits = False
        self._thread = threading.get_ident()
        self._order = 0
        self._last_loss = None
        self._first, self._has_stepped = [], False
        self._on = True
        self._weights = Weights(self._tracks)
        self._reset()
        self._turn()
        atexit.register(self._exit)
        _say(f"recording {self.path}")

    def stop(self):
        """Ends the recording. The training goes on."""
        self.guard(self._end, "stopped")

    def _exit(self):
        self.guard(self._end, "finished")

    def _end(self, state):
        if self._on:
            if self.rounds.made:
                # One of several optimizers made no more steps.
                self._complete()
            self._flush_losses()
            self._writer.done(self.step, state)
            if not self._has_schema and self._writer.is_own:
                _say(f"no step of {self._optimizer_name()} that trains {type(self.model).__name__} was seen: nothing was written")
            self._remove()

    def off(self, reason):
        """Ends the recording after an error in it, and says so."""
        was_on, self._on = self._on, False
        for work in (
            self._remove,
            lambda: _say(f"the recorder is off ({reason}); the training goes on"),
            # A full disk, most likely: that it is off has been said.
            lambda: was_on and self._writer and self._writer.off(self.step, reason),
        ):
            try:
                work()
            except Exception:
                pass

    def _remove(self):
        self._on = self.active = False
        for handle in self._handles:
            handle.remove()
        self._handles = []
        if self in patches.WATCHES:
            patches.WATCHES.remove(self)
        atexit.unregister(self._exit)
        self._resting = []
        if self._tracks:
            self._attention.restore()
        if self._weights:
            self._weights.clear()
        for track in self._tracks:
            track.clear()

    # What differs between libraries

    def _checked(self, model, optimizer):
        """Model and optimizers, out of what holds them. Raises Refused for what they can't be."""
        # The model first: where it is the wrong thing, so may be the optimizer.
        return unwrapped(checked_model(model)), checked_optimizers(optimizer)

    def _replaces(self, other):
        """Whether this watch sees what another one does: a cell of a notebook was run again."""
        return other.model is self.model and any(o is mine for o in other.optimizers for mine in self.optimizers)

    def _hook_optimizer(self):
        self.rounds = Rounds(self.optimizers, torch.optim.Optimizer, INNER)
        self._handles += hooked(self.rounds, self)

    def _make_tracks(self):
        return tracks_of(self.model)

    def _parameters(self):
        return list(self.model.parameters())

    def _groups(self):
        return [group for optimizer in self.optimizers for group in optimizer.param_groups]

    def _optimized(self):
        return [p for group in self._groups() for p in group["params"]]

    def _given(self):
        """How many parameters the optimizers have."""
        return sum(len(group["params"]) for group in self._groups())

    def _live(self):
        """The parameters that the model has now: what it had at first may have been replaced."""
        return self.model.parameters()

    def _learning_rate(self):
        return float(self.optimizers[0].param_groups[0]["lr"])

    def _optimizer_name(self):
        return " + ".join(dict.fromkeys(type(o).__name__ for o in self.optimizers))[:200]

    def _framework(self):
        return {"name": "pytorch", "version": torch.__version__}

    def _line_of(self, track):
        """File and line of the code that makes a module, or None."""
        try:
            return self._sources.of(track.name)
        except Exception:
            # Code can be written in ways that nobody has thought of: without its lines a recording is still one.
            return None

    # A step

    def _reset(self):
        # Losses that no optimizer has stepped on, those that one has, and of `torch.autograd.grad`.
        self._step_losses, self._spent, self._asked = [], [], []
        self._norms = {}
        self.rounds.next()
        # An error of the training may have come between entering and leaving.
        self._attention.restore()
        # A step that is not recorded leaves nothing in them.
        if self.active:
            for track in self._tracks:
                track.clear()

    def _turn(self):
        """Decides whether the step that comes next is recorded."""
        due = self.step < self.every or self.step % self.every == 0
        if not due and self._alarmed and self._alarms_left:
            self._alarmed -= 1
            self._alarms_left -= 1
            due = True
        self.active = self._on and due
        # Compiled code would be compiled anew for a model with other hooks.
        rests = not self.active and not patches.has_compiled()
        if self._rests != rests:
            self._rests = rests
            for handle in self._resting:
                handle.rest() if rests else handle.wake()

    def zeroed(self, owner):
        """Gradients were thrown away: what was seen of them is not part of a step."""
        which = self.rounds.place(owner)
        if which is None and owner is not self.model:
            return
        if not which:
            self._step_losses, self._asked = [], []
        if self.active:
            # Those of an optimizer that has stepped are part of it.
            of = self.rounds.params(which) if which is not None and len(self.optimizers) > 1 else None
            settled = self._settled()
            for track in self._tracks:
                if of is None or any(id(p) in of and id(p) not in settled for p in track.near):
                    track.gradients_dropped()
            self._norms = {i: n for i, n in self._norms.items() if i in settled or (of is not None and i not in of)}

    def _settled(self):
        """Ids of the parameters whose optimizer has stepped, while others go on."""
        return set().union(*(self.rounds.params(which) for which in self.rounds.made)) if self.rounds.made else set()

    @property
    def in_backward(self):
        return self._backward > 0

    def _probe(self):
        """Whether a backward pass has reached the model is seen by some of the parameters that are trained now."""
        trained = [p for p in self._params if p.requires_grad]
        stride = max(1, len(trained) // 16)
        self._probes = trained[::stride] + trained[-1:]

    def _mark(self):
        return [(id(p.grad), p.grad._version) if p.grad is not None else None for p in self._probes]

    def seen_here(self):
        """The model runs in this thread: it is trained here, if it has not been yet."""
        if not self._has_schema:
            self._thread = threading.get_ident()

    def is_elsewhere(self):
        """Whether another thread trains the model: a backward pass of this one is another model's."""
        return self._thread != threading.get_ident()

    def before_backward(self):
        """Returns whether the end of this pass is to be told, too."""
        if self.is_elsewhere():
            return False
        if self._backward == 0:
            self.counts, self.asks = True, False
            if not self._probes or not all(p.requires_grad for p in self._probes):
                self._probe()
            self._before = self._mark()
        self._backward += 1
        return True

    def after_backward(self, losses, gradients):
        self._backward -= 1
        if self._backward:
            return
        self.counts = False
        # One that reaches no parameter of the model belongs to another model, or is that of a checkpointed block.
        if self._mark() == self._before and not self._waits:
            return
        with torch.no_grad():
            value, scale = self._value_of(losses, gradients)
            if value is not None:
                self._step_losses.append(value.item() if value.device.type == "cpu" else value.clone())
            if self.active:
                if "backward" not in self._where:
                    self._where["backward"] = caller()[0]
                if scale is not None and scale.device.type == "cpu":
                    scale = scale.item()
                for track in self._tracks:
                    track.drop_asked()
                    track.backward_done(scale)
                if not self._waits:
                    self._measure_gradients(scale, self._params)
        if self._waits:
            self._waits = False
            self._consume(0)
            self._complete()

    def _value_of(self, losses, gradients):
        """What a backward pass began from, without the scale of a GradScaler, and that scale. None where nothing is."""
        losses = [losses] if isinstance(losses, torch.Tensor) else list(losses)
        gradients = [gradients] if isinstance(gradients, torch.Tensor) or gradients is None else list(gradients)
        gradients += [None] * (len(losses) - len(gradients))
        values = []
        scaler = next((s for x in losses if (s := getattr(x, "_gradient_clinic_scaler", None)) is not None), None)
        scale = scaler._scale.clone() if scaler is not None and scaler._scale is not None else None
        if scale is not None:
            self._scaler = scaler
        for loss, gradient in zip(losses, gradients):
            value = getattr(loss, "_gradient_clinic_loss", None)
            if value is None:
                value = loss.detach() if scale is None else loss.detach().float() / scale
            if gradient is not None or value.dim():
                value = (value * (1 if gradient is None else gradient)).sum()
            values.append(value.real if value.is_complex() else value)
        return (sum(values[1:], values[0]) if values else None), scale

    def before_asked(self, inputs, makes_graph):
        """Before `torch.autograd.grad`: gradients of parameters may be put into their places by hand."""
        if self.is_elsewhere():
            return False
        if self._backward == 0:
            inputs = [inputs] if isinstance(inputs, torch.Tensor) else inputs
            mine = {id(p) for p in self._params}
            self.counts = self.asks = not makes_graph and any(id(x) in mine for x in inputs)
        self._backward += 1
        return True

    def after_asked(self, outputs):
        self._backward -= 1
        if self._backward or not self.asks:
            return
        self.counts = self.asks = False
        with torch.no_grad():
            value, _ = self._value_of(outputs, None)
            if value is not None:
                self._asked.append(value.item() if value.device.type == "cpu" else value.clone())
            if self.active:
                for track in self._tracks:
                    track.backward_done(None)

    def _measure_gradients(self, scale, params):
        """Before clipping; of several backward passes the last sees them all."""
        settled = self._settled()
        measured = {id(p): p for p in params if p.grad is not None and is_counted(p) and id(p) not in settled}
        norms = {i: figures.norm(dense(p)) for i, p in measured.items()}
        is_part = params is not self._params
        for track in self._tracks:
            if not track.is_settled and (not is_part or any(id(p) in measured for p in track.params)):
                track.measure_gradients(scale, norms, is_part)
        self._norms.update({i: n if scale is None else n / scale for i, n in norms.items()})

    def step_begins(self, optimizer):
        which = self.rounds.begins(optimizer)
        if which is None:
            return
        if not self.in_backward:
            self._thread = threading.get_ident()
        if which in self.rounds.made:
            # It steps for the second time, and another one has not: that is the next step of the training.
            self._complete()
        self.before_step(which)

    def step_ends(self, optimizer):
        which = self.rounds.ends(optimizer)
        if which is None:
            return
        self._consume(which)
        if not self.rounds.is_over:
            if self.active:
                settled = self._settled()
                for track in self._tracks:
                    near = [p for p in track.near if p.requires_grad]
                    track.is_settled = bool(near) and all(id(p) in settled for p in near)
        elif self.in_backward:
            # Each parameter steps as its gradient comes: the loss is told behind the last of them.
            self._waits = True
        else:
            self._complete()

    def before_step(self, which=0):
        if self.active:
            if "step" not in self._where:
                self._where["step"] = caller()[0]
            with torch.no_grad():
                if not self.rounds.made:
                    self._weights.measure()
                # No backward pass was seen: they were put there by hand.
                params = self._params
                if len(self.optimizers) > 1:
                    of = self.rounds.params(which)
                    params = [p for p in params if id(p) in of]
                if not any(id(p) in self._norms for p in params) and any(p.grad is not None for p in params):
                    self._measure_gradients(None, params)

    def after_step(self):
        """The only optimizer has stepped."""
        self._consume(0)
        self._complete()

    def _consume(self, which):
        """An optimizer has stepped on the losses that were there. Those of the first are told."""
        if which == 0:
            # Gradients may have been asked for on the way to a backward pass, too.
            self._first = self._step_losses or self._spent or self._asked
            self._has_stepped = True
        self._spent += self._step_losses
        self._step_losses = []

    def _complete(self):
        """All optimizers have stepped, or the first of them begins anew."""
        if self.active:
            with torch.no_grad():
                self._weights.measure_update()
        self._finish()

    def skipped(self, optimizer):
        """The scaler found a gradient that is no number, and made no step."""
        self.step_begins(optimizer)
        self._writer.event(self.step, "skipped", "GradScaler skipped the step: a gradient is NaN or infinite")
        self.step_ends(optimizer)

    def _finish(self):
        loss, self._first = self._first, []
        if not self._has_schema and not (self._has_stepped and (loss or self._norms)):
            # A step without a backward pass, or without the first optimizer: nothing is known yet.
            self._has_stepped = False
            self._reset()
            return
        # A step whose loss was not seen has that of the step before it; before the first there is none.
        loss = sum(loss[1:], loss[0]) if loss else self._last_loss
        if loss is None:
            self._losses_from = self.step + 1
        else:
            self._last_loss = loss
            self._losses.append(loss)
            self._watch_out(loss)
        if self.active:
            self._record(loss)
        self.step += 1
        if len(self._losses) >= 1000:
            self._flush_losses()
        self._reset()
        self._turn()

    def _watch_out(self, loss):
        if not isinstance(loss, float):
            return
        usual = max(map(abs, self._recent)) if len(self._recent) >= 8 else math.inf
        if not math.isfinite(loss) or abs(loss) > _ALARM * usual:
            self._alarmed = _AFTER
        if math.isfinite(loss):
            self._recent = [*self._recent[-15:], loss]

    # Writing

    def _flush_losses(self):
        if self._losses:
            on_host = [float(x) for x in self._losses]
            self._writer.losses(self._losses_from, on_host)
            self._losses_from += len(on_host)
            self._losses = []

    def _scalars(self, loss):
        norms = list(self._norms.values())
        squares = [n * n for n in norms]
        total = sum(squares[1:], squares[0]) ** 0.5 if squares else None
        if isinstance(total, float) and not 1e-15 < total < 1e17 and norms:
            largest = max(norms)
            finite = 0 < largest < math.inf
            total = largest * sum((n / largest) ** 2 for n in norms) ** 0.5 if finite else sum(norms)
        scale = self._scaler._scale if self._scaler is not None else None
        values = {"gradientNorm": total, "learningRate": self._learning_rate()}
        if loss is not None:
            values = {"loss": loss, **values}
        if scale is not None:
            values["ampScale"] = scale
        return values

    def _record(self, loss):
        with torch.no_grad():
            scalars = self._scalars(loss)
            self._take_mode()
            for track in self._tracks:
                track.gather()
            self._to_host(scalars)
        if not self._has_schema:
            self._write_schema(scalars)
        elif self._may_stand_otherwise():
            self._write_standing()
        values = np.full(len(self._columns), MISSING, np.float32)
        # Assigned as bits: a NaN that passes through a float may change its bits.
        for place, (track, statistic) in enumerate(self._columns):
            value = track.values.get(statistic)
            if value is not None:
                values[place] = value
        row = np.array([math.nan if scalars.get(name) is None else scalars[name] for name in self._names], np.float32)
        self._flush_losses()
        self._writer.frame(self.step, row, values)

    def _take_mode(self):
        """
        A model can be trained in evaluation mode, and an evaluation can build a graph: what counts are passes in the
        mode whose gradients came.
        """
        passes = [p for track in self._tracks for p in track.passes]
        # Where none are there it is in the other mode by now, perhaps: the next step looks at both.
        counting = [p for p in passes if p.reached] or passes
        self.trains_in_training_mode = any(p.is_training for p in counting)
        if self.trains_in_training_mode:
            for track in self._tracks:
                track.drop_evaluations()

    def _to_host(self, scalars):
        """Everything that is still on a device, in one copy."""
        owners = [scalars, *[raw for track in self._tracks for raw in track.raw]]
        waiting = [(raw, key) for raw in owners for key, x in raw.items() if isinstance(x, torch.Tensor)]
        if waiting:
            flat = torch.cat([raw[key].reshape(-1).float() for raw, key in waiting]).cpu()
            at = 0
            for raw, key in waiting:
                size = raw[key].numel()
                raw[key] = flat[at].item() if raw[key].dim() == 0 else flat[at : at + size].tolist()
                at += size
        for track in self._tracks:
            track.combine()

    def _may_stand_otherwise(self):
        """Whether parameters may have been frozen, thawed, replaced or given to the optimizer since this was asked."""
        before = getattr(self, "_flags", None)
        self._flags = (
            [p.requires_grad for p in self._params],
            # One that gets no gradient may be none of the model's any more.
            [p.grad is None for p in self._params],
            self._given(),
        )
        return self._flags != before

    def _standings(self, tracks):
        optimized, live = ({id(p) for p in params} for params in (self._optimized(), self._live()))
        return [t.standing(optimized, live) for t in tracks]

    def _write_standing(self):
        now = self._standings(self._ordered)
        changed = [[i, new] for i, (old, new) in enumerate(zip(self._standing, now)) if old != new]
        if changed:
            self._standing = now
            self._writer.standing(self.step, changed)

    def _write_schema(self, scalars):
        self._names = list(scalars)
        self._ordered = tracks = sorted(self._tracks, key=Track.place)
        has_gradients = any("activationGradientRms" in t.values for t in tracks)
        self._columns = [(t, s) for t in tracks for s in t.statistics(has_gradients)]
        index = {id(t): i for i, t in enumerate(tracks)}
        self._may_stand_otherwise()
        self._standing = self._standings(tracks)
        modules = [t.describe(now, self._line_of(t), index) for t, now in zip(tracks, self._standing)]
        for module in modules:
            if module.get("line"):
                module["code"] = line_of(module)
        device = self._params[0].device if self._params else "cpu"
        script = self._place["file"] if self._place else ""
        self._writer.schema(
            {
                "recorder": __version__,
                "framework": self._framework(),
                "script": script,
                "device": str(device),
                "model": type(self.model).__name__,
                "optimizer": self._optimizer_name(),
                "parameters": sum(p.numel() for p in self._params),
                "batch": max([t.batch for t in tracks], default=0),
                "every": self.every,
                "lines": {k: {**v, "code": line_of(v)} for k, v in self._where.items() if v},
                "modules": modules,
                "columns": [[index[id(t)], s] for t, s in self._columns],
                "scalars": self._names,
            }
        )
        self._has_schema = True
        if self.path != self._writer.path:
            self.path = self._writer.path
            _say(f"recording {self.path}")
        unhooked = [t for t in tracks if t.is_output and not t.ran]
        if unhooked and len(unhooked) == sum(t.is_output for t in tracks):
            kind = "compiled" if patches.has_compiled() else "unseen"
            self._writer.event(self.step, kind, "No output was seen: weights, gradients and updates alone")
