"""Trainings in Keras 3 on PyTorch: the same with and without the recorder, and what was recorded is what it was."""

import os
import subprocess
import sys

os.environ.setdefault("KERAS_BACKEND", "torch")

import gradient_clinic as gc  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402
import pytest  # noqa: E402
import torch  # noqa: E402
from keras import layers  # noqa: E402


class Losses(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.all = []

    def on_train_batch_end(self, batch, logs=None):
        self.all.append(logs["loss"])


def mlp():
    inputs = keras.Input((8,))
    x = layers.Dense(16, activation="relu", name="first")(inputs)
    x = layers.BatchNormalization(name="norm")(x)
    x = layers.Dropout(0.2, name="drop")(x)
    x = layers.Dense(16, name="second")(x)
    x = layers.Activation("tanh", name="bend")(x)
    return keras.Model(inputs, layers.Dense(3, name="last")(x))


def conv():
    return keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(4, 3, activation="relu", name="conv"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(3, name="out"),
        ]
    )


def fitted(make, shape, watching):
    """Losses of 12 batches."""
    keras.utils.set_random_seed(5)
    model = make()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=loss)
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(48, *shape)).astype("float32"), rng.integers(0, 3, 48)
    losses = Losses()
    model.fit(x, y, batch_size=16, epochs=4, verbose=0, callbacks=[losses, *watching])
    return losses.all, model


@pytest.mark.parametrize(("make", "shape"), [(mlp, (8,)), (conv, (8, 8, 1))])
def test_losses_are_equal_to_the_last_bit(make, shape, record):
    bare, _ = fitted(make, shape, [])
    watched = []
    recording = record(lambda path, **_: watched.append(fitted(make, shape, [gc.KerasWatch(path, every=3)])))
    losses, model = watched[0]
    assert [float(a).hex() for a in losses] == [float(b).hex() for b in bare]
    assert recording.schema["framework"]["name"] == "keras"
    assert recording.done == [{"step": 12, "state": "stopped"}]
    assert list(recording.losses) == list(range(12)) and recording.events == []
    assert set(recording.frames) == {0, 1, 2, 3, 6, 9}
    # Nothing of the recorder stays on the model.
    assert "call" not in model.layers[-1].__dict__ and "apply" not in model.optimizer.__dict__


def test_a_frame_holds_the_figures_of_its_step(record):
    keras.utils.set_random_seed(5)
    model = keras.Sequential(
        [keras.Input((4,)), layers.Dense(5, activation="relu", name="a"), layers.Dense(1, name="b")]
    )
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse")
    x = np.random.default_rng(2).normal(size=(6, 4)).astype("float32")
    y = np.ones((6, 1), "float32")
    (w1, b1), (w2, b2) = ([torch.tensor(v, requires_grad=True) for v in a.get_weights()] for a in model.layers)
    h = torch.relu(torch.tensor(x) @ w1 + b1)
    out = h @ w2 + b2
    h.retain_grad()
    ((out - torch.tensor(y)) ** 2).mean().backward()

    def train(path, **_):
        gc.watch(model, path=path)
        model.train_on_batch(x, y)

    recording = record(train)
    near = lambda v: pytest.approx(float(v), rel=1e-4)  # noqa: E731
    assert recording.value(0, "a", "activationGradientRms") == near(h.grad.square().mean().sqrt())
    assert recording.value(0, "a", "activationMean") == near(h.mean())
    assert recording.value(0, "a", "deadShare") == near((h.amax(0) == 0).float().mean())
    assert recording.value(0, "a", "weightGradientNorm") == near(w1.grad.norm())
    assert recording.value(0, "b", "weightNorm") == near(w2.norm())
    assert recording.value(0, "b", "updateRatio") == near(0.1 * w2.grad.norm() / w2.norm())
    assert recording.scalar(0, "learningRate") == near(0.1)


def test_a_layer_that_is_thawed_between_two_fits(record):
    model = mlp()
    x, y = np.ones((4, 8), "float32"), np.ones((4, 3), "float32")

    def run(path):
        model.layers[1].trainable = False
        model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse")
        gc.watch(model, optimizer=model.optimizer, path=path)
        model.train_on_batch(x, y)
        model.layers[1].trainable = True
        # Made anew for all that is trained now.
        model.optimizer.built = False
        model.optimizer.build(model.trainable_variables)
        model.make_train_function(force=True)
        model.train_on_batch(x, y)

    recording = record(run)
    assert recording.module("first")["still"]
    assert recording.value(0, "first", "weightGradientNorm") is None
    assert recording.value(1, "first", "weightGradientNorm") is not None
    assert [s["step"] for s in recording.standings] == [1]


def test_a_model_without_an_optimizer_is_refused_in_words(capsys, tmp_path):
    gc.watch(mlp(), path=str(tmp_path / "none.gcrec"))
    assert "call model.compile first" in capsys.readouterr().err
    gc.watch(mlp(), keras.optimizers.SGD, path=str(tmp_path / "none.gcrec"))
    assert "the optimizer is the class SGD" in capsys.readouterr().err
    assert os.listdir(tmp_path) == []


def test_a_model_that_is_watched_anew_keeps_the_newer_watch(tmp_path):
    model = mlp()
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse")
    watches = [gc.watch(model, path=str(tmp_path / f"{n}.gcrec")) for n in range(2)]
    model.train_on_batch(np.ones((4, 8), "float32"), np.ones((4, 3), "float32"))
    assert [w.step for w in watches] == [0, 1]
    watches[1].stop()
    assert os.listdir(tmp_path) == ["1.gcrec"] and "call" not in model.layers[-1].__dict__


class Two(keras.Model):
    """A step of one optimizer in the first ten, and of another one behind them."""

    def __init__(self):
        super().__init__()
        self.inner, self.made, self.second = mlp(), 0, keras.optimizers.SGD(0.1)

    def call(self, x, training=None):
        return self.inner(x, training=training)

    def train_step(self, data):
        x, y = data
        self.zero_grad()
        loss = ((self(x, training=True) - y) ** 2).mean()
        loss.backward()
        optimizer = self.second if self.made >= 10 else self.optimizer
        self.made += 1
        with torch.no_grad():
            optimizer.apply([v.value.grad for v in self.trainable_variables], self.trainable_variables)
        return {"loss": loss.detach()}


def compiled_anew(model, losses):
    """Two fits; in the first the last layer is trained alone."""
    x, y = np.random.default_rng(1).normal(size=(48, 8)).astype("float32"), np.ones((48, 3), "float32")
    for optimizer in (keras.optimizers.Adam(0.01), keras.optimizers.SGD(0.1)):
        model.get_layer("first").trainable = isinstance(optimizer, keras.optimizers.SGD)
        model.compile(optimizer=optimizer, loss="mse")
        model.fit(x, y, batch_size=16, epochs=2, verbose=0, callbacks=[losses])


def two_in_a_step(model, losses):
    x, y = np.random.default_rng(1).normal(size=(36, 8)).astype("float32"), np.ones((36, 3), "float32")
    model.fit(x, y, batch_size=3, epochs=1, verbose=0, shuffle=False, callbacks=[losses])


@pytest.mark.parametrize(("make", "loop", "at"), [(mlp, compiled_anew, 6), (Two, two_in_a_step, 10)])
def test_an_optimizer_in_the_place_of_another_one(make, loop, at, record):
    def run(path=None):
        keras.utils.set_random_seed(5)
        model, losses = make(), Losses()
        model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")
        model(np.ones((1, 8), "float32"))
        w = gc.watch(model, path=path, every=1) if path else None
        before = model.get_weights()
        loop(model, losses)
        if w:
            w.stop()
        return losses.all, before

    runs = [run()]
    recording = record(lambda path: runs.append(run(path)))
    assert [float(a).hex() for a in runs[1][0]] == [float(b).hex() for b in runs[0][0]]
    assert recording.done == [{"step": 12, "state": "stopped"}] and list(recording.frames) == list(range(12))
    assert [(e["step"], e["text"]) for e in recording.events] == [(at, "SGD trains what Adam trained before")]
    assert all(recording.value(step, "last", "updateRatio") > 0 for step in range(12))
    assert [recording.scalar(step, "learningRate") for step in (0, 11)] == pytest.approx([0.01, 0.1])


def test_a_scale_of_the_loss_is_refused_in_words(capsys, tmp_path):
    model = mlp()
    for optimizer in (keras.optimizers.SGD(0.1, loss_scale_factor=8.0), keras.optimizers.SGD(0.1)):
        model.compile(optimizer=optimizer, loss="mse")
        gc.watch(model, path=str(tmp_path / "a.gcrec"))
        assert ("loss_scale_factor" in capsys.readouterr().err) == (optimizer.loss_scale_factor is not None)
    # Also where it comes later.
    model.compile(optimizer=keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.1)), loss="mse")
    model.train_on_batch(np.ones((4, 8), "float32"), np.ones((4, 3), "float32"))
    assert "the recorder is off (a LossScaleOptimizer" in capsys.readouterr().err


WITHOUT_TORCH = """
import sys
import types
# As where Keras runs on another library, and PyTorch is not installed.
sys.modules["torch"] = None
keras = sys.modules["keras"] = types.ModuleType("keras")
keras.callbacks = types.SimpleNamespace(Callback=object)
keras.backend = types.SimpleNamespace(backend=lambda: "jax")
import gradient_clinic as gc
callback = gc.KerasWatch()
callback.on_train_begin()
callback.on_train_end()
gc.watch(None).stop()
print("the training goes on")
"""


def test_on_another_library_it_says_so_and_stays_off():
    """Keras itself can't be imported without the library that it runs on: what it says of that is stood in for."""
    ran = subprocess.run([sys.executable, "-c", WITHOUT_TORCH], capture_output=True, text=True)
    assert ran.stdout == "the training goes on\n", ran.stderr
    assert "the recorder is off (Keras runs on jax" in ran.stderr and "set KERAS_BACKEND=torch" in ran.stderr
    assert "the recorder is off (there is no PyTorch here" in ran.stderr
