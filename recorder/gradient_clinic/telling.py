"""What the recorder says on the console."""

import sys

from .arguments import Refused


def say(text):
    """Prints a line of the recorder among the output of the training."""
    # A program may have no console.
    if sys.stderr is not None:
        print(f"gradient-clinic: {text}", file=sys.stderr)


def words(error):
    """The reason why the recorder is off. A refusal is worded already, and its class is not named."""
    if isinstance(error, Refused):
        return str(error)
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename} can't be written: {error.strerror}"
    return f"{type(error).__name__}: {error}"
