"""Where an activation's slope is under 5 % of its largest one, and whether its units can die.

The app's own limits (its registry of activations): a file of reference values holds both sides to one another.
"""

import math

_SIGMOID = math.log((1 + math.sqrt(0.95)) / (1 - math.sqrt(0.95)))
_TANH = math.atanh(math.sqrt(0.95))

# By class of the module: id, saturated below, saturated above (None: no limit), can die. Hinges at 0 have no limits:
# half of their units lie below 0 in a healthy network.
ACTIVATIONS = {
    "ReLU": ("relu", None, None, True),
    "ReLU6": ("relu", None, None, True),
    "Sigmoid": ("sigmoid", -_SIGMOID, _SIGMOID, False),
    "Tanh": ("tanh", -_TANH, _TANH, False),
    "Hardsigmoid": ("hardSigmoid", -3.0, 3.0, False),
    "GELU": ("gelu", -2.2785606938035556, None, False),
    "SiLU": ("silu", -3.9298973247902103, None, False),
    "ELU": ("elu", math.log(0.05), None, False),
    "SELU": ("selu", math.log(0.05), None, False),
    "Softplus": ("softplus", math.log(0.05 / 0.95), None, False),
    "LeakyReLU": ("leakyRelu", None, None, False),
    "PReLU": ("prelu", None, None, False),
}
