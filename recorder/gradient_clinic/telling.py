"""What the recorder says on the console."""

import sys

from .arguments import Refused


def say(text):
    """A line of the recorder's own, beside what the training prints."""
    # A program without a console has no place to say it.
    if sys.stderr is not None:
        print(f"gradient-clinic: {text}", file=sys.stderr)


def words(error):
    """Why the recorder is off. What was refused in words needs no name of its class."""
    if isinstance(error, Refused):
        return str(error)
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename} can't be written: {error.strerror}"
    return f"{type(error).__name__}: {error}"
