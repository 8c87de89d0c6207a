"""The recorder as a callback of Keras. It can be imported where there is no PyTorch, to say so."""

import sys

import keras


class KerasWatch(keras.callbacks.Callback):
    """Records a training in Keras: `model.fit(…, callbacks=[KerasWatch()])`.

    path, every: as for `gradient_clinic.watch`. Keras must run on PyTorch; on another library the recorder says so and
    stays off.
    """

    def __init__(self, path=None, every=10):
        super().__init__()
        self._path, self._every = path, every
        self._watch = None

    def on_train_begin(self, logs=None):
        backend = keras.backend.backend()
        if backend != "torch":
            print(
                f"gradient-clinic: the recorder is off (Keras runs on {backend}, inside of which nothing is seen: "
                "set KERAS_BACKEND=torch before keras is imported); the training goes on",
                file=sys.stderr,
            )
            return
        from .watching import watch

        self._watch = watch(self.model, self.model.optimizer, path=self._path, every=self._every)

    def on_train_end(self, logs=None):
        if self._watch is not None:
            self._watch.stop()
