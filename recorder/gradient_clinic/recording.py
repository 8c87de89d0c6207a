"""The file of a recording: append-only, read while it grows.

Eight bytes of magic, then chunks: length of the body (uint32), kind (four ASCII letters), body, CRC-32 of kind and
body (uint32); all little-endian. The first chunk is `SCHM`. A chunk that is cut off at the end is overlooked.

SCHM  JSON: modules, columns, scalars and where they come from
LOSS  step (int32), then the losses of that step and those after it (float32)
FRAM  step (int32), then scalars and values (float32) in the order of the schema
EVNT  JSON: step, kind and text; some kinds add what the text is made of, for readers of other languages
STAT  JSON: step, and for each module whose parameters were frozen, thawed, replaced or given to the optimizer
      since the chunk before, its index and what the schema says of them. Behind it comes the frame of that step
DONE  JSON: step and state
"""

import errno
import json
import os
import struct
import zlib

import numpy as np

MAGIC = b"\x89GCR\r\n\x1a\n"
FORMAT = 1
# The bits of "not measured": a NaN that no computation gives.
MISSING = np.frombuffer(np.uint32(0xFFFFFFFF).tobytes(), np.float32)[0]


def _packed(kind, body):
    """A chunk."""
    check = zlib.crc32(body, zlib.crc32(kind))
    return b"".join((struct.pack("<I", len(body)), kind, body, struct.pack("<I", check)))


def in_float32(numbers):
    """As they are written: what is too large is infinite, without a warning of NumPy, which a program may raise."""
    with np.errstate(over="ignore"):
        return np.array(numbers, np.float32)


def _of_losses(step, losses):
    """A chunk of losses, or nothing where there are none."""
    if not len(losses):
        return b""
    return _packed(b"LOSS", struct.pack("<i", step) + in_float32(losses).astype("<f4", copy=False).tobytes())


class Writer:
    """
    Writes a recording. A chunk is part of one write, so a reader sees it whole or cut off. Raises OSError.

    The file is made with the description: a training that makes no step leaves none. What comes before it waits.
    """

    def __init__(self, path, is_fixed=True):
        """path: of a new file. is_fixed: whether it must be this one; else a number is added where it is taken."""
        self.path, self._is_fixed = os.path.abspath(path), is_fixed
        folder = os.path.dirname(self.path)
        os.makedirs(folder, exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), folder)
        self.path = self._free()
        self._file, self._end = None, 0
        self._early = []
        self._is_over = False
        self._owner = os.getpid()

    @property
    def is_own(self):
        """Whether this is the process that writes, and no copy of it."""
        return os.getpid() == self._owner

    def _free(self):
        stem, ending = os.path.splitext(self.path)
        names = [self.path] if self._is_fixed else [self.path, *(f"{stem}-{n}{ending}" for n in range(1, 1000))]
        for name in names:
            if not os.path.lexists(name):
                return name
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), self.path)

    def _make(self):
        while True:
            self.path = self._free()
            try:
                self._file = open(self.path, "xb", buffering=0)
                break
            except FileExistsError:
                if self._is_fixed:
                    raise
        self._put(MAGIC)

    def _put(self, data):
        """Writes all of it, or nothing: on a full disk the file ends where it ended before."""
        try:
            written = self._file.write(data)
            if written != len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), self.path)
            self._end += written
        except OSError as error:
            try:
                self._file.truncate(self._end)
                self._file.seek(self._end)
            except OSError:
                pass
            if error.filename is None:
                error.filename = self.path
            raise

    def _chunk(self, kind, body):
        self._add(kind, _packed(kind, body))

    def _add(self, kind, data):
        if self._is_over or not self.is_own:
            return
        if kind == b"SCHM":
            self._start(data)
        elif self._file is None:
            self._early.append(data)
        else:
            self._put(data)

    def _start(self, description):
        try:
            self._make()
            self._put(description)
            for data in self._early:
                self._put(data)
            self._early = []
        except OSError:
            self._drop()
            raise

    def _drop(self):
        """Removes a file that holds no step yet."""
        self._is_over = True
        if self._file is not None:
            self._file.close()
            try:
                os.remove(self.path)
            except OSError:
                pass

    def _json(self, kind, value):
        self._chunk(kind, json.dumps(value, ensure_ascii=False, allow_nan=False).encode(errors="replace"))

    def schema(self, schema):
        self._json(b"SCHM", {"format": FORMAT, **schema})

    def losses(self, step, losses):
        """Losses of consecutive steps, the first of `step`."""
        if len(losses):
            self._add(b"LOSS", _of_losses(step, losses))

    def frame(self, step, scalars, values, losses_from=0, losses=()):
        """
        One recorded step. Arrays of float32, with `MISSING` where nothing was measured.
        losses: of consecutive steps up to it, the first of `losses_from`, which no chunk holds yet
        """
        body = struct.pack("<i", step) + scalars.astype("<f4", copy=False).tobytes()
        frame = _packed(b"FRAM", body + values.astype("<f4", copy=False).tobytes())
        # One write for both: a call of the system costs as much as many figures.
        self._add(b"FRAM", _of_losses(losses_from, losses) + frame)

    def standing(self, step, modules):
        """Modules whose parameters are trained otherwise from this step on: pairs of an index and what the schema says."""
        self._json(b"STAT", {"step": step, "modules": modules})

    def event(self, step, kind, text, **said):
        """said: the parts of the text, so that a reader can word it otherwise."""
        self._json(b"EVNT", {"step": step, "kind": kind, "text": text, **said})

    def done(self, step, state):
        self._json(b"DONE", {"step": step, "state": state})
        self.close()

    def off(self, step, reason):
        """Ends a file whose recorder met an error."""
        self.event(step, "off", reason[:1000])
        self.close()

    def close(self):
        self._is_over = True
        if self._file is not None:
            self._file.close()
