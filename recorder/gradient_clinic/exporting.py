# Longer than 300 lines, because one file is written from one trace of one model.
"""Writes a model with its wiring, weights and optimizer to one file: `gradient_clinic.export(model, sample, path)`."""

import collections
import copy
import inspect
import json
import math
import struct
import zlib

import numpy as np
import torch
from torch import fx
from torch.nn.utils import parametrize

from .modules import unwrapped
from .source import Sources, caller, line_of, raised_at

_FORMAT = "gradient-clinic/model"
_VERSION = 1


class ExportError(ValueError):
    """A model that can't be written. The text says why, where, and what to do."""


_WATCH = "or watch its training: gradient_clinic.watch(model, optimizer)"


def _at(place):
    """Where in the person's code, as a part of a message."""
    return f" ({place['file']}:{place['line']}: {line_of(place)})" if place else ""


def export(model, sample, path, *, optimizer=None, loss=None, schedule=None):
    """Writes a PyTorch model to a file that Gradient Clinic opens.

    The file is in the format of safetensors: numbers with names, and in its header a description in JSON. It holds no
    code, and nothing in it is executed when it is opened. The model is left as it is.

    sample: one batch of inputs, as the model takes it; what the model makes of it is written too, so that the app can
        show that it computes the same.
    optimizer: with its settings and moments, as it stands.
    loss: a module such as nn.CrossEntropyLoss(), or a function such as F.cross_entropy.
    schedule: of torch.optim.lr_scheduler.

    Raises ExportError where the wiring can't be read: code that asks for values of tensors, several inputs.
    """
    model = unwrapped(model)
    if isinstance(model, torch.jit.ScriptModule):
        raise ExportError(
            "the model is compiled by torch.jit, which keeps no modules that could be read: give the model that "
            "torch.jit.script or torch.jit.trace was given"
        )
    if not isinstance(sample, torch.Tensor) or sample.dim() < 2:
        told = f"has the shape {list(sample.shape)}" if isinstance(sample, torch.Tensor) else f"is of {type(sample).__name__}"
        raise ExportError(f"sample {told}: give one tensor, a batch of inputs with the examples along its first axis")
    sources = Sources(model, caller()[1])
    modes = [(module, module.training) for module in model.modules()]
    devices = [sample.device] if sample.device.type == "cuda" else []
    try:
        model.eval()
        with torch.random.fork_rng(devices=devices), torch.no_grad():
            nodes, output = _trace(model, sample, sources)
            result = _result(model, sample)
            # Spectral norm estimates anew where it trains.
            remade = {
                f"{place}.{name}" if place else name: getattr(module, name)
                for place, module in model.named_modules()
                for name in _made(module)[0]
            }
    finally:
        for module, mode in modes:
            module.training = mode
    if not isinstance(result, torch.Tensor):
        raise _several(model)
    names = {id(p): name for name, p in model.named_parameters()}
    tensors = {f"weights/{k}": v for k, v in model.state_dict().items() if v.is_floating_point()}
    tensors.update({f"weights/{name}": weight for name, weight in remade.items()})
    told = {
        "format": _FORMAT,
        "version": _VERSION,
        "framework": f"PyTorch {torch.__version__.split('+')[0]}",
        "name": type(model).__name__,
        "input": {"shape": list(sample.shape), "integer": not sample.is_floating_point()},
        "nodes": nodes,
        "output": output,
        "tied": _tied(model),
        "remade": list(remade),
        "frozen": [name for name, p in model.named_parameters() if not p.requires_grad],
    }
    if optimizer is not None:
        told["optimizer"] = _optimizer(optimizer, names, tensors)
    if loss is not None:
        told["loss"] = _loss(loss)
    if schedule is not None:
        told["schedule"] = _schedule(schedule)
    tensors["sample/x"], tensors["sample/y"] = sample, result
    _write(path, told, tensors)


def _several(model):
    return ExportError(
        f"{type(model).__name__} gives no tensor, or several, and one is supported: let its forward return the one that "
        f"the loss reads, {_WATCH}"
    )


def _result(model, sample):
    """The model's output for the sample. Numbers of fewer bits are computed in 32, as in the app."""
    short = (torch.float16, torch.bfloat16)
    if not any(p.dtype in short for p in model.parameters()):
        return model(sample.clone())
    return copy.deepcopy(model).float()(sample.float() if sample.is_floating_point() else sample.clone())


# The wiring


class _Proxy(fx.Proxy):
    """Stands for a tensor in the model's code. Everything else (shapes, lengths) has its value for the sample."""

    def __getattr__(self, name):
        real = getattr(self.node.meta["value"], name)
        return fx.proxy.Attribute(self, name) if callable(real) or isinstance(real, torch.Tensor) else real

    def __len__(self):
        return len(self.node.meta["value"])

    def __iter__(self):
        return iter([self[i] for i in range(len(self))])


# Methods that hand the values of a tensor to code outside of PyTorch.
_VALUES = ("item", "numpy", "tolist")


class _Tracer(fx.Tracer):
    def __init__(self, sample):
        super().__init__(autowrap_modules=(math,))
        self.sample = sample
        self.computes = False

    def call_module(self, m, forward, args, kwargs):
        # While tracing every call of a module comes here, also those that only compute a value.
        return forward(*args, **kwargs) if self.computes else super().call_module(m, forward, args, kwargs)

    def getattr(self, attr, attr_val, parameter_proxy_cache):
        return attr_val if self.computes else super().getattr(attr, attr_val, parameter_proxy_cache)

    def proxy(self, node):
        return _Proxy(node, self)

    def to_bool(self, obj):
        raise ExportError(
            f"the model's code decides by the values of a tensor{_at(caller()[0])}, so it has no fixed wiring: choose by "
            f"torch.where, {_WATCH}"
        )

    def create_proxy(self, kind, target, args, kwargs, *more, **options):
        proxy = super().create_proxy(kind, target, args, kwargs, *more, **options)
        node = proxy.node
        node.meta["given"] = kind == "placeholder" or any(n.meta.get("given") for n in node.all_input_nodes)
        if kind in ("call_function", "call_method"):
            node.meta["place"] = caller()[0]
        if kind == "call_method" and target in _VALUES and node.meta["given"]:
            raise ExportError(
                f"the model's code takes values out of a tensor by {target}(){_at(node.meta['place'])}, and what it makes "
                f"of them has no wiring: compute with tensors alone, {_WATCH}"
            )
        self.computes = True
        try:
            value = node.meta["value"] = self._value(node)
        finally:
            self.computes = False
        return proxy if kind in ("placeholder", "output") or _holds_tensor(value) else value

    def _known(self, node):
        """A node's value. A tensor that the code made or holds, and gives to a call, gets its node by that call."""
        if "value" not in node.meta:
            node.meta["value"] = self._value(node)
        return node.meta["value"]

    def _value(self, node):
        if node.op == "placeholder":
            return self.sample.clone()
        if node.op == "output":
            return None
        if node.op == "get_attr":
            at = self.root
            for part in node.target.split("."):
                at = getattr(at, part)
            return at
        args, kwargs = (fx.node.map_arg(a, self._known) for a in (node.args, node.kwargs))
        if node.op == "call_module":
            return self.root.get_submodule(node.target)(*args, **kwargs)
        if node.op == "call_method":
            return getattr(args[0], node.target)(*args[1:], **kwargs)
        return node.target(*args, **kwargs)


def _holds_tensor(value):
    return isinstance(value, torch.Tensor) or (isinstance(value, (tuple, list)) and any(map(_holds_tensor, value)))


def _trace(model, sample, sources):
    """The calls that lead from the input to the output, in order, and the name of the last."""
    given = list(inspect.signature(model.forward).parameters.values())
    named = [p for p in given if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    needed = [p.name for p in named if p.default is p.empty]
    if len(needed) > 1:
        raise ExportError(
            f"{type(model).__name__}.forward takes several inputs ({', '.join(needed)}), and one is supported: give the "
            f"others a default, {_WATCH}"
        )
    tracer = _Tracer(sample)
    try:
        graph = tracer.trace(_Whole(model))
    except ExportError:
        raise
    except Exception as error:  # noqa: BLE001: whatever the model's code does with what stands for its input
        reason = f"{type(error).__name__}: {error}"
        raise ExportError(
            f"the wiring of {type(model).__name__} can't be read{_at(raised_at(error))}, {reason}: write that line with "
            f"functions and methods of tensors alone, {_WATCH}"
        ) from error
    end = next(node for node in graph.nodes if node.op == "output").args[0]
    if not isinstance(end, fx.Node):
        raise _several(model)
    used = {end}
    for node in reversed(list(graph.nodes)):
        if node in used:
            used.update(node.all_input_nodes)
    nodes = [_describe(tracer, node, sources) for node in graph.nodes if node in used]
    return nodes, end.name


class _Whole(torch.nn.Module):
    """Calls the model with its input only. Its other arguments keep their defaults."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input):  # noqa: A002: the name that the input gets
        return self.model(input)


def _describe(tracer, node, sources):
    value = tracer._known(node)
    told = {"name": node.name, "args": [_argument(a) for a in node.args]}
    if node.kwargs:
        told["kwargs"] = {k: _argument(v) for k, v in node.kwargs.items()}
    if isinstance(value, torch.Tensor):
        told["shape"] = list(value.shape)
    if node.op == "call_module":
        module = tracer.root.get_submodule(node.target)
        settings = _plain(vars(module))
        made, parts = _made(module)
        if made:
            rest = [key for key in settings.get("tensors", []) if key not in parts]
            settings["tensors"] = [*made, *rest]
        op = parametrize.type_before_parametrizations(module).__name__
        told.update(call="module", op=op, path=node.target.partition(".")[2], settings=settings)
    elif node.op == "call_function":
        told.update(call="function", op=getattr(node.target, "__name__", str(node.target)))
    elif node.op == "call_method":
        told.update(call="function", op=node.target)
    elif node.op == "get_attr":
        learns = isinstance(value, torch.nn.Parameter)
        told.update(
            call="tensor",
            op=node.target.partition(".")[2],
            zero=bool((value == 0).all()) and not learns,
            learns=learns,
        )
    else:
        told.update(call="input", op="input")
    place = sources.of(told["path"]) if node.op == "call_module" else node.meta.get("place")
    if place and len(line_of(place)) <= 1000:
        told["code"] = {**place, "text": line_of(place)}
    return told


def _argument(value):
    if isinstance(value, fx.Node):
        return {"node": value.name}
    if isinstance(value, (tuple, list)):
        return [_argument(v) for v in value]
    if isinstance(value, slice):
        return {"slice": [_argument(v) for v in (value.start, value.stop, value.step)]}
    if value is Ellipsis:
        return {"ellipsis": True}
    return _scalar(value) if _is_scalar(value) else {"other": str(value)}


def _is_scalar(value):
    return value is None or isinstance(value, (bool, int, float, str))


def _scalar(value):
    return value if not isinstance(value, float) or math.isfinite(value) else str(value)


def _plain(settings):
    """The attributes of an object that JSON can hold, and the names of its parameters."""
    told = {}
    for key, value in settings.items():
        if key in ("training", "call_super_init", "dump_patches"):
            continue
        if isinstance(value, torch.Tensor) and value.dim() == 0 and not key.startswith("_"):
            # Such as a learning rate that a captured step reads.
            value = value.item()
        if _is_scalar(value) and not key.startswith("_"):
            told[key] = _scalar(value)
        elif isinstance(value, (tuple, list)) and all(_is_scalar(v) for v in value) and not key.startswith("_"):
            told[key] = [_scalar(v) for v in value]
    held = {**settings.get("_parameters", {}), **settings.get("_buffers", {})}
    if held:
        told["tensors"] = [key for key, value in held.items() if value is not None]
    return told


def _made(module):
    """Names of weights that a module computes at each call, as weight norm does, and of their sources."""
    made = list(getattr(module, "parametrizations", {})) if parametrize.is_parametrized(module) else []
    parts = []
    for hook in module._forward_pre_hooks.values():
        name = getattr(hook, "name", None)
        if type(hook).__name__ in ("WeightNorm", "SpectralNorm") and isinstance(name, str):
            made.append(name)
            parts += [f"{name}_{end}" for end in ("g", "v", "orig", "u")]
    return made, parts


def _tied(model):
    """Names of parameters that are the same tensor as another one."""
    first, tied = {}, []
    for name, p in model.named_parameters(remove_duplicate=False):
        other = first.setdefault(id(p), name)
        # One module under two names is told by where it is called.
        if other != name and name.rpartition(".")[2] != other.rpartition(".")[2]:
            tied.append([other, name])
        elif other != name and _owner(model, name) is not _owner(model, other):
            tied.append([other, name])
    return tied


def _owner(model, name):
    return model.get_submodule(name.rpartition(".")[0])


# The training


def _optimizer(optimizer, names, tensors):
    groups = optimizer.param_groups
    settings = _plain({k: v for k, v in groups[0].items() if k != "params"})
    steps = set()
    for group in groups:
        for p in group["params"]:
            for key, value in optimizer.state.get(p, {}).items():
                if key == "step":
                    steps.add(int(value))
                elif isinstance(value, torch.Tensor) and id(p) in names:
                    tensors[f"optimizer/{names[id(p)]}/{key}"] = value
    alike = all(_plain({k: v for k, v in g.items() if k != "params"}) == settings for g in groups)
    return {
        "name": type(optimizer).__name__,
        "settings": settings,
        "step": max(steps, default=0),
        "uneven": len(steps) > 1,
        "groups": len(groups),
        "alike": alike,
    }


def _schedule(schedule):
    told = {"name": type(schedule).__name__, "settings": _plain(vars(schedule))}
    # Milestones that MultiStepLR counts, and the points at which SequentialLR goes on to the next of its parts.
    milestones = getattr(schedule, "milestones", getattr(schedule, "_milestones", None))
    if milestones is not None:
        told["settings"]["milestones"] = sorted(
            milestones.elements() if isinstance(milestones, collections.Counter) else milestones
        )
    parts = getattr(schedule, "_schedulers", None)
    if isinstance(parts, (tuple, list)):
        told["parts"] = [_schedule(part) for part in parts]
    return told


def _loss(loss):
    if isinstance(loss, torch.nn.Module):
        weights = [k for k in ("weight", "pos_weight") if getattr(loss, k, None) is not None]
        return {"name": type(loss).__name__, "settings": {**_plain(vars(loss)), "weighted": bool(weights)}}
    name = getattr(loss, "__name__", None)
    if name is None:
        raise ExportError(
            f"loss is of {type(loss).__name__}, which has no name: give a module such as nn.CrossEntropyLoss(), or a "
            "function such as F.cross_entropy"
        )
    return {"name": name, "settings": {}}


# The file


def _write(path, told, tensors):
    description = json.dumps(told)
    header, at, check = {"__metadata__": {"gradient_clinic": description}}, 0, 0
    arrays = []
    for name, tensor in tensors.items():
        array = np.ascontiguousarray(tensor.detach().to("cpu", torch.float32).numpy(), dtype="<f4")
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [at, at + array.nbytes]}
        at += array.nbytes
        check = zlib.crc32(array.tobytes(), check)
        arrays.append(array)
    # A checksum of schema and numbers. Nothing else shows damage to either.
    header["__metadata__"]["crc32"] = f"{zlib.crc32(description.encode())} {check}"
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)))
        file.write(text)
        for array in arrays:
            file.write(array.tobytes())
