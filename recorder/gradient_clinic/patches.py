"""The calls of PyTorch that tell when a step begins, and what it trains on. Made once; silent while nobody watches."""

import math
import sys

import torch
from torch.optim.optimizer import register_optimizer_step_post_hook, register_optimizer_step_pre_hook

try:
    from torch.compiler import is_compiling
except ImportError:  # PyTorch 2.0
    from torch._dynamo import is_compiling

WATCHES = []
_hooks_all = False


def graphs_compiled():
    """How many graphs `torch.compile` has made code of in this program. Infinite where that can't be told."""
    dynamo = sys.modules.get("torch._dynamo")
    if dynamo is None:
        return 0
    try:
        return dynamo.utils.counters["stats"]["unique_graphs"]
    except (AttributeError, KeyError):
        return math.inf


def is_transformed():
    """Whether `torch.func` is at work: values are wrapped then, and can't be read."""
    try:
        return torch._C._functorch.peek_interpreter_stack() is not None
    except AttributeError:  # Of another version.
        return False


def _scaler_class():
    amp = getattr(torch.amp, "GradScaler", None)
    return amp or torch.cuda.amp.GradScaler


def wrap(owner, name, make):
    """Puts `make(original)` in the place of a method, once."""
    original = getattr(owner, name)
    if not hasattr(original, "__gradient_clinic__"):
        wrapped = make(original)
        wrapped.__gradient_clinic__ = original
        wrapped.__name__, wrapped.__doc__ = original.__name__, original.__doc__
        setattr(owner, name, wrapped)


def install():
    """Makes all of them, once."""
    # `Tensor.backward` calls it, and so do those who have several losses.
    wrap(torch.autograd, "backward", _backward)
    wrap(torch.autograd, "grad", _grad)
    wrap(torch.optim.Optimizer, "zero_grad", _zero_grad)
    wrap(torch.nn.Module, "zero_grad", _zero_grad)
    wrap(_scaler_class(), "scale", _scale)
    wrap(_scaler_class(), "step", _scaler_step)
    _hook_all_optimizers()


def _hook_all_optimizers():
    """Sees every optimizer, also those that were not given: one may have replaced another."""
    global _hooks_all
    if not _hooks_all:
        _hooks_all = True
        register_optimizer_step_pre_hook(_any_begins)
        register_optimizer_step_post_hook(_any_ends)


def _any_begins(optimizer, *_):
    if not is_compiling() and WATCHES:
        for watch in list(WATCHES):
            watch.guard(watch.meets, optimizer)


def _any_ends(optimizer, *_):
    if not is_compiling() and WATCHES:
        for watch in list(WATCHES):
            watch.guard(watch.met, optimizer)


def _backward(original):
    def backward(tensors, grad_tensors=None, *args, **kwargs):
        if not WATCHES or is_compiling():
            return original(tensors, grad_tensors, *args, **kwargs)
        watches = [watch for watch in list(WATCHES) if watch.guard(watch.before_backward)]
        try:
            return original(tensors, grad_tensors, *args, **kwargs)
        finally:
            for watch in watches:
                watch.guard(watch.after_backward, tensors, grad_tensors)

    return backward


def _grad(original):
    def grad(outputs, inputs, *args, **kwargs):
        if not WATCHES or is_compiling():
            return original(outputs, inputs, *args, **kwargs)
        makes_graph = args[2] if len(args) > 2 else kwargs.get("create_graph", False)
        watches = [watch for watch in list(WATCHES) if watch.guard(watch.before_asked, inputs, makes_graph)]
        try:
            return original(outputs, inputs, *args, **kwargs)
        finally:
            for watch in watches:
                watch.guard(watch.after_asked, outputs)

    return grad


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
            # The loss without its scale: the scale alone may have made it infinite.
            scaled._gradient_clinic_scaler, scaled._gradient_clinic_loss = self, outputs.detach()
        return scaled

    return scale


def _scaler_step(original):
    def step(self, optimizer, *args, **kwargs):
        for watch in list(WATCHES):
            watch.guard(watch.meets, optimizer)
        watched = [(watch, watch.rounds.begun) for watch in WATCHES if watch.rounds.place(optimizer) is not None]
        result = original(self, optimizer, *args, **kwargs)
        for watch, begun in watched:
            if watch.rounds.begun == begun:
                watch.guard(watch.skipped, optimizer)
        return result

    return step
