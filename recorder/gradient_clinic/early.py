"""The first steps of a recording. They wait until each optimizer has stepped or rests: then the schema is known."""


class _Step:
    """A step that waits to be written."""

    def __init__(self, losses, rates):
        """losses, rates: what each optimizer stepped on, and its learning rate, by places"""
        self.losses, self.rates = losses, rates
        # Scalars, and values of each track; None where no figures are taken.
        self.scalars, self.measured = None, None


class Early:
    """
    The part of a watch that keeps steps until it can describe them. Of several optimizers the first is told of. Where
    others step before it, it may come soon, as a generator behind its critic, or rest for long: whose losses are those
    of the recording shows then. Of steps before its own it has the loss of its first: it has not moved until then.
    """

    def _begin_early(self):
        self._waiting = []
        # The place of the optimizer whose loss and learning rate were recorded last.
        self._led = None
        # Places of those that have made a step.
        self._moving = set()
        # Places of those that stepped on the very losses of the leading one when that stepped last.
        self._sharing = set()

    def _finish_early(self):
        is_empty = self.saw_nothing and not any(track.ran for track in self._tracks)
        losses = self._sums()
        if is_empty or (not self._norms and all(loss is None for loss in losses.values())):
            # A step without a backward pass, or on an empty batch: nothing is known yet.
            self._reset()
            return
        step = _Step(losses, {which: self._rate_of(which) for which in losses})
        if self.records:
            step.scalars = self._measured(None)
            step.measured = [track.values for track in self._tracks]
        self._waiting.append(step)
        self.step += 1
        self._note_sharing()
        # The leading optimizer may rest from here on. Then the next one leads.
        self._reset()
        if any(self.rounds.lead in step.losses for step in self._waiting):
            self._release()
        self._turn()

    # Losses of several optimizers

    def _sums(self):
        """One loss of each optimizer that has stepped, by its place; None where none was seen."""
        return {i: sum(losses[1:], losses[0]) if losses else None for i, losses in self._stepped_on.items()}

    def _note_sharing(self):
        """A critic and a generator have losses of their own. A body and a head share that of the model."""
        lead = self.rounds.lead
        mine = self._stepped_on.get(lead)
        if mine:
            others = [i for i in self._stepped_on if i != lead]
            self._sharing = {i for i in others if list(map(id, self._stepped_on[i])) == list(map(id, mine))}

    def _loss_of(self, losses, lead):
        """The loss that the leading optimizer would have stepped on: its own, or that of one that shares it."""
        return next((losses[i] for i in [lead, *sorted(self._sharing)] if losses.get(i) is not None), None)

    def _move(self, places):
        """Renumbers the optimizers. places: new ones by old ones"""

        def moved(values):
            return {places.get(which, which): value for which, value in values.items()}

        self._led, self._sharing = None, set()
        self._moving = {places.get(which, which) for which in self._moving}
        self._stepped_on = moved(self._stepped_on)
        for step in self._waiting:
            step.losses, step.rates = moved(step.losses), moved(step.rates)

    def _release(self):
        """Writes the schema, and then the steps that wait."""
        framed = [step for step in self._waiting if step.scalars]
        if self._has_schema or not framed:
            return
        waiting, self._waiting = self._waiting, []
        places = set().union(*(step.losses for step in waiting))
        self._led = lead = self.rounds.lead if self.rounds.lead in places else min(places)
        losses = [self._loss_of(step.losses, lead) for step in waiting]
        known = next((loss for loss in losses if loss is not None), None)
        if known is not None and losses[0] is None:
            losses[0] = known
        for step in framed:
            if lead in step.rates:
                step.scalars["learningRate"] = step.rates[lead]
        self._describe(framed, has_loss=known is not None)
        for at, (step, loss) in enumerate(zip(waiting, losses), self.step - len(waiting)):
            loss = self._take_loss(loss, at)
            if step.scalars:
                self._write_frame(at, {**step.scalars, "loss": None if loss is None else float(loss)}, step.measured)

    def _describe(self, framed, has_loss):
        """Lets the schema name whatever any of these steps has."""
        for place, track in enumerate(self._tracks):
            track.values = {}
            for step in framed:
                track.values.update(step.measured[place])
        names = dict.fromkeys(name for step in framed for name in step.scalars)
        self._write_schema([*["loss"] * has_loss, *names])
