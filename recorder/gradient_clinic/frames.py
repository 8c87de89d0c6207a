"""Turns the steps of a watched model into frames of the file."""

import math

import numpy as np
import torch

from . import __version__, patches
from .modules import Track
from .recording import MISSING, in_float32
from .source import line_of
from .telling import say


class Frames:
    """The part of a watch that writes: losses of all steps, and figures of those that are recorded."""

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
        values = {"gradientNorm": total, "learningRate": self._rate_of(self.rounds.lead)}
        if loss is not None:
            values = {"loss": loss, **values}
        if scale is not None:
            values["ampScale"] = scale
        return values

    def _take_loss(self, loss, step):
        """The loss of a step. Where none was seen, it is that of the step before; before the first there is none."""
        loss = self._last_loss if loss is None else loss
        if loss is None:
            self._losses_from = step + 1
        else:
            self._last_loss = loss
            self._losses.append(loss)
            self._alarm.hear(loss)
        return loss

    def _measured(self, loss):
        """The scalars of the step that ends. The figures of modules stay in their tracks."""
        with torch.no_grad():
            scalars = self._scalars(loss)
            self._take_mode()
            for track in self._tracks:
                track.gather()
            self._to_host(scalars)
        return scalars

    def _record(self, loss):
        scalars = self._measured(loss)
        if self._may_stand_otherwise():
            self._write_standing()
        self._write_frame(self.step, scalars, [track.values for track in self._tracks])

    def _write_frame(self, step, scalars, measured):
        """measured: values of each track, in their order"""
        told = [measured[place].get(statistic) for place, statistic in self._places_of_columns]
        missing = [place for place, value in enumerate(told) if value is None]
        values = in_float32([math.nan if value is None else value for value in told])
        # As bits: a NaN that passes through a float may change its bits.
        values.view(np.uint32)[missing] = MISSING.view(np.uint32)
        row = in_float32([math.nan if scalars.get(name) is None else scalars[name] for name in self._names])
        losses = [float(x) for x in self._losses]
        self._writer.frame(step, row, values, self._losses_from, losses)
        self._losses_from += len(losses)
        self._losses = []

    def _take_mode(self):
        """
        A model can be trained in evaluation mode, and an evaluation can build a graph: what counts are passes in the
        mode whose gradients came.
        """
        passes = [p for track in self._tracks for p in track.passes]
        # Without any the model may be in the other mode by now. The next step looks at both.
        counting = [p for p in passes if p.reached] or passes
        self.trains_in_training_mode = any(p.is_training for p in counting)
        if self.trains_in_training_mode:
            for track in self._tracks:
                track.drop_evaluations()

    def _to_host(self, scalars):
        """Fetches everything that is still on a device in one copy."""
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
            # A parameter without a gradient may have left the model.
            [p.grad is None for p in self._params],
            self._given(),
            self._steps_of(),
        )
        return self._flags != before

    def _steps_of(self):
        """Places of the optimizers that have stepped, and do not rest."""
        return self._moving & self.rounds.members

    def _standings(self, tracks):
        optimized, live = ({id(p) for p in params} for params in (self._optimized(), self._live()))
        moving = self._steps_of()
        resting = [self.rounds.params(place) for place in range(len(self.optimizers)) if place not in moving]
        idle = set().union(*resting).difference(*(self.rounds.params(place) for place in moving))
        return [t.standing(optimized, live, idle) for t in tracks]

    def _write_standing(self):
        now = self._standings(self._ordered)
        changed = [[i, new] for i, (old, new) in enumerate(zip(self._standing, now)) if old != new]
        if changed:
            self._standing = now
            self._writer.standing(self.step, changed)

    def _is_compiled(self):
        """Whether compiled code may have hidden the outputs. Other models of the program may be compiled, too."""
        graphs = patches.graphs_compiled()
        return graphs > 0 and (not self.was_entered or graphs != self._graphs_before)

    def _write_schema(self, names):
        """names: of its scalars"""
        self._names = names
        self._ordered = tracks = sorted(self._tracks, key=Track.place)
        has_gradients = any("activationGradientRms" in t.values for t in tracks)
        self._columns = [(t, s) for t in tracks for s in t.statistics(has_gradients)]
        places = {id(track): place for place, track in enumerate(self._tracks)}
        self._places_of_columns = [(places[id(t)], s) for t, s in self._columns]
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
            say(f"recording {self.path}")
        unhooked = [t for t in tracks if t.is_output and not t.ran]
        if unhooked and len(unhooked) == sum(t.is_output for t in tracks):
            kind = "compiled" if self._is_compiled() else "unseen"
            self._writer.event(self.step, kind, "No output was seen: weights, gradients and updates alone")
