"""What people build in Keras, each saved with one batch of inputs and what came out.

Run it with Keras: python tests/models/keras_models.py FOLDER
"""

import json
import sys
from pathlib import Path

import keras
import numpy as np
from keras import layers, ops

ROW, PICTURE, STEPS = (6,), (12, 12, 3), (7, 3)


@keras.saving.register_keras_serializable("own")
class Dense(layers.Dense):
    """Named as one of Keras's, and another function."""

    def call(self, inputs):
        return 2 * super().call(inputs)


@keras.saving.register_keras_serializable("own")
def twice(x):
    return 2 * x


def functional(shape, build):
    given = keras.Input(shape)
    return keras.Model(given, build(given))


def branches(x):
    start = keras.initializers.HeNormal(seed=1)
    left = layers.Dense(5, kernel_regularizer=keras.regularizers.L2(1e-3), kernel_initializer=start)(x)
    right = layers.Dense(4, bias_initializer=keras.initializers.Constant(0.1))(x)
    joined = layers.Concatenate()([layers.ReLU()(left), layers.Activation("tanh")(right)])
    return layers.Dense(3, activation="softmax")(joined)


def nested(x):
    inner = keras.Sequential([layers.Input((6,)), layers.Dense(6, activation="elu"), layers.BatchNormalization()])
    outer = functional((6,), lambda y: layers.Add()([y, inner(y)]))
    return layers.Dense(2)(outer(x))


def normalised():
    layer = layers.Normalization()
    layer.adapt(np.random.default_rng(0).normal(3, 2, (50, 6)))
    return keras.Sequential([layers.Input(ROW), layer, layers.Dense(3)])


def mixed():
    policy = keras.mixed_precision.DTypePolicy("mixed_float16")
    return keras.Sequential([layers.Input(ROW), layers.Dense(8, activation="relu", dtype=policy), layers.Dense(3, dtype="float32")])


def chain(shape, *parts):
    return keras.Sequential([layers.Input(shape), *parts])


def models():
    """Each: name and model."""
    return [
        ("Two branches, regularised", functional(ROW, branches)),
        ("Models in models", functional(ROW, nested)),
        ("Dense over time", chain(STEPS, layers.TimeDistributed(layers.Dense(4)), layers.LSTM(5), layers.Dense(2))),
        ("Convolution over time", chain((4, 8, 8, 1), layers.TimeDistributed(layers.Conv2D(2, 3)), layers.Flatten())),
        ("Bidirectional LSTM", chain(STEPS, layers.Bidirectional(layers.LSTM(4)), layers.Dense(2))),
        ("Rescaling", chain(PICTURE, layers.Rescaling(1 / 255), layers.Conv2D(4, 3, activation="relu"), layers.Flatten())),
        ("Normalisation", normalised()),
        ("Lambda", functional(ROW, lambda x: layers.Lambda(lambda y: y * 2)(layers.Dense(3)(x)))),
        ("A layer of one’s own", chain(ROW, Dense(3))),
        ("An activation of one’s own", chain(ROW, layers.Dense(4, activation=twice), layers.Dense(2))),
        ("Mixed precision", mixed()),
        ("GRU", chain(STEPS, layers.GRU(5, reset_after=False), layers.Dense(2))),
        ("GRU, reset after", chain(STEPS, layers.GRU(5), layers.Dense(2))),
        ("Activations that are layers", chain(ROW, layers.Dense(8, activation=layers.LeakyReLU(negative_slope=0.05)), layers.Dense(2))),
        ("ReLU with a limit", chain(ROW, layers.Dense(8, activation=layers.ReLU(max_value=0.5)), layers.Dense(2))),
        ("ELU with a slope", chain(ROW, layers.Dense(8, activation=layers.ELU(alpha=0.3)), layers.Dense(2))),
        ("Sum with a number", functional(ROW, lambda x: layers.Dense(2)(layers.Dense(4)(x) + 1.0))),
        ("Sum by a sign", functional(ROW, lambda x: layers.Dense(2)(layers.Dense(6)(x) + x))),
        ("Operations", functional(ROW, lambda x: layers.Dense(2)(ops.relu(layers.Dense(6)(x))))),
        ("Product of layers", functional(ROW, lambda x: layers.Multiply()([layers.Dense(3)(x), layers.Dense(3)(x)]))),
        ("Difference of layers", functional(ROW, lambda x: layers.Subtract()([layers.Dense(3)(x), layers.Dense(3)(x)]))),
        ("Sum of three", functional(ROW, lambda x: layers.Add()([layers.Dense(3)(x) for _ in range(3)]))),
        ("Separable convolution", chain(PICTURE, layers.SeparableConv2D(4, 3), layers.Flatten(), layers.Dense(2))),
        ("Strided convolutions", chain(PICTURE, layers.Conv2D(4, 3, 2, "same"), layers.MaxPooling2D(3, 2, "same"), layers.Flatten(), layers.Dense(2))),
        ("A pool at the end", chain(PICTURE, layers.Conv2D(4, 3), layers.BatchNormalization(), layers.GlobalMaxPooling2D())),
        ("Pooled to one place", chain(PICTURE, layers.Conv2D(4, 3), layers.GlobalAveragePooling2D(keepdims=True), layers.Flatten(), layers.Dense(2))),
        ("Dense at each place", chain(PICTURE, layers.Dense(4, activation="gelu"), layers.GlobalAveragePooling2D(), layers.Dense(2))),
        ("Batch norm on another axis", chain(PICTURE, layers.BatchNormalization(axis=1), layers.Flatten(), layers.Dense(2))),
        ("Batch norm without its scale", chain(ROW, layers.Dense(4), layers.BatchNormalization(scale=False), layers.Dense(2))),
        ("Layer norm over two axes", chain(STEPS, layers.LayerNormalization(axis=[1, 2]), layers.LSTM(3))),
        ("LSTM with a mask", chain(STEPS, layers.Masking(), layers.LSTM(3))),
        ("Causal convolution", chain(STEPS, layers.Conv1D(4, 2, padding="causal"), layers.Flatten())),
        ("Softmax inside", chain(ROW, layers.Dense(4, activation="softmax"), layers.Dense(2))),
        ("Axes moved", chain(STEPS, layers.Permute((2, 1)), layers.LSTM(3))),
        ("Zeros around", chain(PICTURE, layers.ZeroPadding2D(1), layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(2))),
        ("Dropout of whole rows", chain(STEPS, layers.Dropout(0.5, noise_shape=(None, 1, 3)), layers.LSTM(3))),
        ("LSTM without biases", chain(STEPS, layers.LSTM(4, use_bias=False), layers.Dense(2))),
        ("A layer that does nothing", chain(ROW, layers.Identity(), layers.Dense(2))),
        ("Names in Chinese, legacy", chain(ROW, layers.Dense(4, name="隐藏"), layers.Dense(2, name="输出"))),
        ("Shape left open", chain((None, 3), layers.LSTM(4), layers.Dense(2))),
    ]


def main(folder):
    told = []
    rate = keras.optimizers.schedules.CosineDecay(0.01, 100)
    for index, (name, model) in enumerate(models()):
        keras.utils.set_random_seed(index)
        for w in model.weights:
            if "seed" not in w.path and str(w.dtype).startswith("float"):
                w.assign(np.array(w) + np.abs(np.random.normal(size=w.shape)) * 0.1)
        model.compile(keras.optimizers.Adam(rate, clipnorm=1.0), keras.losses.MeanSquaredError(), [keras.metrics.MeanAbsoluteError()])
        shape = [n or 5 for n in model.input_shape[1:]]
        x = np.random.normal(size=(4, *shape)).astype(np.float32)
        y = keras.ops.convert_to_numpy(model(x))
        file = f"{index}.h5" if name.endswith("legacy") else f"{index}.keras"
        model.save(Path(folder) / file)
        sample = {k: {"shape": v.shape, "values": v.astype(float).ravel().tolist()} for k, v in (("x", x), ("y", y))}
        told.append({"name": name, "file": file, **sample})
    (Path(folder) / "models.json").write_text(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1])
