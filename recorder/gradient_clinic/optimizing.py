"""The steps of optimizers that a watch sees: those that were given, and those that come in their place."""

import threading
import weakref

from . import patches
from .modules import Weights
from .rounds import RESTING
from .telling import say

# The most optimizers that one recording reports, and that one watch knows.
_MOST_TOLD, _MOST_KNOWN = 100, 1000


class Optimizing:
    """The part of a watch that follows its optimizers."""

    # Whether a step is always one of a single optimizer.
    _has_one = False

    def _begin_optimizers(self):
        # Steps that others made since the last of ours, by what they train of the model; and how often that was told.
        self._others, self._told = {}, 0
        self._kept, self._passed_over = {}, None
        # Steps of optimizers of none of the model's parameters since one of ours: when that was, how many, and at most.
        self._strayed, self._most_strayed, self._has_strayed = (None, 0), 0, False

    # Ours

    def _settled(self):
        """Ids of the parameters whose optimizer has stepped, while others go on."""
        return set().union(*(self.rounds.params(which) for which in self.rounds.made)) if self.rounds.made else set()

    def step_begins(self, optimizer):
        which = self.rounds.begins(optimizer)
        if which is None:
            return
        self._passed_over = None
        if not self.in_backward:
            self._thread = threading.get_ident()
        self._others = {}
        if which in self.rounds.made:
            # Its second step before another one's first begins the next step of the training.
            self._cut()
        elif which not in self.rounds.members and not self._wakes(which):
            self._passed_over = which
            return
        self.before_step(which)

    def step_ends(self, optimizer):
        which = self.rounds.ends(optimizer)
        if which is None or which == self._passed_over:
            self._passed_over = None
            return
        if self.active:
            # Of `step(closure)`, inside of which the gradients came.
            self._merge()
        self.rounds.made.add(which)
        self._consume(which)
        if not self.rounds.is_over:
            if self.active:
                settled = self._settled()
                for track in self._tracks:
                    near = [p for p in track.near if p.requires_grad]
                    track.is_settled = bool(near) and all(id(p) in settled for p in near)
        elif self.in_backward:
            # Each parameter steps as its gradient comes: the loss is told behind the last of them.
            self._waits = True
        else:
            self._complete()

    def _cut(self):
        """Ends a step that is not whole. The losses that no optimizer has stepped on are those of the next."""
        if not self.rounds.made:
            return
        losses, asked = self._step_losses, self._asked
        was_active, norms = self.active, self._norms_after
        later = [track.split() for track in self._tracks] if was_active else []
        self._complete()
        self._step_losses, self._asked = losses, asked
        if self.records and not was_active:
            # Nothing was measured in it. The next step is recorded instead.
            self.records, self._is_owed = False, True
        elif self.active and later:
            self._norms = norms
            for track, (passes, gradients) in zip(self._tracks, later):
                track.take_over(passes, gradients)

    def _merge(self):
        """Another of several optimizers steps: what came after the first one's step is part of the same step."""
        if not self.rounds.made:
            return
        settled = self._settled()
        for track in self._tracks:
            track.merge()
        kept = {i: n for i, n in self._norms.items() if i in settled or i not in self._dropped}
        self._norms = {**kept, **{i: n for i, n in self._norms_after.items() if i not in settled}}
        self._norms_after, self._dropped = {}, set()

    def _is_same_step(self):
        """Whether nothing was computed since the last step ended."""
        return self._has_schema and not (self._step_losses or self._asked or self._norms or self.rounds.made)

    def _wakes(self, which):
        """
        One that rested steps again. Returns whether its step is one of its own: what steps on the losses of the step
        before is part of that, and from the next one on a member.
        """
        members = self.rounds.members
        if self._is_same_step():
            self.rounds.wait_for(members | {which})
            return False
        self._cut()
        # Stages are long. Two that take turns are both waited for.
        self.rounds.wait_for({which} if self.rounds.age >= RESTING else range(len(self.optimizers)))
        self._flags = None
        return True

    # Others

    def meets(self, optimizer):
        """Called before any optimizer steps. One that trains the same parameters has replaced ours."""
        if self._trains(optimizer) != "same" or self.rounds.is_running():
            return
        theirs = {id(p) for p in self._listed(optimizer)}
        every = set(range(len(self.optimizers)))
        gone = {i for i in every if self.rounds.params(i) & theirs} or every
        if gone & self.rounds.made:
            self._cut()
        at = min(gone)
        order = sorted({*every - gone, at})
        # One that replaces a resting optimizer wakes as that would.
        moved = {i: order.index(at if i in gone else i) for i in every}
        made, members = ({moved[i] for i in places} for places in (self.rounds.made, self.rounds.members))
        self._move(moved)
        names = [self._name_of(self.optimizers[i]) for i in sorted(gone)]
        optimizers = [optimizer if i == at else self.optimizers[i] for i in order]
        age = self.rounds.age
        self._follow(optimizers, members, made)
        self.rounds.age = age
        name = self._name_of(optimizer)
        self._tell(f"{name} trains what {' and '.join(names)} trained before", how="replaces", name=name, names=names)

    def met(self, optimizer):
        """Called after any optimizer steps. One of other parameters of the model may have replaced ours."""
        what = self._trains(optimizer)
        if what == "nothing" and not self.rounds.is_running() and not any(w.follows(optimizer) for w in patches.WATCHES):
            self._strays(optimizer)
        if what != "other" or self.rounds.is_running():
            return
        name = self._name_of(optimizer)
        if self._is_same_step() and not self._others and not self._has_one:
            # It steps on the losses of ours.
            optimizers = [*self.optimizers, optimizer]
            self._follow(optimizers, self.rounds.members | {len(self.optimizers)})
            self._tell(f"{name} steps beside it, and belongs to each step from here on", how="joins", name=name)
            return
        key = id(optimizer)
        self._others[key] = self._others.get(key, 0) + 1
        if sum(self._others.values()) >= RESTING:
            count, self._others = sum(self._others.values()), {}
            kept = [] if self._has_one else self.optimizers
            self._follow([*kept, optimizer], {len(kept)})
            self._led = len(kept)
            self._reset()
            text = f"{name} trains other parameters, and nothing else has stepped since {count} of its steps"
            self._tell(f"{text}: they are not recorded, the next ones are", how="stage", name=name, count=count)

    def follows(self, optimizer):
        """Whether an optimizer trains the model of this watch, which reports such steps itself."""
        return self.rounds.place(optimizer) is not None or self._trains(optimizer) in ("same", "other")

    def _strays(self, optimizer):
        """
        An optimizer of none of the model's parameters has stepped, which no watch follows. Where ours make no more
        steps, as after the training went on with a copy of the model, that is told once. Other models may take longer
        turns: a turn counts as the end of ours where it is four times as long as any before.
        """
        if self._has_strayed or not self._has_schema:
            return
        since, count = (self.step, self.rounds.begun), 1
        if self._strayed[0] == since:
            count += self._strayed[1]
        else:
            self._most_strayed = max(self._most_strayed, self._strayed[1])
        self._strayed = since, count
        if count < max(RESTING, 4 * self._most_strayed):
            return
        self._has_strayed = True
        name = self._name_of(optimizer)
        text = f"since step {self.step} the watched model is not trained, while {name} has made steps on another one"
        advice = "a copy is another model, and is not recorded: watch the one that is trained"
        self._writer.event(self.step, "elsewhere", f"{text}; {advice}", name=name)
        say(f"{text}; {advice}")

    def _name_of(self, optimizer):
        return type(optimizer).__name__

    def _trains(self, optimizer):
        """What of the model an optimizer that is none of ours trains: `same` as they do, `other` parameters, `nothing`."""
        if not self._on or self.is_elsewhere() or self.rounds.place(optimizer) is not None:
            return None
        kept = self._kept.get(id(optimizer))
        listed = self._listed(optimizer)
        if kept is None or kept[0]() is not optimizer or kept[1] != len(listed):
            theirs = {id(p) for p in listed}
            ours = set().union(*(self.rounds.params(i) for i in range(len(self.optimizers))))
            live = {id(p) for p in self._live()}
            what = "nothing" if theirs else None
            if theirs & live:
                # Ours may be those of parameters that the model has no more.
                what = "same" if theirs & ours or not ours & live else "other"
            if len(self._kept) >= _MOST_KNOWN:
                self._kept = {}
            kept = self._kept[id(optimizer)] = (weakref.ref(optimizer), len(listed), what)
        return kept[2]

    def _follow(self, optimizers, members, made=()):
        self.optimizers = optimizers
        self.rounds.follow(optimizers, members, made)
        for handle in self._optimizer_handles:
            handle.remove()
        self._hook_optimizers()
        self._take_parameters()
        self._kept = {}
        # What is trained now is told anew.
        self._flags = None

    def _tell_lead(self):
        """Tells where the loss is that of another optimizer from here on: the first of the list rests, or is back."""
        lead = self.rounds.lead
        if self._led not in (None, lead):
            self._sharing = set()
            name, place = self._name_of(self.optimizers[lead]), lead + 1
            self._tell(f"loss and learning rate are those of {name}, number {place}", how="leads", name=name, place=place)
        self._led = lead

    def _take_parameters(self):
        """Looks for the parameters anew: the model may have been loaded with new ones."""
        self._renew()
        self._params, self._probes = self._parameters(), []
        if not self.rounds.made:
            self._weights = Weights(self._tracks)

    def _tell(self, text, **said):
        if not self._has_schema:
            # The description will name it.
            return
        self._told += 1
        if self._told <= _MOST_TOLD:
            self._writer.event(self.step, "optimizer", text, **said)
        if self._told == 1:
            say(f"from step {self.step} on, {text}")
