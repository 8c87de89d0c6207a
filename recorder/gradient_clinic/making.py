# Longer than 300 lines, because to find the line that makes a module is one walk through code.
"""The expressions of a program that make modules: read from its source, held against the modules that are there."""

import ast
import inspect
import linecache
import os
import re
import sys
import threading

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
# Methods that put a module into a container.
_ADDING = ("append", "insert", "extend", "add_module", "register_module", "update", "add")
# Calls that are followed from one function into another.
_DEEP = 4
_trees = {}
_PARSING = threading.Lock()


def _tree(file):
    """The tree of a file, or of a cell of a notebook; None where there is no source."""
    lines = linecache.getlines(file)
    known = _trees.get(file)
    if known is None or known[0] != lines:
        try:
            # Python 3.11 fails where two threads parse at once (gh-106905).
            with _PARSING:
                tree = ast.parse("".join(lines)) if lines else None
        except (SyntaxError, ValueError):
            tree = None
        known = _trees[file] = (lines, tree)
    return known[1]


def _within(scope):
    """The nodes of a scope, in the order of the source, without those of functions and classes inside of it."""
    for child in ast.iter_child_nodes(scope):
        if isinstance(child, (*_FUNCTIONS, ast.ClassDef)):
            continue
        yield child
        yield from _within(child)


def _first_line(node):
    return min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])


def _function(code):
    """The function that this code was made of."""
    tree = _tree(code.co_filename)
    found = [
        n
        for n in ast.walk(tree or ast.Module([], []))
        if isinstance(n, _FUNCTIONS[:2]) and n.name == code.co_name and _first_line(n) == code.co_firstlineno
    ]
    return found[0] if len(found) == 1 else None


def _called(call):
    return getattr(call.func, "attr", getattr(call.func, "id", None))


def _pairs(node):
    """Targets and values of an assignment, those of a row one by one."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    for target in targets:
        rows = (ast.Tuple, ast.List)
        if isinstance(target, rows) and isinstance(node.value, rows) and len(target.elts) == len(node.value.elts):
            yield from zip(target.elts, node.value.elts)
        else:
            yield target, node.value


def _assigned(scope):
    for node in _within(scope):
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
            yield from _pairs(node)


def fits(call, module):
    """Whether a call may have made a module: it has the name of its class, and no number that is another one there."""
    if not isinstance(call, ast.Call) or _called(call) != type(module).__name__:
        return False
    try:
        names = list(inspect.signature(type(module).__init__).parameters)[1:]
    except (TypeError, ValueError):
        names = []
    given = [*zip(names, call.args), *((k.arg, k.value) for k in call.keywords)]
    for name, value in given:
        there = getattr(module, name or "", None)
        if not isinstance(value, ast.Constant) or not isinstance(value.value, (int, float)):
            continue
        if isinstance(there, (int, float)) and there != value.value:
            return False
    return True


def _items(value):
    """The elements that are written out in a list, a dictionary or a call of a container, by their names there."""
    if isinstance(value, ast.Call):
        if len(value.args) == 1 and isinstance(value.args[0], (ast.List, ast.Tuple, ast.Dict, ast.Call)):
            if isinstance(value.args[0], ast.Call) and _called(value.args[0]) not in ("OrderedDict", "dict"):
                return {"0": value.args[0]}
            return _items(value.args[0])
        elements = value.args
        if value.keywords and not elements:
            return {k.arg: k.value for k in value.keywords}
    elif isinstance(value, ast.Dict):
        keys = [k.value if isinstance(k, ast.Constant) else None for k in value.keys]
        return dict(zip(map(str, keys), value.values)) if None not in keys else {}
    else:
        elements = getattr(value, "elts", [])
    if any(isinstance(e, ast.Starred) for e in elements):
        return {}
    named = [
        e.elts for e in elements if isinstance(e, ast.Tuple) and len(e.elts) == 2 and isinstance(e.elts[0], ast.Constant)
    ]
    if named and len(named) == len(elements):
        return {str(key.value): item for key, item in named}
    return {str(i): e for i, e in enumerate(elements)}


class Made:
    """An expression that makes a module, and the scope that it stands in."""

    def __init__(self, file, value, scope, name=None):
        """name: that it was given there"""
        self.file, self.value, self.scope, self.name = os.path.abspath(file), value, scope, name

    def _added(self):
        """What the function puts into this container, or into the lists that it is made of, one by one."""
        names = {n.id for n in ast.walk(self.value) if isinstance(n, ast.Name)} | ({self.name} - {None})

        def is_one(node):
            return getattr(node, "id", getattr(node, "attr", None)) in names

        for node in _within(self.scope):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and is_one(node.func.value):
                yield from node.args if node.func.attr in _ADDING else []
            elif isinstance(node, ast.AugAssign) and is_one(node.target):
                yield node.value
            elif isinstance(node, ast.Assign) and any(map(is_one, node.targets)) and node.value is not self.value:
                yield node.value

    def line(self, steps, held, module):
        """
        File and line of a module inside.

        steps: its path from the module that the expression makes, which is held
        """
        value = self.value
        for n, step in enumerate(steps):
            items = _items(value)
            if step not in items or (n == 0 and len(items) != len(held._modules)):
                break
            value = items[step]
        # The one call there that may have made it; else the one that was added to it; else the whole expression.
        for places in ([value], [self.value], self._added()):
            lines = {call.lineno for place in places for call in ast.walk(place) if fits(call, module)}
            if lines:
                return {"file": self.file, "line": lines.pop() if len(lines) == 1 else value.lineno}
        return {"file": self.file, "line": value.lineno}


def _chosen(found, held):
    """Of several expressions for one name, the one that made what is there; None where that can't be told."""
    found = [f for f in found if f.value is not None]
    exact = [f for f in found if fits(f.value, held)]
    # A function's result may be anything; the call of another class is not it.
    may = exact or [f for f in found if not (isinstance(f.value, ast.Call) and _called(f.value) in _CLASSES)]
    return may[0] if len({id(f.value) for f in may}) == 1 else None


_CLASSES = frozenset(("Linear", "Sequential", "ModuleList", "Conv1d", "Conv2d", "LSTM", "GRU", "Embedding"))


class Attributes:
    """What the methods of a class, and of those it inherits from, put on their objects."""

    def __init__(self, cls):
        self._methods = []
        for base in cls.__mro__:
            if base.__module__.split(".")[0] in ("torch", "keras", "builtins"):
                continue
            for method in vars(base).values():
                code = getattr(inspect.unwrap(method), "__code__", None) if callable(method) else None
                node = code and _function(code)
                if node is not None:
                    self._methods.append((base, code.co_filename, node))

    def made(self, name, held):
        """The expression behind an attribute that holds this module; None where it can't be told."""
        # That of the nearest class that has any.
        for base in dict.fromkeys(base for base, _, _ in self._methods):
            found = [
                Made(file, value, node, name)
                for of, file, node in self._methods
                if of is base
                for value in self._values(node, name)
            ]
            if found:
                made = _chosen(found, held)
                return made and self._followed(made, held)
        return None

    @staticmethod
    def _values(method, name):
        owner = method.args.args[0].arg if method.args.args else None

        def is_owner(node):
            return isinstance(node, ast.Name) and node.id == owner

        for target, value in _assigned(method):
            if isinstance(target, ast.Attribute) and is_owner(target.value) and target.attr == name:
                yield value
        for call in _within(method):
            if not isinstance(call, ast.Call):
                continue
            is_put = _called(call) in ("add_module", "register_module") and is_owner(getattr(call.func, "value", None))
            args = call.args if is_put else call.args[1:]
            is_set = _called(call) == "setattr" and call.args and is_owner(call.args[0])
            if (is_put or is_set) and len(args) == 2 and _names(args[0], name):
                yield args[1]

    def _followed(self, made, held, deep=0):
        """Into a method or a local name that the expression takes its value from."""
        value = made.value
        if deep > _DEEP:
            return made
        if isinstance(value, ast.Name):
            found = [
                Made(made.file, v, made.scope, value.id)
                for t, v in _assigned(made.scope)
                if getattr(t, "id", None) == value.id
            ]
            inner = _chosen(found, held)
            return self._followed(inner, held, deep + 1) if inner else made
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
            methods = [(file, node) for _, file, node in self._methods if node.name == value.func.attr]
            if methods and isinstance(value.func.value, ast.Name):
                file, node = methods[0]
                inner = _returned(file, node, held)
                return inner or made
        return made


def _names(node, name):
    """Whether an expression may be this name: written out, or with numbers put in."""
    if isinstance(node, ast.Constant):
        return node.value == name
    if isinstance(node, ast.JoinedStr):
        parts = (re.escape(v.value) if isinstance(v, ast.Constant) else ".+" for v in node.values)
        return re.fullmatch("".join(parts), name) is not None
    return False


def _returned(file, function, held):
    """The expression that a function gives back for this module."""
    found = []
    for node in _within(function):
        if isinstance(node, ast.Return) and node.value is not None:
            if isinstance(node.value, ast.Name):
                found += [
                    Made(file, v, function, node.value.id)
                    for t, v in _assigned(function)
                    if getattr(t, "id", None) == node.value.id
                ]
            else:
                found.append(Made(file, node.value, function))
    return _chosen(found, held)


class Finder:
    """Looks for the expression that makes a whole model, from the frame that it is watched in outwards."""

    def __init__(self, model):
        self._model = model

    def root(self, frame):
        """The expression; None where it can't be told."""
        while frame is not None:
            made = self._in_frame(frame)
            if made is not None:
                return made
            frame = frame.f_back
        return None

    def _in_frame(self, frame):
        code = frame.f_code
        is_module = frame.f_locals is frame.f_globals
        tree = _tree(code.co_filename)
        if tree is None:
            return None
        if not is_module:
            function = _function(code)
            made = function and self._in_scope(code.co_filename, function, frame.f_locals, frame.f_lineno)
            if made:
                return made
        line = frame.f_lineno if is_module else sys.maxsize
        return self._in_scope(code.co_filename, tree, frame.f_globals, line)

    def _in_scope(self, file, scope, values, line):
        """line: of what runs now; what stands behind it has not run, or ran in the turn of a loop before"""
        for name, steps in self._held(values):
            all_ = [(v, v.lineno) for t, v in _assigned(scope) if getattr(t, "id", None) == name]
            # The last one before: a name may be used again.
            before = [v for v, at in all_ if at <= line] or [v for v, _ in all_]
            for value in reversed(before):
                for step in steps:
                    value = _items(value).get(step) if value is not None else None
                made = value is not None and self._followed(Made(file, value, scope, name))
                if made:
                    return made
        return None

    def _held(self, values):
        """Names that hold the model, and the path to it in a list or a dictionary."""
        for name, value in list(values.items()):
            if value is self._model:
                yield name, []
        for name, value in list(values.items()):
            if type(value) in (list, tuple, dict) and len(value) < 100:
                pairs = value.items() if type(value) is dict else enumerate(value)
                for key, item in pairs:
                    if item is self._model:
                        yield name, [str(key)]

    def _followed(self, made, deep=0):
        """Through `.to(device)`, wrappers, names and functions, to the call that makes a module of the model's class."""
        value = made.value
        if fits(value, self._model):
            return self._checked(made)
        if deep > _DEEP:
            return None
        if isinstance(value, ast.Name):
            for target, other in reversed(list(_assigned(made.scope))):
                if getattr(target, "id", None) == value.id and other is not value and other.lineno <= value.lineno:
                    return self._followed(Made(made.file, other, made.scope), deep + 1)
            return None
        if not isinstance(value, ast.Call):
            return None
        if isinstance(value.func, ast.Attribute) and isinstance(value.func.value, (ast.Call, ast.Name)):
            inner = self._followed(Made(made.file, value.func.value, made.scope), deep + 1)
            if inner:
                return inner
        functions = [n for n in ast.walk(_tree(made.file)) if isinstance(n, _FUNCTIONS[:2]) and n.name == _called(value)]
        if len(functions) == 1:
            inner = _returned(made.file, functions[0], self._model)
            return inner and self._followed(inner, deep + 1)
        return next((m for a in value.args if (m := self._followed(Made(made.file, a, made.scope), deep + 1))), None)

    def _checked(self, made):
        """None where what is written out are other modules than those that are there."""
        items = _items(made.value)
        there = self._model._modules
        if items and type(self._model).__name__ == "Sequential" and set(items) <= set(there):
            for name, item in items.items():
                if isinstance(item, ast.Call) and _called(item) in _CLASSES and not fits(item, there[name]):
                    return None
        return made
