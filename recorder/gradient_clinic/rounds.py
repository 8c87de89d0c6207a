"""Where a step of the training begins and ends: with one optimizer, with several, and with one inside another."""

import sys

from .patches import is_compiling

# An optimizer without a step in so many steps of the others rests: the training has stages.
RESTING = 32


def _inner_of(optimizer, kinds, names):
    """An optimizer that works for another one, as for SAM and Lookahead: outermost first."""
    chain = [optimizer]
    while len(chain) < 4:
        inner = next((i for name in names if isinstance(i := getattr(chain[-1], name, None), kinds)), None)
        if inner is None or any(inner is c for c in chain):
            break
        chain.append(inner)
    return chain


def _is_stepping(optimizer):
    """Whether a call of this one runs in this thread. An error may have ended it without a notice."""
    frame = sys._getframe(1)
    while frame is not None:
        # Of `step`, or of what stands around it.
        if "self" in frame.f_code.co_varnames and frame.f_locals.get("self") is optimizer:
            return True
        frame = frame.f_back
    return False


class Rounds:
    """
    The optimizers of a watch. A step of the training is one step of each of its members, in any order: it ends where all
    have made theirs, or where one is about to make its second. Members are all, until one of them rests for long.
    """

    def __init__(self, optimizers, listed, kinds=(), names=()):
        """
        optimizers: those whose steps count.
        listed: gives the parameters of an optimizer.
        kinds, names: the classes of optimizers, and under which names one keeps another one that it works through
        """
        self._listed, self._kinds, self._names = listed, kinds, names
        self._running = []
        self.made = set()
        # How often any of them began a step. A skipped step of a scaler does not count.
        self.begun = 0
        self.follow(optimizers)

    def follow(self, optimizers, members=None, made=()):
        """
        optimizers: those whose steps count from now on.
        members: places of those that a step waits for; all where none are given.
        made: places of those that have made theirs
        """
        self._chains = [_inner_of(o, self._kinds, self._names) for o in optimizers]
        self._places = {id(o): i for i, chain in enumerate(self._chains) for o in chain}
        self._params = {}
        self.made = set(made)
        self.wait_for(range(len(self._chains)) if members is None else members)

    def wait_for(self, members):
        """members: places of those that a step is one step of."""
        self.members = set(members)
        self._missed = dict.fromkeys(self.members, 0)
        # Steps since then.
        self.age = 0

    @property
    def lead(self):
        """The place of the one whose loss and learning rate are told."""
        return min(self.members)

    def all(self):
        """Each optimizer whose steps are to be seen, with those inside of others."""
        return [optimizer for chain in self._chains for optimizer in chain]

    def place(self, optimizer):
        """Which of them it is, or works for; None where it is another one."""
        return self._places.get(id(optimizer))

    def is_running(self):
        """Whether any of them is in the middle of a step."""
        self._running = [o for o in self._running if _is_stepping(o)]
        return bool(self._running)

    def begins(self, optimizer):
        """Says that an optimizer is about to step. Returns which it is; None inside the step of another one."""
        # It can't be inside itself, so an error of the training ended its last step.
        at = next((i for i, o in enumerate(self._running) if o is optimizer), len(self._running))
        del self._running[at:]
        is_outermost = not self._running or not self.is_running()
        self._running.append(optimizer)
        self.begun += 1
        return self.place(optimizer) if is_outermost else None

    def ends(self, optimizer):
        """Says that it has stepped. Returns which it is; None inside the step of another one."""
        at = next((i for i, o in enumerate(self._running) if o is optimizer), None)
        if at is None:
            return None
        del self._running[at:]
        return None if at else self.place(optimizer)

    @property
    def is_over(self):
        return self.made >= self.members

    def next(self):
        """Begins the next step of the training."""
        if self.made:
            self.age += 1
            for place in self._missed:
                self._missed[place] = 0 if place in self.made else self._missed[place] + 1
            self.members = {m for m in self.members if self._missed[m] < RESTING}
        self.made = set()

    def params(self, which):
        """Ids of the parameters that an optimizer has now."""
        optimizer = self._chains[which][0]
        listed = self._listed(optimizer)
        kept = self._params.get(which)
        if kept is None or kept[0] != len(listed):
            kept = self._params[which] = (len(listed), {id(p) for p in listed})
        return kept[1]


def hooked(rounds, watch):
    """Hooks on all of them. A class that left out what `torch.optim.Optimizer` prepares is seen by the one inside it."""

    def begins(optimizer, *_):
        # Traced by torch.compile this is a constant: the code it makes is that without hooks.
        if not is_compiling():
            watch.guard(watch.step_begins, optimizer)

    def ends(optimizer, *_):
        if not is_compiling():
            watch.guard(watch.step_ends, optimizer)

    handles = []
    for optimizer in rounds.all():
        try:
            handles += [optimizer.register_step_pre_hook(begins), optimizer.register_step_post_hook(ends)]
        except AttributeError:
            continue
    return handles
