"""Where a step of the training begins and ends: with one optimizer, with several, and with one inside another."""


def _inner_of(optimizer, kinds, names):
    """An optimizer that works for another one, as for SAM and Lookahead: outermost first."""
    chain = [optimizer]
    while len(chain) < 4:
        inner = next((i for name in names if isinstance(i := getattr(chain[-1], name, None), kinds)), None)
        if inner is None or any(inner is c for c in chain):
            break
        chain.append(inner)
    return chain


class Rounds:
    """
    The optimizers of a watch. A step of the training is one step of each of them, in any order: it ends where all have
    made theirs, or where one is about to make its second.
    """

    def __init__(self, optimizers, kinds=(), names=()):
        """
        optimizers: those that were given, whose steps count.
        kinds, names: the classes of optimizers, and under which names one keeps another one that it works through
        """
        self._chains = [_inner_of(o, kinds, names) for o in optimizers]
        self._places = {id(o): i for i, chain in enumerate(self._chains) for o in chain}
        self._running = []
        self.made = set()
        # How often any began a step: a scaler that skips one leaves it as it was.
        self.begun = 0
        self._params = {}

    def all(self):
        """Each optimizer whose steps are to be seen, with those inside of others."""
        return [optimizer for chain in self._chains for optimizer in chain]

    def place(self, optimizer):
        """Which of those that were given it is, or works for; None where it is another one."""
        return self._places.get(id(optimizer))

    def begins(self, optimizer):
        """Says that an optimizer is about to step. Returns which it is; None inside the step of another one."""
        # It can't be inside itself: an error of the training ended its last step.
        at = next((i for i, o in enumerate(self._running) if o is optimizer), len(self._running))
        del self._running[at:]
        self._running.append(optimizer)
        self.begun += 1
        return self.place(optimizer) if at == 0 else None

    def ends(self, optimizer):
        """Says that it has stepped. Returns which it is; None inside the step of another one."""
        at = next((i for i, o in enumerate(self._running) if o is optimizer), None)
        if at is None:
            return None
        del self._running[at:]
        if at:
            return None
        which = self.place(optimizer)
        self.made.add(which)
        return which

    @property
    def is_over(self):
        return len(self.made) == len(self._chains)

    def next(self):
        """Begins the next step of the training."""
        self.made = set()

    def params(self, which):
        """Ids of the parameters that an optimizer has now."""
        optimizer = self._chains[which][0]
        given = sum(len(group["params"]) for group in optimizer.param_groups)
        kept = self._params.get(which)
        if kept is None or kept[0] != given:
            kept = (given, {id(p) for group in optimizer.param_groups for p in group["params"]})
            self._params[which] = kept
        return kept[1]


def hooked(rounds, watch):
    """Hooks on all of them. A class that left out what `torch.optim.Optimizer` prepares is seen by the one inside it."""
    handles = []
    for optimizer in rounds.all():
        try:
            before = optimizer.register_step_pre_hook(lambda o, *_: watch.guard(watch.step_begins, o))
            handles += [before, optimizer.register_step_post_hook(lambda o, *_: watch.guard(watch.step_ends, o))]
        except AttributeError:
            continue
    return handles
