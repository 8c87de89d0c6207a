"""The calls of PyTorch that tell when a step begins, and what it trains on. Made once; silent while nobody watches."""

import sys

import torch

try:
    from torch.compiler import is_compiling
except ImportError:  # PyTorch 2.0
    from torch._dynamo import is_compiling

WATCHES = []


def has_compiled():
    """Whether `torch.compile` has made code of anything in this program. Where that can't be told, it has."""
    dynamo = sys.modules.get("torch._dynamo")
    if dynamo is None:
        return False
    try:
        return dynamo.utils.counters["stats"]["unique_graphs"] > 0
    except (AttributeError, KeyError):
        return True


def _scaler_class():
    amp = getattr(torch.amp, "GradScaler", None)
    return amp or torch.cuda.amp.GradScaler


def _wrap(owner, name, make):
    original = getattr(owner, name)
    if not hasattr(original, "__gradient_clinic__"):
        wrapped = make(original)
        wrapped.__gradient_clinic__ = original
        wrapped.__name__, wrapped.__doc__ = original.__name__, original.__doc__
        setattr(owner, name, wrapped)


def install():
    """Makes all of them, once."""
    _wrap(torch.Tensor, "backward", _backward)
    _wrap(torch.optim.Optimizer, "zero_grad", _zero_grad)
    _wrap(torch.nn.Module, "zero_grad", _zero_grad)
    _wrap(_scaler_class(), "scale", _scale)
    _wrap(_scaler_class(), "step", _scaler_step)


def _backward(original):
    def backward(self, gradient=None, *args, **kwargs):
        if not WATCHES or is_compiling():
            return original(self, gradient, *args, **kwargs)
        watches = list(WATCHES)
        for watch in watches:
            watch.guard(watch.before_backward)
        try:
            return original(self, gradient, *args, **kwargs)
        finally:
            for watch in watches:
                watch.guard(watch.after_backward, self, gradient)

    return backward


def _zero_grad(original):
    def zero_grad(self, *args, **kwargs):
        result = original(self, *args, **kwargs)
        for watch in list(WATCHES):
            watch.guard(watch.zeroed, self)
        return result

    return zero_grad


def _scale(original):
    def scale(self, outputs):
        scaled = original(self, outputs)
        if WATCHES and isinstance(scaled, torch.Tensor) and self.is_enabled():
            scaled._gradient_clinic_scaler = self
        return scaled

    return scale


def _scaler_step(original):
    def step(self, optimizer, *args, **kwargs):
        made = [(watch, watch.step) for watch in WATCHES if watch.optimizer is optimizer]
        result = original(self, optimizer, *args, **kwargs)
        for watch, before in made:
            if watch.step == before:
                watch.guard(watch.skipped)
        return result

    return step
