"""Watches a training in Keras 3 on PyTorch: the same figures by the same definitions, in the same file."""

import keras
import torch

from . import patches
from .activations import ACTIVATIONS
from .arguments import Refused, named
from .modules import Track, _Hook
from .rounds import Rounds
from .session import Watch

# Keras's names of activations: the class of PyTorch that is the same function.
_NAMES = {
    "relu": "ReLU",
    "relu6": "ReLU6",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "hard_sigmoid": "Hardsigmoid",
    "gelu": "GELU",
    "silu": "SiLU",
    "elu": "ELU",
    "selu": "SELU",
    "softplus": "Softplus",
    "leaky_relu": "LeakyReLU",
}
# Layers that are an activation and nothing else.
_ALONE = {"ReLU": "ReLU", "LeakyReLU": "LeakyReLU", "PReLU": "PReLU", "ELU": "ELU"}


class _Undo:
    """A change of an object that can be taken back."""

    def __init__(self, owner, name, value):
        self.owner, self.name = owner, name
        # Avoids `__setattr__`, with which Keras registers layers and variables.
        owner.__dict__[name] = value

    def remove(self):
        self.owner.__dict__.pop(self.name, None)


class KerasTrack(Track):
    """One layer of Keras. Its variables are those of its cell, too."""

    def __init__(self, index, name, layer):
        # Those that can be trained, frozen or not: no running statistics.
        kept = [v for part in layer._flatten_layers() for v in part._trainable_variables]
        super().__init__(index, name, layer, [(v.name, v.value) for v in kept], is_leaf=True)
        self.kernels = [v.value for v in kept if v.value.dim() >= 2 and v.name != "alpha"]
        self.stands_alone = self.kind in _ALONE or self.kind == "Activation"
        f = getattr(layer, "activation", None)
        named = _ALONE.get(self.kind) or _NAMES.get(getattr(f, "__name__", ""))
        self.activation = ACTIVATIONS.get(named) if named else None
        self.channels_first = getattr(layer, "data_format", None) == "channels_first"
        self.is_attention = False

    def hook(self, watch):
        hooked = _Hook(self, watch, self._forward)
        call = self.module.call

        def seen(*args, **kwargs):
            output = call(*args, **kwargs)
            if isinstance(output, torch.Tensor):
                hooked(self.module, args, output)
            return output

        return [_Undo(self.module, "call", seen)]

    def _outputs(self, given, out):
        # Behind a kernel of its own an activation's argument is not seen: its saturation is not told.
        return super()._outputs(given if self.stands_alone else None, out)


def _check_scale(optimizer):
    """Raises Refused where gradients are those of a multiple of the loss."""
    if "LossScale" in type(optimizer).__name__:
        raise Refused("a LossScaleOptimizer scales the loss, and its gradients are not those of the loss")
    if getattr(optimizer, "loss_scale_factor", None) is not None:
        raise Refused("loss_scale_factor scales the loss, and the gradients are not those of the loss: leave it out")


def _any_apply(original):
    def apply(self, grads, trainable_variables=None):
        watches = [w for w in patches.WATCHES if isinstance(w, KerasModelWatch)]
        if not watches or patches.is_compiling():
            return original(self, grads, trainable_variables)
        if any([watch.sees(self, trainable_variables) for watch in watches]):
            # By the way of one that is watched.
            return self.apply(grads, trainable_variables)
        result = original(self, grads, trainable_variables)
        for watch in watches:
            watch.guard(watch.met, self)
        return result

    return apply


class KerasModelWatch(Watch):
    """One recording of one model of Keras."""

    _has_one = True

    def __init__(self):
        super().__init__()
        self._is_applying = False
        # An optimizer before its first step, which has no variables yet, and those that it is given.
        self._unbuilt = (None, [])

    def sees(self, optimizer, variables):
        """Called before any optimizer steps. Returns whether it has replaced the watched one."""
        if self._is_applying or optimizer in self.optimizers:
            return False
        self._unbuilt = (optimizer, list(variables or []))
        self.guard(self.meets, optimizer)
        return optimizer in self.optimizers

    def _checked(self, model, optimizer):
        backend = keras.backend.backend()
        if backend != "torch":
            raise Refused(f"Keras runs on {backend}, inside of which nothing is seen: set KERAS_BACKEND=torch")
        if isinstance(optimizer, (list, tuple)) and len(optimizer) < 2:
            optimizer = optimizer[0] if optimizer else None
        if isinstance(optimizer, (list, tuple)):
            raise Refused(f"there are {len(optimizer)} optimizers: give the one whose apply() trains most of the model")
        optimizer = getattr(model, "optimizer", None) if optimizer is None else optimizer
        if optimizer is None:
            raise Refused("the model has no optimizer: call model.compile first, or give the optimizer")
        if not isinstance(optimizer, keras.optimizers.Optimizer):
            raise Refused(f"the optimizer is {named(optimizer)}: give one of keras.optimizers that was made")
        _check_scale(optimizer)
        if not model.built:
            raise Refused("the model has no weights yet: give it an Input, or call it once")
        return model, [optimizer]

    def _replaces(self, other):
        # Even with another optimizer: only one watch can replace the `call` of a layer.
        return other.model is self.model

    def _hook_model(self):
        # A model of Keras is called past the hooks of PyTorch.
        return []

    def _make_rounds(self):
        # Classes are patched, because any optimizer may replace the one that was given.
        patches.wrap(keras.optimizers.Optimizer, "apply", _any_apply)
        return Rounds(self.optimizers, self._listed)

    def _hook_optimizers(self):
        (optimizer,) = self.optimizers
        apply = optimizer.apply

        def seen(grads, trainable_variables=None):
            self._others, self._is_applying = {}, True
            try:
                self.guard(self.before_step)
                result = apply(grads, trainable_variables)
            finally:
                self._is_applying = False
            self.guard(self.after_step)
            return result

        self._optimizer_handles = [_Undo(optimizer, "apply", seen)]

    def _listed(self, optimizer):
        if optimizer.built:
            return [v.value for v in optimizer._trainable_variables]
        about, variables = self._unbuilt
        return [v.value for v in variables] if about is optimizer else []

    def _trains(self, optimizer):
        return None if self._is_applying else super()._trains(optimizer)

    def _follow(self, optimizers, members, made=()):
        _check_scale(self.model.optimizer)
        _check_scale(optimizers[0])
        super()._follow(optimizers, members, made)

    def _places(self):
        return {}

    def _renew(self):
        """Variables stay what they are."""

    def _make_tracks(self):
        layers = [
            layer
            for layer in self.model._flatten_layers(include_self=False)
            if not isinstance(layer, (keras.Model, keras.layers.InputLayer))
        ]
        # The cell of a recurrent layer is part of it.
        inner = {id(a) for layer in layers for a in layer._flatten_layers(include_self=False)}
        names = {}
        tracks = []
        for layer in layers:
            if id(layer) in inner:
                continue
            names[layer.name] = names.get(layer.name, 0) + 1
            name = layer.name if names[layer.name] == 1 else f"{layer.name}#{names[layer.name]}"
            track = KerasTrack(len(tracks), name, layer)
            if track.params or track.activation:
                tracks.append(track)
        return tracks

    def _parameters(self):
        return list({id(p): p for track in self._tracks for p in track.params}.values())

    def _optimized(self):
        return [v.value for v in self.model.trainable_variables]

    def _live(self):
        return self._parameters()

    def _given(self):
        return len(self.model.trainable_variables)

    def _rate_of(self, which):
        return float(self.optimizers[which].learning_rate)

    def _framework(self):
        return {"name": "keras", "version": keras.__version__}

    def _line_of(self, track):
        # Layers have names of their own, which are no paths from attribute to attribute.
        return None
