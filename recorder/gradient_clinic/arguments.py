"""The arguments of `watch`. Each one that it can't use is refused with what to give instead."""

import inspect
import os

import torch

# Wrappers keep their optimizer under these names: schedulers of the rate, and a person's own classes around `step`.
INNER = ("optimizer", "optim", "_optimizer", "base_optimizer")

# The most steps between two frames that a reader accepts.
MOST_EVERY = 1_000_000


class Refused(Exception):
    """An argument that can't be recorded. The text says what to give instead."""


def named(value):
    """A value in words: `the class Net`, `a list`."""
    if value is None:
        return "None"
    if inspect.isclass(value):
        return f"the class {value.__name__}"
    if inspect.isroutine(value):
        return f"the function {getattr(value, '__name__', '')}".strip()
    kind = type(value).__name__
    return f"an {kind}" if kind[:1].lower() in "aeiou" else f"a {kind}"


def is_keras(model):
    """Whether it is a model of Keras 3, and not a class of them."""
    return hasattr(model, "_flatten_layers") and not inspect.isclass(model)


def checked_model(model):
    """The model. Raises Refused for what is no `torch.nn.Module`, and for one whose parameters have no size yet."""
    if isinstance(model, torch.optim.Optimizer):
        raise Refused("the first argument is an optimizer: call watch(model, optimizer)")
    if not isinstance(model, torch.nn.Module):
        help_ = "give the model, an instance of torch.nn.Module"
        if inspect.isclass(model):
            help_ = f"give a model that was made of it: model = {model.__name__}(…)"
        elif isinstance(model, (list, tuple, dict)):
            help_ = "call watch once for each model, with its own optimizer"
        raise Refused(f"the model is {named(model)}: {help_}")
    if isinstance(model, torch.jit.ScriptModule):
        raise Refused("the model was made by torch.jit, and takes no hooks: train and watch the one that it was made of")
    if any(type(p).__name__ == "DTensor" for p in model.parameters()) or any(
        type(m).__name__ == "FullyShardedDataParallel" for m in model.modules()
    ):
        raise Refused(
            "its weights are spread over several processes, none of which has them all: watch a short run in one process, "
            "or with DistributedDataParallel"
        )
    lazy = [n for n, p in model.named_parameters() if torch.nn.parameter.is_lazy(p)]
    if lazy:
        raise Refused(f"{lazy[0]} has no size yet: call the model once on a batch, then make the optimizer, then watch")
    return model


def checked_optimizers(given):
    """The optimizers, out of a list of them or wrappers. Raises Refused for what is none."""
    if isinstance(given, dict):
        given = list(given.values())
    if not isinstance(given, (list, tuple)):
        return [_checked_optimizer(given)]
    made = {id(o): o for o in map(_checked_optimizer, given)}
    return list(made.values()) or [_checked_optimizer(None)]


def _checked_optimizer(optimizer):
    """The optimizer itself, out of a wrapper. Raises Refused for what is none."""
    given = optimizer
    for _ in range(4):
        if isinstance(optimizer, torch.optim.Optimizer):
            return optimizer
        inner = [] if inspect.isclass(optimizer) else [getattr(optimizer, name, None) for name in INNER]
        optimizer = next((i for i in inner if i is not None and not callable(i)), None)
    if isinstance(given, torch.nn.Module):
        raise Refused("the optimizer is a model: call watch(model, optimizer)")
    if inspect.isclass(given) or inspect.isroutine(given):
        raise Refused(f"the optimizer is {named(given)}: give the one that was made with the model's parameters")
    if given is None:
        raise Refused("no optimizer was given: call watch(model, optimizer), with the one whose step() trains the model")
    raise Refused(f"the optimizer is {named(given)}: give the torch.optim.Optimizer whose step() trains the model")


def checked_every(every):
    """Steps between two frames, at least 1. Raises Refused for what is no number."""
    try:
        return min(max(1, int(every)), MOST_EVERY)
    except (TypeError, ValueError, OverflowError):
        raise Refused(f"every={every!r}: give a number of steps, such as every=10") from None


def checked_path(path):
    """Where to write, as text; None where that is left to the recorder. Raises Refused for what is no name of a file."""
    if path is None or path == "":
        return None
    try:
        path = os.fsdecode(os.fspath(path))
    except TypeError:
        raise Refused(f"path={path!r}: give the name of a file, such as path=\"run.gcrec\"") from None
    if os.path.isdir(path):
        raise Refused(f"{path} is a folder: give the name of a file in it, such as {os.path.join(path, 'run.gcrec')}")
    if os.path.lexists(path):
        raise Refused(f"{path} is there already, and no recording is written over: choose another path")
    return path
