"""What a watch needs of the library that trains. This is PyTorch's part; `keras.py` has that of Keras."""

import torch

from .arguments import INNER, checked_model, checked_optimizers
from .modules import Entry, Handle, renew, tracks_of, unwrapped
from .rounds import Rounds, hooked


class Library:
    """The part of a watch that differs between libraries."""

    def _checked(self, model, optimizer):
        """Model and optimizers, out of what holds them. Raises Refused for what they can't be."""
        # The model first: where it is wrong, the optimizer may be, too.
        return unwrapped(checked_model(model)), checked_optimizers(optimizer)

    def _replaces(self, other):
        """Whether this watch records the same as another one, as when a cell of a notebook runs again."""
        return other.model is self.model and any(o is mine for o in other.optimizers for mine in self.optimizers)

    def _hook_optimizers(self):
        self._optimizer_handles = hooked(self.rounds, self)

    def _hook_model(self):
        """Hooks on the model as a whole."""
        return [Handle(self.model.register_forward_pre_hook(Entry(self)), self.model._forward_pre_hooks)]

    def _make_rounds(self):
        return Rounds(self.optimizers, self._listed, torch.optim.Optimizer, INNER)

    def _listed(self, optimizer):
        """The parameters that an optimizer has now."""
        return [p for group in optimizer.param_groups for p in group["params"]]

    def _make_tracks(self):
        return tracks_of(self.model)

    def _renew(self):
        """Looks for the parameters that the modules have now."""
        renew(self._tracks)

    def _parameters(self):
        return list(self.model.parameters())

    def _optimized(self):
        return [p for optimizer in self.optimizers for p in self._listed(optimizer)]

    def _given(self):
        """How many parameters the optimizers have."""
        return len(self._optimized())

    def _places(self):
        """Where each parameter stands, by its id: a dictionary, and its name there."""
        return {id(p): (m._parameters, name) for m in self.model.modules() for name, p in m._parameters.items()}

    def _live(self):
        """The parameters that the model has now: what it had at first may have been replaced."""
        return self.model.parameters()

    def _rate_of(self, which):
        """The learning rate of one of the optimizers now."""
        return float(self.optimizers[which].param_groups[0]["lr"])

    def _optimizer_name(self):
        return " + ".join(dict.fromkeys(type(o).__name__ for o in self.optimizers))[:200]

    def _framework(self):
        return {"name": "pytorch", "version": torch.__version__}

    def _line_of(self, track):
        """File and line of the code that makes a module, or None."""
        try:
            return self._sources.of(track.name)
        except Exception:
            # Code may be unlike any that was foreseen. A recording is useful without its lines, too.
            return None
