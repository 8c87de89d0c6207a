"""Brings a training to Gradient Clinic.

`gradient_clinic.watch(model, optimizer)` records its gradients, `gradient_clinic.KerasWatch()` is the same as a callback
of Keras; `gradient_clinic.export(model, sample, path)` writes the model to a file that the app opens.
"""

__version__ = "0.2.0"
__all__ = ["KerasWatch", "export", "watch"]


def __getattr__(name):
    # PyTorch is imported only by who uses it.
    if name == "watch":
        from .watching import watch

        return watch
    if name == "KerasWatch":
        from .keras import KerasWatch

        return KerasWatch
    if name == "export":
        from .exporting import export

        return export
    raise AttributeError(f"module 'gradient_clinic' has no attribute '{name}'")
