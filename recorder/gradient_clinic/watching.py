"""`watch`: begins to record a training with the part for the library of its model."""

from .arguments import is_keras
from .session import Watch
from .telling import words


def watch(model, optimizer=None, *, path=None, every=10):
    """Records the training of a model, from its next step to the end of the program.

    model, optimizer: any `torch.nn.Module` and `torch.optim.Optimizer`; call it before `torch.compile`. Or a model of
    Keras 3 that runs on PyTorch; its optimizer is that of `compile` where none is given. Several optimizers of one model
    come as a list: a step is one step of each, and the loss that of the first.
    path: the file to write; by default `gradient-clinic/<script>-<time>.gcrec` in the working folder.
    every: every n-th step gets figures (each of the first n does); the loss is recorded of all steps.
    Returns the watch: `stop()` ends it. Nothing that goes wrong in here reaches the training.
    """
    made = Watch()
    try:
        made = _kind_of(model)()
    except Exception as error:
        made.off(words(error))
        return made
    # Not called as `guard(start, …)` in one go: the caller's frame is looked for from here.
    made.guard(made.start, model, optimizer, path, every)
    return made


def _kind_of(model):
    if is_keras(model):
        from .keras import KerasModelWatch

        return KerasModelWatch
    return Watch
