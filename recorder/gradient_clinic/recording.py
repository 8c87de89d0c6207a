"""The file of a recording: append-only, read while it grows.

Eight bytes of magic, then chunks: length of the body (uint32), kind (four ASCII letters), body, CRC-32 of kind and
body (uint32); all little-endian. The first chunk is `SCHM`. A chunk that is cut off at the end is overlooked.

SCHM  JSON: modules, columns, scalars and where they come from
LOSS  step (int32), then the losses of that step and those after it (float32)
FRAM  step (int32), then scalars and values (float32) in the order of the schema
EVNT  JSON: step, kind and text
DONE  JSON: step and state
"""

import json
import os
import struct
import zlib

import numpy as np

MAGIC = b"\x89GCR\r\n\x1a\n"
FORMAT = 1
# The bits of "not measured": a NaN that no computation gives.
MISSING = np.frombuffer(np.uint32(0xFFFFFFFF).tobytes(), np.float32)[0]


class Writer:
    """Writes a recording. Each chunk is one write, so a reader sees it whole or cut off. Raises OSError."""

    def __init__(self, path):
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
        self.path = os.path.abspath(path)
        self._file = open(path, "xb", buffering=0)
        self._file.write(MAGIC)
        self._owner = os.getpid()

    def _chunk(self, kind, body):
        if self._file.closed or os.getpid() != self._owner:
            return
        check = zlib.crc32(body, zlib.crc32(kind))
        self._file.write(struct.pack("<I", len(body)) + kind + body + struct.pack("<I", check))

    def _json(self, kind, value):
        self._chunk(kind, json.dumps(value, ensure_ascii=False, allow_nan=False).encode())

    def schema(self, schema):
        self._json(b"SCHM", {"format": FORMAT, **schema})

    def losses(self, step, losses):
        """Losses of consecutive steps, the first of `step`."""
        if len(losses):
            self._chunk(b"LOSS", struct.pack("<i", step) + np.asarray(losses, "<f4").tobytes())

    def frame(self, step, scalars, values):
        """One recorded step. Arrays of float32, with `MISSING` where nothing was measured."""
        body = struct.pack("<i", step) + scalars.astype("<f4", copy=False).tobytes()
        self._chunk(b"FRAM", body + values.astype("<f4", copy=False).tobytes())

    def event(self, step, kind, text):
        self._json(b"EVNT", {"step": step, "kind": kind, "text": text})

    def done(self, step, state):
        self._json(b"DONE", {"step": step, "state": state})
        self.close()

    def close(self):
        self._file.close()
