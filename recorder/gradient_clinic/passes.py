"""Backward passes of a watched model: what they began from, and the gradients they leave."""

import threading

import torch

from . import figures
from .modules import dense, is_counted
from .source import caller


class Passes:
    """The part of a watch that sees backward passes."""

    @property
    def in_backward(self):
        return self._backward > 0

    def _probe(self):
        """Whether a backward pass has reached the model is seen by some of the parameters that are trained now."""
        trained = [p for p in self._params if p.requires_grad]
        stride = max(1, len(trained) // 16)
        self._probes = trained[::stride] + trained[-1:]
        places = self._places()
        self._places_of_probes = [(*places[id(p)], p) for p in self._probes if id(p) in places]

    def _mark(self):
        gradients = [p.grad for p in self._probes]
        return [None if g is None else (id(g), g._version) for g in gradients]

    def seen_here(self):
        """The model runs in this thread: it is trained here, if it has not been yet."""
        if not self._has_schema:
            self._thread = threading.get_ident()

    def is_elsewhere(self):
        """Whether another thread trains the model. Then a backward pass in this thread belongs to another model."""
        return self._thread != threading.get_ident()

    def before_backward(self):
        """Returns whether the end of this pass is to be told, too."""
        if self.is_elsewhere():
            return False
        if self._backward == 0:
            self.counts, self.asks = True, False
            if any(held.get(name) is not p for held, name, p in self._places_of_probes):
                self._take_parameters()
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
            self._consume(self.rounds.lead)
            self._complete()

    def _value_of(self, losses, gradients):
        """The loss that a backward pass began from, without the scale of a GradScaler, and that scale; or None."""
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
        """Called before clipping. The last of several backward passes sees all gradients."""
        is_after = bool(self.rounds.made)
        measured = {id(p): p for p in params if p.grad is not None and is_counted(p)}
        norms = {i: figures.norm(dense(p)) for i, p in measured.items()}
        is_part = params is not self._params
        for track in self._tracks:
            if not is_part or any(id(p) in measured for p in track.params):
                track.measure_gradients(scale, norms, is_part, is_after)
        into = self._norms_after if is_after else self._norms
        into.update({i: n if scale is None else n / scale for i, n in norms.items()})
