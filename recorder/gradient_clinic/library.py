"""What a watch asks of the library that trains: PyTorch here. Keras answers otherwise in `keras.py`."""

import torch

from .arguments import INNER, checked_model, checked_optimizers
from .modules import tracks_of, unwrapped
from .rounds import Rounds, hooked


class Library:
    """The part of a watch that differs between libraries."""

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
