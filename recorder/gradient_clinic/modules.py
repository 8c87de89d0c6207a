# Longer than 300 lines, because what is seen of a module and its figures in a step are one thing.
"""The modules of a model that are recorded, and their figures in one step."""

import math

import torch
from torch.nn.utils.parametrize import is_parametrized, type_before_parametrizations

from . import figures, patches
from .activations import ACTIVATIONS

_OF_KERNELS = (
    "weightGradientNorm",
    "weightGradientRms",
    "weightGradientMeanAbs",
    "weightGradientMaxAbs",
    "gradientNaN",
    "gradientInf",
    "gradientZeroShare",
    "weightNorm",
    "weightNonFinite",
    "updateRatio",
)
_CHANNELS_FIRST = ("Conv", "BatchNorm", "GroupNorm", "InstanceNorm")


def unwrapped(model):
    """The model inside of `torch.compile` and data parallelism, whose modules have the names of the code."""
    while True:
        inner = getattr(model, "_orig_mod", None)
        if inner is None and type(model).__name__ in ("DataParallel", "DistributedDataParallel"):
            inner = model.module
        if inner is None:
            return model
        model = inner


def _is_attention(module):
    return "attention" in type(module).__name__.lower()


def _kind(module):
    """The name of its class. One whose weights are made of others (`torch.nn.utils.parametrizations`) keeps it."""
    return (type_before_parametrizations(module) if is_parametrized(module) else type(module)).__name__


def _originals(module):
    """
    What the weights of a parametrized module are made of, by names of parameters; nothing where a part of it is a
    layer with parameters of its own, such as an adapter.
    """
    made = []
    for name, kept in module.parametrizations.items():
        own = list(kept.parameters(recurse=False))
        if len(own) != len(list(kept.parameters())):
            return []
        # The largest tensor has the connections. Another one is their size or their rank.
        largest = max(own, key=lambda p: p.numel(), default=None)
        made += [(name if p is largest else f"{name}_g", p) for p in own]
    return made


# Of numbers that can be added: those of 8 bits and less are storage.
_COUNTED = (
    *(torch.float16, torch.bfloat16, torch.float32, torch.float64),
    *(torch.complex32, torch.complex64, torch.complex128),
)


def is_counted(param):
    """Whether a parameter has values that figures can be made of."""
    return param.dtype in _COUNTED and param.numel() > 0


def _kernels(own):
    """Where a layer keeps its connections. A scale of a norm and a bias are none, nor is the size beside a direction."""
    names = {n for n, _ in own}

    def is_size(name, p):
        of = name[:-2]
        return name.endswith("_g") and (of in names or f"{of}_v" in names) and max(p.shape) == p.numel()

    return [p for n, p in own if p.dim() >= 2 and is_counted(p) and not is_size(n, p)]


def _own(module):
    """The parameters of a module by name, and whether those that its weights are made of are among them."""
    own = list(module.named_parameters(recurse=False))
    made = _originals(module) if is_parametrized(module) else []
    return own + made, bool(made)


def renew(tracks):
    """Takes the parameters that stand in the places of those that modules had: a model was loaded with new ones."""
    for track in tracks:
        own, _ = _own(track.module)
        now = [p for _, p in own]
        if any(a is not b for a, b in zip(now, track.params)) and _shapes(now) == _shapes(track.params):
            track.take(own)
    for track in tracks:
        track.near = track.params or _nearest(track, tracks)


def _shapes(params):
    return [p.shape for p in params]


def tracks_of(model):
    """Every module that has parameters of its own, is an activation or is attention, in the order of the code."""
    tracks = []
    parts = set()
    for name, module in model.named_modules():
        if module in parts:
            continue
        own, is_whole = _own(module)
        is_leaf = all(n == "parametrizations" for n, _ in module.named_children())
        if is_whole:
            parts.update(module.parametrizations.modules())
        known = _kind(module) in ACTIVATIONS and is_leaf
        if own or known or _is_attention(module):
            tracks.append(Track(len(tracks), name, module, own, is_leaf))
    owners = {}
    by_name = {track.name: track for track in tracks}
    for track in tracks:
        track.owner = by_name.get(track.name.rpartition(".")[0]) if track.name else None
        for param in track.params:
            first = owners.setdefault(id(param), track)
            if first is not track:
                track.tied = first
    for track in tracks:
        track.near = track.params or _nearest(track, tracks)
    return tracks


def _nearest(track, tracks):
    """The parameters near a module without any: those whose names share the longest beginning with its own."""
    steps = track.name.split(".")

    def common(other):
        return next((i for i, (a, b) in enumerate(zip(steps, other.name.split("."))) if a != b), 0)

    most = max((common(t) for t in tracks if t.params), default=0)
    return [p for t in tracks if t.params and common(t) == most for p in t.params]


class _Hook:
    """A hook on a module. It is no part of a copy of the module, or of a file that it is saved to."""

    def __init__(self, track, watch, work):
        self.track, self.watch, self.work = track, watch, work

    def __call__(self, module, *args):
        # torch.compile traces this as a constant, so its code has no hooks.
        if patches.is_compiling():
            return
        if patches.is_transformed():
            return
        if self.watch.active and module is self.track.module and torch.is_grad_enabled() and not torch.jit.is_tracing():
            self.watch.guard(self.work, self.watch, *args)

    def __deepcopy__(self, memo):
        return _nothing

    def __reduce__(self):
        return (_no_hook, ())


class Entry(_Hook):
    """A hook on the whole model, which notes that it was called and is not inside of compiled code."""

    def __init__(self, watch):
        super().__init__(None, watch, None)

    def __call__(self, module, *args):
        if not patches.is_compiling():
            self.watch.was_entered = True


def _nothing(*_):
    return None


def _no_hook():
    return _nothing


class Handle:
    """A hook that is removed in steps that are not recorded: PyTorch calls a module without hooks faster."""

    def __init__(self, handle, hooks):
        self._handle, self._hooks = handle, hooks
        self._hook = hooks[handle.id]

    def rest(self):
        self._hooks.pop(self._handle.id, None)

    def wake(self):
        # At its place among the hooks, before those that were added later.
        if self._handle.id not in self._hooks:
            later = [key for key in self._hooks if key > self._handle.id]
            self._hooks[self._handle.id] = self._hook
            for key in later:
                self._hooks.move_to_end(key)

    def remove(self):
        self._handle.remove()


class _Pass:
    """One forward pass through a module: how many values, what was measured, and whether its gradient came."""

    __slots__ = ("asked", "count", "is_after", "is_training", "late", "raw", "reached", "scale")

    def __init__(self, count, raw, late, is_training, is_after):
        self.count, self.raw, self.late, self.is_training = count, raw, late, is_training
        # Whether an optimizer has stepped before it, and others have not.
        self.is_after = is_after
        self.reached = False
        # Whether its gradient came from `torch.autograd.grad` alone.
        self.asked = False
        self.scale = None


class Track:
    """One module."""

    def __init__(self, index, name, module, own, is_leaf):
        self.index = index
        self.owner = None
        self.name = name
        self.module = module
        self.tied = None
        self.take(own)
        self.near = self.params
        self.is_attention = _is_attention(module)
        self.kind = _kind(module)
        self.activation = ACTIVATIONS.get(self.kind) if is_leaf else None
        self.is_output = is_leaf or self.is_attention
        self.ran = self.met_in_training = False
        self.order = math.inf
        self.shape = []
        self.batch = 0
        self.channels_first = self.kind.startswith(_CHANNELS_FIRST)
        self.entropies = None
        self.values = {}
        self.passes = []
        # Of the kernels, the gradients of all weights, and the outputs: a step within `optimizer.step(closure)` meets
        # its gradients behind its weights.
        self.weights, self.gradients, self.outputs = {}, {}, {}
        # Whether its optimizer has stepped, and others go on.
        self.is_settled = False
        # Gradients that came after that, and whether those before were thrown away: which step they are part of is
        # known when the next optimizer steps.
        self.after, self.is_dropped = {}, False
        self._source = None
        self.clear()

    def take(self, own):
        """own: its parameters, by name."""
        self.params = [p for _, p in own]
        self.kernels = _kernels(own)
        self.biases = [p for n, p in own if "bias" in n and p.dim() < 2 and is_counted(p)]

    # Life

    def hook(self, watch):
        if not self.is_output:
            return []
        module = self.module
        handles = [Handle(module.register_forward_hook(_Hook(self, watch, self._forward)), module._forward_hooks)]
        if self.is_attention:
            handle = module.register_forward_pre_hook(_Hook(self, watch, self._enter))
            handles.append(Handle(handle, module._forward_pre_hooks))
        return handles

    def clear(self):
        self.passes = []
        self.weights, self.gradients, self.outputs = {}, {}, {}
        self.values = {}
        self.is_settled = False
        self.after, self.is_dropped = {}, False

    def gradients_dropped(self, is_after, is_before):
        """
        is_after: whether an optimizer has stepped, and others have not.
        is_before: whether those that came before that are thrown away, too
        """
        self.passes = [p for p in self.passes if not p.reached or (is_after and not p.is_after)]
        if is_after:
            self.after = {}
            self.is_dropped = self.is_dropped or is_before
        else:
            self.gradients = {}

    def merge(self):
        """What came after one optimizer's step is part of the same step: another one steps on it."""
        if self.is_settled:
            self.passes = [p for p in self.passes if not p.is_after]
        else:
            if self.is_dropped:
                self.passes = [p for p in self.passes if p.is_after or not p.reached]
                self.gradients = {}
            for entry in self.passes:
                entry.is_after = False
            self.gradients = self.after or self.gradients
        self.after, self.is_dropped = {}, False

    def split(self):
        """What came after one optimizer's step is part of the next step. Takes it out, for `take_over`."""
        later = [p for p in self.passes if p.is_after], self.after
        self.passes = [p for p in self.passes if not p.is_after]
        return later

    def take_over(self, passes, gradients):
        for entry in passes:
            entry.is_after = False
        self.passes, self.gradients = passes, gradients

    def drop_asked(self):
        """Forgets passes that `torch.autograd.grad` looked at: a backward pass came."""
        self.passes = [p for p in self.passes if not p.asked]

    # Forward and backward

    def _enter(self, watch, _args):
        watch._attention.enter()

    def _forward(self, watch, args, output):
        # First of all: a pass of an evaluation has entered it, too.
        heads = watch._attention.leave() if self.is_attention else []
        is_training = watch.model.training
        if not is_training and watch.trains_in_training_mode:
            return
        out = _first_tensor(output)
        if out is not None and out.numel() == 0:
            watch.saw_nothing = True
        if out is None or out.numel() == 0 or not _is_real(out):
            return
        given = out
        if out.is_nested:
            # Sequences of several lengths: all their places, one behind another.
            out = out.values()
        watch.seen_here()
        # A checkpointed block runs again in the backward pass. The first time it was seen with its gradient, or not.
        late, is_after = watch.in_backward, bool(watch.rounds.made)
        if late and any(not p.late and p.is_after == is_after for p in self.passes):
            return
        if not self.ran or (is_training and not self.met_in_training):
            self._meet(watch, args, given, out)
            self.met_in_training = is_training
        # Without a graph: nothing in it makes one.
        raw = self._outputs(None if given.is_nested else _first_tensor(args), figures.as_float(out))
        if heads:
            raw["heads"] = torch.stack(heads).mean(0)
            raw["keys"] = out.shape[1] if out.dim() > 1 else 1
        entry = _Pass(out.numel(), raw, late, is_training, is_after)
        self.passes.append(entry)
        if given.requires_grad:
            given.register_hook(lambda gradient: watch.guard(self._gradient, watch, entry, gradient))

    def _meet(self, watch, args, made, out):
        self.ran = True
        self.order = watch._order
        watch._order += 1
        previous = getattr(watch, "_previous", None)
        given = _first_tensor(args)
        if previous is not None and given is not None and previous[1]() is given:
            self._source = previous[0]
            if self.activation:
                self.channels_first = previous[0].channels_first
        import weakref

        watch._previous = (self, weakref.ref(made))
        self.shape = list(out.shape[1:])
        self.batch = out.shape[0] if out.dim() else 1
        if self.channels_first and len(self.shape) > 1:
            self.shape = [*self.shape[1:], self.shape[0]]

    def _outputs(self, given, out):
        mean, std, bad = figures.mean_std(out)
        raw = {"mean": mean, "std": std, "activationNonFinite": bad}
        if self.activation:
            _, below, above, can_die = self.activation
            if can_die:
                raw["units"] = figures.largest_by_unit(out, 1 if self.channels_first and out.dim() > 2 else -1)
            in_place = getattr(self.module, "inplace", False)
            if (below is not None or above is not None) and given is not None and not in_place:
                raw["saturatedShare"] = figures.outside_share(figures.as_float(given), below, above)
        return raw

    def _gradient(self, watch, entry, gradient):
        if not watch.counts or not watch.active or patches.is_transformed():
            return
        g = figures.as_float(gradient.values() if gradient.is_nested else gradient)
        entry.reached, entry.asked = True, watch.asks
        entry.raw["rms"] = figures.norm(g) / math.sqrt(g.numel())
        entry.raw["belowHalf"] = figures.below_half(g)

    def backward_done(self, scale):
        for entry in self.passes:
            if entry.reached and entry.scale is None:
                entry.scale = 1.0 if scale is None else scale
                entry.raw["rms"] = entry.raw["rms"] / entry.scale

    def measure_gradients(self, scale, norms, is_part=False, is_after=False):
        """
        norms: of the gradients of single parameters, by their ids.
        is_part: whether other parameters of it were measured before, and stepped.
        is_after: whether an optimizer has stepped, and others have not
        """
        by = 1.0 if scale is None else scale
        w = {**self.gradients} if is_part else {}
        if is_after:
            self.after = w
        else:
            self.gradients = w
        kernels = [dense(p) for p in self.kernels if p.grad is not None]
        if kernels and len(kernels) == len(self.kernels):
            g = kernels[0] if len(kernels) == 1 else torch.cat([x.reshape(-1) for x in kernels])
            n = sum(p.numel() * (2 if p.is_complex() else 1) for p in self.kernels)
            known = norms.get(id(self.kernels[0])) if len(kernels) == 1 else None
            norm, mean_abs, max_abs, zeros = figures.gradient(g, known)
            w["weightGradientNorm"] = norm = norm / by
            w["weightGradientRms"] = norm / math.sqrt(n)
            w["weightGradientMeanAbs"] = mean_abs * (g.numel() / n) / by
            w["weightGradientMaxAbs"] = max_abs / by
            is_fine = isinstance(norm, float) and math.isfinite(norm)
            w["gradientNaN"] = nans = 0 if is_fine else figures.nans(g)
            w["gradientInf"] = 0 if is_fine else figures.non_finite(g) - nans
            zero = 1 - (1 - zeros) * (g.numel() / n)
            w["gradientZeroShare"] = math.nan if isinstance(nans, (int, float)) and nans else zero
        biases = [p for p in self.biases if p.grad is not None]
        if biases and len(biases) == len(self.biases):
            known = norms.get(id(biases[0])) if len(biases) == 1 else None
            if known is None:
                known = figures.norm(torch.cat([dense(p).reshape(-1) for p in biases]))
            w["biasGradientNorm"] = known / by

    # The end of a step

    @property
    def raw(self):
        return [self.weights, self.gradients, self.outputs, *[p.raw for p in self.passes]]

    def drop_evaluations(self):
        """Forgets passes of an evaluation: the model is trained in training mode."""
        self.passes = [p for p in self.passes if p.is_training]
        if self.ran and not self.met_in_training:
            self.ran, self.order, self.batch = False, math.inf, 0

    def gather(self):
        """Keeps the passes that count: those with a gradient, if any has one."""
        reached = [p for p in self.passes if p.reached]
        self.passes = reached or self.passes
        units = [p.raw.pop("units") for p in self.passes if "units" in p.raw]
        if units:
            largest = units[0]
            for other in units[1:]:
                if other.shape == largest.shape:
                    largest = torch.maximum(largest, other)
            self.outputs["deadShare"] = figures.dead_share(largest)

    def combine(self):
        """One value for each statistic, of all passes together."""
        v = {**self.gradients, **self.weights, **self.outputs}
        update = v.pop("update", None)
        if update is not None:
            # A missing update is 0, even for weights that are 0.
            v["updateRatio"] = 0.0 if update == 0 else (update / v["weightNorm"] if v["weightNorm"] else math.inf)
        passes = self.passes
        total = sum(p.count for p in passes)
        if len(passes) == 1 and "heads" not in passes[0].raw:
            raw = passes[0].raw
            v["activationMean"], v["activationStd"] = raw["mean"], raw["std"]
            v["activationNonFinite"] = raw["activationNonFinite"]
            if "saturatedShare" in raw:
                v["saturatedShare"] = raw["saturatedShare"]
            if passes[0].reached:
                v["activationGradientRms"], v["belowHalfShare"] = raw["rms"], raw["belowHalf"]
        elif total:
            mean = sum(p.raw["mean"] * p.count for p in passes) / total
            v["activationMean"] = mean
            if len(passes) == 1:
                v["activationStd"] = passes[0].raw["std"]
            else:
                # Products: a power that is too large for a float is an error.
                parts = [(p.count, p.raw["std"], p.raw["mean"] - mean) for p in passes]
                spread = sum(count * (std * std + off * off) for count, std, off in parts)
                v["activationStd"] = math.sqrt(spread / total) if spread >= 0 else math.nan
            v["activationNonFinite"] = sum(p.raw["activationNonFinite"] for p in passes)
            if all("saturatedShare" in p.raw for p in passes):
                v["saturatedShare"] = sum(p.raw["saturatedShare"] * p.count for p in passes) / total
            if passes[0].reached:
                if len(passes) == 1:
                    v["activationGradientRms"] = passes[0].raw["rms"]
                else:
                    largest = max(p.raw["rms"] for p in passes)
                    parts = [p.count * (p.raw["rms"] / largest) ** 2 if largest else 0.0 for p in passes]
                    v["activationGradientRms"] = largest * math.sqrt(sum(parts) / total)
                v["belowHalfShare"] = sum(p.raw["belowHalf"] * p.count for p in passes) / total
            heads = [p.raw["heads"] for p in passes if "heads" in p.raw]
            if heads:
                mean = [sum(h) / len(heads) for h in zip(*heads)]
                v["attentionEntropy"] = sum(mean) / len(mean)
                v["attentionEntropyLow"] = min(mean)
        self.values = v
        if self._source is not None and self.activation:
            # What its one reader gets back is the gradient in front of it.
            before = self._source.values.get("activationGradientRms")
            if before is not None:
                v["preActivationGradientRms"] = before

    def place(self):
        """Its place among the others, by its first run. A module that was not seen follows its owner."""
        seen = self
        while seen is not None and not seen.ran:
            seen = seen.owner
        return (math.inf if seen is None else seen.order, self.index)

    def statistics(self, has_gradients):
        """
        What was measured, and what may be in a later step: a module that is frozen now gets no gradient.
        has_gradients: whether the outputs of any module had one
        """
        may = list(_OF_KERNELS) if self.kernels else []
        may += ["biasGradientNorm"] if self.biases else []
        may += ["activationGradientRms", "belowHalfShare"] if self.is_output and self.ran and has_gradients else []
        return [*self.values, *(s for s in may if s not in self.values)]

    def standing(self, optimized, live, idle):
        """
        Which of its parameters are trained now, as `describe` tells it.
        optimized, live: ids of the parameters that the optimizer has, and that the model has
        idle: ids of those whose optimizer has made no step, or rests
        """
        # A parameter that left the model is not trained, even if it requires a gradient.
        trainable = [p for p in self.params if p.requires_grad and id(p) in live]
        return {
            "trainable": len(trainable),
            "frozen": len(self.params) - len(trainable),
            "forgotten": sum(id(p) not in optimized for p in trainable),
            "held": sum(id(p) in optimized and not p.requires_grad for p in self.params),
            "idle": sum(id(p) in idle for p in trainable),
            "still": bool(self.kernels) and not any(k is p for k in self.kernels for p in trainable),
        }

    def describe(self, standing, source, index):
        told = {
            "name": self.name,
            "kind": self.kind,
            "shape": self.shape,
            "parameters": sum(p.numel() for p in self.params),
            "kernel": bool(self.kernels),
            "attention": self.is_attention,
            "ran": self.ran,
            **standing,
        }
        if self.activation:
            told["activation"] = self.activation[0]
        if self._source is not None:
            told["input"] = index[id(self._source)]
        if self.tied is not None:
            told["tied"] = self.tied.name
        return {**told, **(source or {})}


def dense(param):
    """A parameter's gradient; of a sparse one the rows that are there."""
    grad = param.grad
    return figures.as_float(grad.coalesce().values() if grad.is_sparse else grad)


class Weights:
    """The kernels of all modules before and after a step."""

    # The most numbers in a copy that is kept between steps. Keeping it is faster than making a new one.
    _KEPT = 2**24

    def __init__(self, tracks):
        self._tracks = [t for t in tracks if t.kernels]
        self._kernels = [p for t in self._tracks for p in t.kernels]
        self._copies = None
        self._is_before = False

    def measure(self):
        """Before the step."""
        now = [p.detach() for p in self._kernels]
        if self._copies is not None and all(map(_is_like, self._copies, now)):
            for copy, p in zip(self._copies, now):
                copy.copy_(p)
        else:
            self._copies = [p.clone() for p in now]
        self._is_before = True
        for track, n, flat in self._of_each(now):
            track.weights["weightNorm"] = n
            fine = isinstance(n, float) and math.isfinite(n)
            track.weights["weightNonFinite"] = 0 if fine else figures.non_finite(flat)

    def measure_update(self):
        """Behind it."""
        if not self._is_before:
            return
        self._is_before = False
        for copy, p in zip(self._copies, self._kernels):
            copy.sub_(p.detach())
        for track, n, _ in self._of_each(self._copies):
            track.weights["update"] = n
        if sum(c.numel() for c in self._copies) > self._KEPT:
            self._copies = None

    def clear(self):
        self._copies, self._is_before = None, False

    def _of_each(self, tensors):
        """Each module with the norm of its own of these tensors, and the tensors as one."""
        at = 0
        for track in self._tracks:
            flat = _flat(tensors[at : at + len(track.kernels)])
            at += len(track.kernels)
            yield track, figures.norm(flat), flat


def _is_like(a, b):
    return a.shape == b.shape and a.dtype == b.dtype and a.device == b.device


def _flat(tensors):
    one = [figures.as_float(t) for t in tensors]
    return one[0] if len(one) == 1 else torch.cat([t.reshape(-1) for t in one])


def _is_real(x):
    """Whether a tensor has values. Fake tensors, with which shapes are traced, have none."""
    if x.is_nested and x.layout is not torch.jagged:
        return False
    return not x.is_meta and type(x).__name__ not in ("FakeTensor", "FunctionalTensor")


def _first_tensor(values):
    """The first tensor of floating-point numbers in what a module takes or gives."""
    if isinstance(values, torch.Tensor):
        return values if values.is_floating_point() else None
    if isinstance(values, dict):
        values = values.values()
    elif not isinstance(values, (tuple, list)):
        return None
    for value in values:
        found = _first_tensor(value)
        if found is not None:
            return found
    return None
