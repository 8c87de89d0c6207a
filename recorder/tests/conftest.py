"""Reads recordings for the tests, apart from the code that writes them."""

import json
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
import torch

sys.path.insert(0, str(Path(__file__).parent.parent))
torch.set_num_threads(1)


class Recording:
    """A whole file: every chunk is checked."""

    def __init__(self, path):
        data = Path(path).read_bytes()
        assert data[:8] == b"\x89GCR\r\n\x1a\n"
        at, self.chunks = 8, []
        while at < len(data):
            (length,) = struct.unpack_from("<I", data, at)
            kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
            (check,) = struct.unpack_from("<I", data, at + 8 + length)
            assert check == zlib.crc32(body, zlib.crc32(kind))
            self.chunks.append((kind, body))
            at += 12 + length
        self.schema = json.loads(self._of(b"SCHM")[0]) if self._of(b"SCHM") else None
        self.events = [json.loads(body) for body in self._of(b"EVNT")]
        self.standings = [json.loads(body) for body in self._of(b"STAT")]
        self.done = [json.loads(body) for body in self._of(b"DONE")]
        self.losses = {}
        for body in self._of(b"LOSS"):
            (first,) = struct.unpack_from("<i", body)
            for i, loss in enumerate(np.frombuffer(body, "<f4", offset=4)):
                assert first + i not in self.losses
                self.losses[first + i] = loss
        self.frames = {}
        for body in self._of(b"FRAM"):
            (step,) = struct.unpack_from("<i", body)
            self.frames[step] = np.frombuffer(body, "<f4", offset=4)

    def _of(self, kind):
        return [body for k, body in self.chunks if k == kind]

    def module(self, name):
        return next(m for m in self.schema["modules"] if m["name"] == name)

    def scalar(self, step, name):
        return self.frames[step][self.schema["scalars"].index(name)]

    def value(self, step, module, statistic):
        """None where nothing was measured."""
        index = [m["name"] for m in self.schema["modules"]].index(module)
        columns = [tuple(c) for c in self.schema["columns"]]
        if (index, statistic) not in columns:
            return None
        value = self.frames[step][len(self.schema["scalars"]) + columns.index((index, statistic))]
        return None if value.view(np.uint32) == 0xFFFFFFFF else float(value)

    def of(self, step, statistic):
        names = [m["name"] for m in self.schema["modules"]]
        return {name: self.value(step, name, statistic) for name in names if self.value(step, name, statistic) is not None}


@pytest.fixture
def record(tmp_path):
    """Runs a training with `path=`, and reads what it wrote."""

    def run(training, **options):
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.gcrec"
        training(path=str(path), **options)
        return Recording(path)

    return run
