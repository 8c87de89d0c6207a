"""Brings a training to Gradient Clinic.

`gradient_clinic.watch(model, optimizer)` records its gradients, `gradient_clinic.KerasWatch()` is the same as a callback
of Keras; `gradient_clinic.export(model, sample, path)` writes the model to a file that the app opens.
"""

import sys

__version__ = "0.2.0"
__all__ = ["KerasWatch", "export", "watch"]


class _Off:
    """The result of `watch` where PyTorch is missing."""

    active, path = False, None

    def stop(self):
        """Does nothing: no recording has begun."""


def _off(*_args, **_options):
    print(
        "gradient-clinic: the recorder is off (there is no PyTorch here: Keras is watched with KERAS_BACKEND=torch); "
        "the training goes on",
        file=sys.stderr,
    )
    return _Off()


def __getattr__(name):
    # PyTorch is imported only by who uses it.
    if name == "watch":
        try:
            from .watching import watch
        except ModuleNotFoundError as error:
            if error.name != "torch":
                raise
            return _off

        return watch
    if name == "KerasWatch":
        from .callback import KerasWatch

        return KerasWatch
    if name == "export":
        from .exporting import export

        return export
    raise AttributeError(f"module 'gradient_clinic' has no attribute '{name}'")
