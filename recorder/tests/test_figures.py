"""The figures of one tensor against the app's own definitions, by the file that both sides are held to."""

import json
import math
from pathlib import Path

import pytest
import torch
from gradient_clinic import figures
from gradient_clinic.activations import ACTIVATIONS

GOLDEN = json.loads((Path(__file__).parents[2] / "tests/fixtures/statistics.json").read_text())
_, BELOW, ABOVE, _ = ACTIVATIONS["Sigmoid"]

# By the app's name of the statistic. A tensor stands for whatever the statistic is about.
BY_STATISTIC = {
    "activationGradientRms": lambda x: figures.norm(x) / math.sqrt(x.numel()),
    "preActivationGradientRms": lambda x: figures.norm(x) / math.sqrt(x.numel()),
    "weightGradientRms": lambda x: figures.norm(x) / math.sqrt(x.numel()),
    "weightNorm": figures.norm,
    "weightGradientNorm": figures.norm,
    "biasGradientNorm": figures.norm,
    "weightGradientMeanAbs": figures.mean_abs,
    "weightGradientMaxAbs": figures.max_abs,
    "activationMean": lambda x: figures.mean_std(x)[0],
    "activationStd": lambda x: figures.mean_std(x)[1],
    "activationNonFinite": lambda x: figures.mean_std(x)[2],
    "weightNonFinite": figures.non_finite,
    "gradientNaN": figures.nans,
    "gradientInf": lambda x: figures.non_finite(x) - figures.nans(x),
    "saturatedShare": lambda x: figures.outside_share(x, BELOW, ABOVE),
    "deadShare": lambda x: figures.dead_share(figures.largest_by_unit(x, -1).clamp(min=0)),
    "gradientZeroShare": figures.zero_share,
}


def _tensor(entry):
    values = [float(v.replace("Infinity", "inf")) if isinstance(v, str) else v for v in entry["values"]]
    return torch.tensor(values, dtype=torch.float32).reshape(entry["shape"])


@pytest.mark.parametrize("on_host", [True, False], ids=["cpu", "device"])
@pytest.mark.parametrize("entry", GOLDEN["tensors"], ids=lambda e: e["name"])
def test_figures_are_those_of_the_app(entry, on_host, monkeypatch):
    monkeypatch.setattr(figures, "_is_host", lambda _: on_host)
    x = _tensor(entry)
    # The recorder asks for it only where a value is no number.
    has_nan = bool(torch.isnan(x).any())
    for name, want in entry["statistics"].items():
        want = float(want.replace("Infinity", "inf")) if isinstance(want, str) else want
        got = float(BY_STATISTIC[name](x))
        if name == "gradientZeroShare" and has_nan and on_host:
            continue
        if math.isnan(want) or name in ("activationMean", "activationStd") and not math.isfinite(want):
            assert not math.isfinite(got), name
        else:
            assert got == pytest.approx(want, rel=2e-5, abs=1e-6 if name == "activationMean" and want < 1 else 0), name


def test_limits_of_activations_are_those_of_the_app():
    for name, below, above, can_die in ACTIVATIONS.values():
        limits = GOLDEN["limits"].get(name)
        if limits is None:
            continue
        assert can_die == limits["canDie"]
        # Hinges at 0 have none here: half of their units lie below 0.
        assert below == (limits["below"] and pytest.approx(limits["below"], rel=1e-6)) or limits["below"] == 0
        assert above == (limits["above"] and pytest.approx(limits["above"], rel=1e-6))


def test_update_ratio():
    of = {e["name"]: _tensor(e) for e in GOLDEN["tensors"]}
    case = GOLDEN["updateRatio"]
    assert figures.norm(of[case["update"]]) / figures.norm(of[case["kernel"]]) == pytest.approx(case["ratio"], rel=1e-5)


@pytest.mark.parametrize("kind", [torch.float32, torch.float64])
@pytest.mark.parametrize("layout", ["rows", "transposed", "channels last", "with gaps"])
@pytest.mark.parametrize("odd", [0.0, math.nan, math.inf])
@pytest.mark.filterwarnings("error")
def test_large_tensors_in_any_layout(layout, kind, odd):
    """Longer than one buffer, against plain formulas in float64; nothing is printed for values that are no numbers."""
    torch.manual_seed(1)
    x = torch.randn(3, 40, 60, 31, dtype=kind) * 10.0 ** torch.randint(-12, 1, (3, 40, 60, 31))
    x[torch.rand(x.shape) < 0.2] = 0
    x[1, 2, 3, 4] = odd
    x = {
        "rows": x,
        "transposed": x.transpose(1, 3),
        "channels last": x.contiguous(memory_format=torch.channels_last),
        "with gaps": x[:, ::2],
    }[layout]
    exact = x.double()
    near = lambda value: pytest.approx(float(value), rel=1e-5, nan_ok=True)  # noqa: E731
    n, mean, largest, zeros = figures.gradient(x)
    finite = math.isfinite(odd)
    assert n == near(exact.norm())
    assert mean == near(exact.abs().mean())
    assert largest == near(exact.abs().max())
    assert zeros == near((exact == 0).double().mean())
    assert figures.below_half(x) == near(((exact.abs() < 2.0**-24) & (exact != 0)).double().mean())
    assert figures.outside_share(x, -0.5, 0.5) == near((exact.abs() > 0.5).double().mean())
    assert figures.zero_share(x) == near((exact == 0).double().mean())
    assert figures.mean_std(x)[2] == (0 if finite else 1)
    if finite:
        assert figures.mean_std(x)[:2] == (near(exact.mean()), near(exact.std(correction=0)))
    for axis in (1, -1):
        got = figures.largest_by_unit(x, axis)
        want = exact.movedim(axis, 0).flatten(1).amax(1)
        assert torch.equal(got.double().nan_to_num(-7), want.nan_to_num(-7))
        assert figures.dead_share(got.clamp(min=0)) == near(1 - want.clamp(0, 1).ceil().mean())


def test_what_half_precision_loses():
    x = torch.tensor([0.0, 2.0**-24, 2.0**-25, -(2.0**-30), 1.0])
    assert figures.below_half(x) == pytest.approx(2 / 5)


def test_entropy_of_even_attention():
    even = torch.full((2, 3, 8), 1 / 8)
    assert figures.entropy(even).tolist() == pytest.approx([math.log(8)] * 2)
