"""Decides which steps are recorded out of turn: those after a loss that jumps, so that a break-down has frames."""

import math

# A loss this many times the largest of the last ones is an alarm. So many steps after it are recorded, and so many of a
# training at most.
_TIMES, _AFTER, _MOST = 3.0, 8, 64
# How many losses are compared with at most, and at least.
_RECENT, _FEWEST = 16, 8


class Alarm:
    """Watches the losses of a training, one after the other."""

    def __init__(self):
        self._recent, self._pending, self._left = [], 0, _MOST

    def hear(self, loss):
        """Takes a loss. It does not wait for one that is still on a device."""
        if not isinstance(loss, float):
            return
        usual = max(map(abs, self._recent)) if len(self._recent) >= _FEWEST else math.inf
        if not math.isfinite(loss) or abs(loss) > _TIMES * usual:
            self._pending = _AFTER
        if math.isfinite(loss):
            self._recent = [*self._recent[1 - _RECENT :], loss]

    def wants_step(self):
        """Whether the next step is to be recorded out of turn. Asked once a step."""
        if not (self._pending and self._left):
            return False
        self._pending -= 1
        self._left -= 1
        return True
