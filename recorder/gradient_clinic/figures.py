"""Statistics of one tensor, by the app's definitions.

Each is right where the squares under- or overflow float32. On the CPU a figure is a float at once, and what is only
needed for extreme values is computed only for them. On another device it stays a tensor, and nothing waits for it.
"""

import math

import numpy as np
import torch

# The smallest number above 0 that float16 holds.
HALF = 2.0**-24
# Norms within these bounds come from squares that fit float32.
_LOW, _HIGH = 1e-15, 1e17


def as_float(x):
    """The values in float32, without their graph."""
    x = x.detach()
    return x if x.dtype in (torch.float32, torch.float64) else x.float()


def _is_host(x):
    return x.device.type == "cpu"


def _largest(x):
    return torch.linalg.vector_norm(x, math.inf)


def norm(x):
    """The square root of the sum of squares."""
    if _is_host(x):
        n = torch.linalg.vector_norm(x).item()
        if _LOW < n < _HIGH:
            return n
        largest = _largest(x).item()
        if largest == 0 or not math.isfinite(largest):
            return largest
        return largest * torch.linalg.vector_norm(x / largest).item()
    # Held within float32, so that 0 stays 0 and Inf stays Inf.
    largest = _largest(x).clamp(1e-37, 3e38)
    return largest * torch.linalg.vector_norm(x / largest)


def gradient(x, of=None):
    """Norm, mean and largest magnitude, and share of exact zeros. of: the norm, where it is known"""
    return norm(x) if of is None else of, mean_abs(x), max_abs(x), zero_share(x)


def max_abs(x):
    if _is_host(x):
        # Many times as fast on the CPU as the norm of order ∞.
        low, high = torch.aminmax(x)
        return max(-low.item(), high.item())
    return _largest(x)


def mean_abs(x):
    if _is_host(x):
        total = x.abs().sum().item()
        return total / x.numel() if total < 1e38 else x.abs().div(x.numel()).sum().item()
    return x.abs().mean()


def _value(x):
    return x.item() if _is_host(x) else x


def non_finite(x):
    """How many values are NaN or infinite."""
    return _value(torch.count_nonzero(x - x))


def nans(x):
    return _value(torch.count_nonzero(torch.isnan(x)))


def mean_std(x):
    """Mean, standard deviation, and how many values are no numbers."""
    if _is_host(x):
        n = x.numel()
        mean = x.sum().item() / n
        rms = norm(x) / math.sqrt(n)
        if not (math.isfinite(mean) and math.isfinite(rms)):
            bad = non_finite(x)
            if bad:
                return mean, math.nan, bad
        elif rms * rms - mean * mean > 1e-3 * rms * rms and rms > _LOW:
            return mean, math.sqrt(rms * rms - mean * mean), 0
        largest = _largest(x).item()
        if largest == 0:
            return 0.0, 0.0, 0
        # A power of two: to divide by it rounds nothing.
        scale = 2.0 ** (math.frexp(largest)[1] - 1)
        std, mean = torch.std_mean(x / scale, correction=0)
        return scale * mean.item(), scale * std.item(), 0
    scale = torch.exp2(torch.floor(torch.log2(_largest(x).clamp(1e-37, 1.7e38))))
    std, mean = torch.std_mean(x / scale, correction=0)
    return scale * mean, scale * std, non_finite(x)


def zero_share(x):
    """Share of exact zeros; NaN when a value is NaN."""
    if _is_host(x):
        return _count(x == 0) / x.numel()
    return 1 - x.abs().clamp(max=1).ceil().mean()


def below_half(x):
    """Share of the values that are not 0, but nearer to 0 than any number that float16 holds."""
    if _is_host(x):
        size = x.abs()
        return (_count(size < HALF) - _count(size == 0)) / x.numel()
    kept = torch.count_nonzero(torch.nn.functional.hardshrink(x, _BELOW_HALF))
    return (torch.count_nonzero(x) - kept) / x.numel()


# hardshrink keeps what is above its limit: the float32 next below the smallest that float16 holds.
_BELOW_HALF = HALF * (1 - 2.0**-24)


def _count(flags):
    # NumPy counts bytes, PyTorch adds up integers of 64 bits.
    return np.count_nonzero(flags.numpy())


def outside_share(x, below, above):
    """Share of the values below or above these limits (None: no limit)."""
    count = _count if _is_host(x) else torch.count_nonzero
    outside = 0
    if below is not None:
        outside = outside + count(x < below)
    if above is not None:
        outside = outside + count(x > above)
    return outside / x.numel()


def largest_by_unit(x, axis):
    """The largest output of each unit over all else."""
    rest = [i for i in range(x.dim()) if i != axis % x.dim()]
    return x.amax(dim=rest[0] if len(rest) == 1 else rest) if rest else x


def dead_share(largest):
    """Share of the units whose largest output is 0, where outputs are never negative."""
    return _value(1 - largest.clamp(0, 1).ceil().mean())


def entropy(weights):
    """Entropy in nats of each head's attention [heads, queries, keys], mean over the queries."""
    return torch.special.entr(weights).sum(-1).mean(-1)
