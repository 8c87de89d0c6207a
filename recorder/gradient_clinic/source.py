"""Where in a person's code a module is made, and which line trains it."""

import linecache
import os
import sys

from .making import Attributes, Finder

# Letters of a line that are kept: generated code has longer ones.
_LONGEST = 1000
_HERE = os.path.dirname(os.path.abspath(__file__))


def _is_library(frame):
    # Also by name: packages may lie in another folder.
    if frame.f_globals.get("__name__", "").split(".")[0] in ("torch", "keras", "gradient_clinic"):
        return True
    file = frame.f_code.co_filename
    parts = file.replace("\\", "/")
    return file.startswith(_HERE) or "/site-packages/" in parts or "/dist-packages/" in parts or file.startswith("<")


def caller():
    """The nearest frame outside of libraries: its file and line, and its local names. None where there is none."""
    frame = sys._getframe(1)
    while frame is not None:
        if not _is_library(frame):
            return {"file": os.path.abspath(frame.f_code.co_filename), "line": frame.f_lineno}, frame
        frame = frame.f_back
    return None, None


def raised_at(error):
    """File and line of the innermost frame outside of libraries in the trace of an error; None where there is none."""
    place, at = None, error.__traceback__
    while at is not None:
        if not _is_library(at.tb_frame):
            place = {"file": os.path.abspath(at.tb_frame.f_code.co_filename), "line": at.tb_lineno}
        at = at.tb_next
    return place


def line_of(place):
    """The text of a line, or nothing."""
    return linecache.getline(place["file"], place["line"]).strip()[:_LONGEST] if place else ""


class Sources:
    """Finds the expression that makes each module of a model. It reads source files, and runs none of it."""

    def __init__(self, model, frame):
        self._modules = dict(model.named_modules())
        self._classes = {}
        self._root = None
        try:
            self._root = Finder(model).root(frame)
        except Exception:
            pass  # What can't be followed has no line.

    def of(self, name):
        """File and line of a module by its path; None where they can't be told."""
        if not name:
            return None
        steps = name.split(".")
        module = self._modules[name]
        # The nearest owner whose class is the person's own, and the path from it on.
        for cut in range(len(steps) - 1, -1, -1):
            owner = self._modules[".".join(steps[:cut])]
            if type(owner).__module__.split(".")[0] in ("torch", "keras"):
                continue
            held = self._modules[".".join(steps[: cut + 1])]
            made = self._attributes(type(owner)).made(steps[cut], held)
            return made and made.line(steps[cut + 1 :], held, module)
        return self._root and self._root.line(steps, self._modules[""], module)

    def _attributes(self, cls):
        if cls not in self._classes:
            self._classes[cls] = Attributes(cls)
        return self._classes[cls]
