"""Watches a training in PyTorch: hooks on modules, tensors and the optimizer, figures of every n-th step, one file."""

import atexit
import os
import threading
import time

import torch

from . import patches
from .alarm import Alarm
from .arguments import Refused, checked_every, checked_path
from .attention import Attention
from .early import Early
from .frames import Frames
from .library import Library
from .modules import Weights
from .optimizing import Optimizing
from .passes import Passes
from .recording import Writer
from .rounds import Rounds
from .source import Sources, caller
from .telling import say, words

def _is_main_process():
    dist = torch.distributed
    return not (dist.is_available() and dist.is_initialized() and dist.get_rank() != 0)


class Watch(Library, Optimizing, Passes, Early, Frames):
    """One recording of one model."""

    def __init__(self):
        self.every = 1
        self.step = 0
        self.model = None
        # The given optimizers. The loss and the learning rate of the first are recorded.
        self.optimizers = []
        self.rounds = Rounds([], list)
        # Whether figures are taken, and whether they are written: those of a step that was begun early may not be.
        self.active = self.records = False
        # Whether a frame is owed, because its step had begun before that was known.
        self._is_owed = False
        self.path = None
        self._writer = None
        self._handles, self._optimizer_handles = [], []
        # Hooks that stand aside in steps that are not recorded, and whether they do.
        self._resting, self._rests = [], False
        self._weights = None
        # Passes in evaluation mode are left out once this is known.
        self.trains_in_training_mode = False
        self._tracks = []
        self._attention = Attention()
        self._on = False

    # Life

    def guard(self, work, *args):
        """Runs a part of the recorder. An error in it ends only the recording."""
        try:
            return work(*args)
        except Exception as error:
            self.off(words(error))

    def start(self, model, optimizer, path, every):
        self.model, self.optimizers = self._checked(model, optimizer)
        self.every = checked_every(every)
        path = checked_path(path)
        if not _is_main_process():
            return
        place, frame = caller()
        self._place = place
        self._begin(path, Sources(self.model, frame))
        for other in list(patches.WATCHES):
            if self._replaces(other):
                say(f"{other.path} ends here: the same training is watched anew")
                other.stop()
        self.rounds = self._make_rounds()
        self._hook_optimizers()
        self._handles += self._hook_model()
        for track in self._tracks:
            self._handles += track.hook(self)
        self._resting = [handle for handle in self._handles if hasattr(handle, "rest")]
        patches.install()
        patches.WATCHES.append(self)

    def _begin(self, path, sources):
        self._sources = sources
        self._tracks = self._make_tracks()
        if not self._tracks:
            raise Refused(f"{type(self.model).__name__} has no parameters and no activations: there is nothing to record")
        self._params = self._parameters()
        self._probes, self._places_of_probes = [], []
        script = self._place["file"] if self._place else "training"
        name = os.path.splitext(os.path.basename(script))[0]
        stamp = time.strftime("%Y%m%d-%H%M%S")
        default = os.path.join("gradient-clinic", f"{name}-{stamp}.gcrec")
        self._writer = Writer(path or default, is_fixed=path is not None)
        self.path = self._writer.path
        self._has_schema = False
        self._losses, self._losses_from = [], 0
        self._alarm = Alarm()
        self._where = {}
        self._scaler = None
        self._backward = 0
        self.counts = self.asks = self._waits = False
        self._thread = threading.get_ident()
        self._order = 0
        self._last_loss = None
        self._begin_early()
        # Whether the model ran on an empty batch.
        self.saw_nothing = False
        # Whether it was called outside of compiled code, and the graphs that were compiled before any of its steps.
        self.was_entered, self._graphs_before = False, patches.graphs_compiled()
        self._begin_optimizers()
        self._on = True
        self._weights = Weights(self._tracks)
        self._reset()
        self._turn()
        atexit.register(self._exit)
        say(f"recording {self.path}")

    def stop(self):
        """Ends the recording. The training goes on."""
        self.guard(self._end, "stopped")

    def _exit(self):
        self.guard(self._end, "finished")

    def _end(self, state):
        if self._on:
            if self.rounds.made:
                # One of several optimizers makes no more steps.
                self._complete()
            self._release()
            self._flush_losses()
            self._writer.done(self.step, state)
            if not self._has_schema and self._writer.is_own:
                unseen = "; steps in compiled code are not seen: leave optimizer.step() out of torch.compile"
                why = unseen if patches.graphs_compiled() else ""
                what = f"no step of {self._optimizer_name()} that trains {type(self.model).__name__} was seen"
                say(f"{what}: nothing was written{why}")
            self._remove()

    def off(self, reason):
        """Ends the recording after an error in it, and says so."""
        was_on, self._on = self._on, False
        for work in (
            self._remove,
            lambda: say(f"the recorder is off ({reason}); the training goes on"),
            # Most likely the disk is full. The person knows already that the recorder is off.
            lambda: was_on and self._writer and self._writer.off(self.step, reason),
        ):
            try:
                work()
            except Exception:
                pass

    def _remove(self):
        self._on = self.active = self.records = False
        for handle in self._handles + self._optimizer_handles:
            handle.remove()
        self._handles, self._optimizer_handles = [], []
        if self in patches.WATCHES:
            patches.WATCHES.remove(self)
        atexit.unregister(self._exit)
        self._resting = []
        if self._tracks:
            self._attention.restore()
        if self._weights:
            self._weights.clear()
        for track in self._tracks:
            track.clear()

    # A step

    def _reset(self):
        # Losses that no optimizer has stepped on, those that one has, and of `torch.autograd.grad`.
        self._step_losses, self._spent, self._asked = [], [], []
        # What each optimizer has stepped on, by its place.
        self._stepped_on = {}
        # Norms of gradients by parameters; those that came after one of several optimizers had stepped, and which of
        # those before were thrown away then.
        self._norms, self._norms_after, self._dropped = {}, {}, set()
        self.rounds.next()
        # An error of the training may have skipped the leaving.
        self._attention.restore()
        # A step that is not recorded leaves nothing in them.
        if self.active:
            for track in self._tracks:
                track.clear()

    def _turn(self):
        """Decides whether the step that comes next is recorded."""
        self.records = self._on and (self._is_due(self.step) or self._alarm.wants_step() or self._is_owed)
        self._is_owed = False
        # One of several optimizers may step again before another one steps: a step begins before that is known.
        begins_early = len(self.rounds.members) > 1 and self._is_due(self.step + 1)
        self.active = self._on and (self.records or begins_early)
        # Other hooks would make torch.compile compile the model again.
        rests = not self.active and not patches.graphs_compiled()
        if self._rests != rests:
            self._rests = rests
            for handle in self._resting:
                handle.rest() if rests else handle.wake()

    def _is_due(self, step):
        return step < self.every or step % self.every == 0

    def zeroed(self, owner):
        """Gradients were thrown away: what was seen of them is not part of a step."""
        which = self.rounds.place(owner)
        if which is None and owner is not self.model:
            return
        if which is None or which == self.rounds.lead:
            self._step_losses, self._asked = [], []
        if self.active:
            of = self.rounds.params(which) if which is not None and len(self.optimizers) > 1 else None
            is_after, settled = bool(self.rounds.made), self._settled()
            for track in self._tracks:
                near = [id(p) for p in track.near if of is None or id(p) in of]
                if near or of is None:
                    # Those that an optimizer has stepped on are part of the step.
                    track.gradients_dropped(is_after, is_before=any(i not in settled for i in near) or not is_after)
            norms = self._norms_after if is_after else self._norms
            dropped = {id(p) for p in self._params} if of is None else of
            if is_after:
                self._dropped |= dropped
            for i in dropped:
                norms.pop(i, None)

    def before_step(self, which=0):
        if self.active:
            self._merge()
            if "step" not in self._where:
                self._where["step"] = caller()[0]
            with torch.no_grad():
                if not self.rounds.made:
                    self._weights.measure()
                # Without a backward pass, the gradients were assigned by hand.
                params = self._params
                if len(self.optimizers) > 1:
                    of = self.rounds.params(which)
                    params = [p for p in params if id(p) in of]
                if not any(id(p) in self._norms for p in params) and any(p.grad is not None for p in params):
                    self._measure_gradients(None, params)
                    self._merge()

    def after_step(self):
        """The only optimizer has stepped."""
        self._consume(0)
        self._complete()

    def _consume(self, which):
        """An optimizer has stepped on the losses that were there. Those of the leading one are told."""
        self._moving.add(which)
        # Gradients may have been asked for on the way to a backward pass, too.
        self._stepped_on[which] = self._step_losses or self._spent or self._asked
        self._spent = self._spent + self._step_losses
        self._step_losses = []

    def _complete(self):
        """All optimizers have stepped, or the first of them begins anew."""
        if self.active:
            with torch.no_grad():
                self._weights.measure_update()
        self._finish()

    def skipped(self, optimizer):
        """The scaler found a gradient that is no number, and made no step."""
        self.step_begins(optimizer)
        self._writer.event(self.step, "skipped", "GradScaler skipped the step: a gradient is NaN or infinite")
        self.step_ends(optimizer)

    def _finish(self):
        if not self._has_schema:
            self._finish_early()
            return
        self._tell_lead()
        self._note_sharing()
        loss = self._take_loss(self._loss_of(self._sums(), self.rounds.lead), self.step)
        if self.records:
            self._record(loss)
        self.step += 1
        if len(self._losses) >= 1000:
            self._flush_losses()
        self._reset()
        self._turn()
