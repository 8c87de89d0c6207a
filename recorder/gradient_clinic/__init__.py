"""Records the gradients of a training for Gradient Clinic: `gradient_clinic.watch(model, optimizer)`."""

__version__ = "0.2.0"
__all__ = ["watch"]


def __getattr__(name):
    # PyTorch is imported only by who uses it.
    if name == "watch":
        from .watching import watch

        return watch
    raise AttributeError(f"module 'gradient_clinic' has no attribute '{name}'")
