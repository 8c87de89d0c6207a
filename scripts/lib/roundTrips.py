"""Models that went through Gradient Clinic and back: the weights and the first forward pass are those of the source.

Reads folders that `src/cli/roundTrips.ts` wrote; writes a line of JSON for each: {"id", "language", "weights",
"outputs"}, both the largest difference.
"""

import json
import os
import sys

import numpy as np

sys.dont_write_bytecode = True


def of_keras(original, start):
    import keras

    known = [np.array(w) for w in keras.saving.load_model(original, compile=False).weights if "seed" not in w.path]
    from model import build

    model = build()
    model.load_weights(start)
    own = [np.array(w) for w in model.weights if "seed" not in w.path]
    whole = keras.saving.load_model(start, compile=False) if start.endswith(".keras") else model
    return known, own, lambda x: np.array(whole(x, training=False).detach())


def merged(weights):
    """A source's weights as a project holds them: the two biases of a recurrent layer are one, their sum, and what a
    weight is made of anew for each call (weight norm, spectral norm) is left out beside the weight."""
    made = {k: v for k, v in weights.items() if ".parametrizations." not in k}
    for name in [k for k in made if "bias_hh" in k]:
        made[name.replace("bias_hh", "bias_ih")] = made[name.replace("bias_hh", "bias_ih")] + made.pop(name)
    return made


def of_torch(original, start):
    import torch
    from model import Net
    from safetensors.torch import load_file

    source = {k: v for k, v in load_file(original).items() if k.startswith("weights/") and v.is_floating_point()}
    known = [v.numpy() for v in merged(source).values()]
    model = Net()
    model.load_state_dict(load_file(start))
    own = [v.numpy() for v in model.state_dict().values() if v.is_floating_point()]
    return known, own, lambda x: model.eval()(torch.from_numpy(x)).detach().numpy()


def ended(z, ending):
    """What the source's own ending makes of our outputs: here it is part of the loss."""
    if ending == "sigmoid":
        return 1 / (1 + np.exp(-z))
    if ending in ("softmax", "logSoftmax"):
        log = z - z.max(axis=-1, keepdims=True)
        log = log - np.log(np.exp(log).sum(axis=-1, keepdims=True))
        return np.exp(log) if ending == "softmax" else log
    return z


def apart(known, own):
    """How far the nearest weight is from each of the source's, whatever the order of their values (behind pictures that
    are flattened it is ours); infinite where none has as many."""
    worst, left = 0.0, [np.sort(v, axis=None) for v in own]
    for w in (np.sort(v, axis=None) for v in known):
        gaps = [np.abs(w - v).max(initial=0) if v.shape == w.shape else np.inf for v in left]
        nearest = int(np.argmin(gaps)) if gaps else -1
        worst = max(worst, gaps[nearest] if gaps else np.inf)
        if gaps:
            left.pop(nearest)
    return worst


for folder in sys.argv[1:]:
    os.chdir(folder)
    sys.path[0] = folder
    sys.modules.pop("model", None)
    with open("trip.json") as file:
        trip = json.load(file)
    known, own, run = (of_keras if trip["language"] == "keras" else of_torch)(trip["original"], trip["start"])
    with np.load("sample.npz") as sample:
        x, y = sample["x"], sample["y"]
    gap = np.abs(ended(run(x), trip.get("ending")).reshape(y.shape) - y).max()
    told = {"id": trip["id"], "language": trip["language"], "weights": float(apart(known, own)), "outputs": float(gap)}
    print(json.dumps(told), flush=True)
