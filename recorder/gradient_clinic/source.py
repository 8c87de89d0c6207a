"""Where in a person's code a module is made, and which line trains it."""

import ast
import inspect
import linecache
import os
import sys
import textwrap

# Letters of a line that are kept: generated code has longer ones.
_LONGEST = 1000
_HERE = os.path.dirname(os.path.abspath(__file__))


def _is_library(frame):
    # By name too: packages need not lie in a folder of that name.
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
    """File and line of the innermost frame outside of libraries that an error passed through; None where none is."""
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
    """Finds the assignment that makes each module of a model. It reads source files, and runs none of it."""

    def __init__(self, model, frame):
        self._modules = dict(model.named_modules())
        self._classes = {}
        self._root = self._root_value(model, frame)

    def of(self, name):
        """File and line of a module by its path; None where they can't be told."""
        if not name:
            return None
        steps = name.split(".")
        # The nearest owner whose class is the person's own, and the path from it on.
        for cut in range(len(steps) - 1, -1, -1):
            owner = self._modules[".".join(steps[:cut])]
            if type(owner).__module__.split(".")[0] in ("torch", "keras"):
                continue
            file, attributes = self._attributes(type(owner))
            value = attributes.get(steps[cut])
            if value is None:
                return None
            return {"file": file, "line": self._line(name, self._inside(value, steps[cut + 1 :]))}
        if self._root is None:
            return None
        file, value = self._root
        return {"file": file, "line": self._line(name, self._inside(value, steps))}

    def _line(self, name, value):
        """The one line of an expression that makes a module of this class; else that of the expression."""
        # Other names than PyTorch's are those of a library's own layers.
        wanted = type(self._modules.get(name)).__name__
        calls = [node for node in ast.walk(value) if isinstance(node, ast.Call)]
        lines = {c.lineno for c in calls if getattr(c.func, "attr", getattr(c.func, "id", None)) == wanted}
        return lines.pop() if len(lines) == 1 else value.lineno

    @staticmethod
    def _inside(value, steps):
        """An element of a list of modules, where that is written out; else the list."""
        for step in steps:
            if isinstance(value, ast.Call) and len(value.args) == 1 and isinstance(value.args[0], ast.List):
                value = value.args[0]
            items = value.args if isinstance(value, ast.Call) else getattr(value, "elts", None)
            if not (step.isdigit() and items and int(step) < len(items)):
                break
            if any(isinstance(item, ast.Starred) for item in items):
                break
            value = items[int(step)]
        return value

    def _attributes(self, cls):
        """The value of each `self.name = value` in a class."""
        if cls not in self._classes:
            found = ("", {})
            try:
                file = os.path.abspath(inspect.getsourcefile(cls))
                lines, start = inspect.getsourcelines(cls)
                tree = ast.parse(textwrap.dedent("".join(lines)))
                ast.increment_lineno(tree, start - 1)
                found = (file, self._assigned(tree, "self"))
            except (OSError, TypeError, SyntaxError):
                pass
            self._classes[cls] = found
        return self._classes[cls]

    @staticmethod
    def _assigned(tree, owner):
        values = {}
        for node in ast.walk(tree):
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            if not isinstance(node, (ast.Assign, ast.AnnAssign)) or node.value is None:
                continue
            for target in targets:
                if owner is None and isinstance(target, ast.Name):
                    values[target.id] = node.value
                elif isinstance(target, ast.Attribute) and getattr(target.value, "id", None) == owner:
                    values.setdefault(target.attr, node.value)
        return values

    def _root_value(self, model, frame):
        """Where the model itself is made in the script, by the name that it has there."""
        try:
            names = [name for scope in (frame.f_locals, frame.f_globals) for name, v in scope.items() if v is model]
            file = os.path.abspath(frame.f_code.co_filename)
            with open(file, encoding="utf-8") as source:
                values = self._assigned(ast.parse(source.read()), None)
            return next(((file, values[name]) for name in names if name in values), None)
        except (AttributeError, OSError, SyntaxError, ValueError):
            return None
