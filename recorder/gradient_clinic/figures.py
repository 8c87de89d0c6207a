"""Statistics of one tensor, by the app's definitions.

Each is right where the squares under- or overflow float32. On the CPU a figure is a float at once, and what is only
needed for extreme values is computed only for them. On another device it stays a tensor, and nothing waits for it.

On the CPU NumPy compares and counts in the memory of the tensor, piece by piece in one small buffer: PyTorch takes ten
times as long for that. Sums, products and copies of whole tensors are PyTorch's: each of its threads reads the part
that is in the memory of its own core, from the training and for it.
"""

import math
import threading

import numpy as np
import torch

# The smallest number above 0 that float16 holds.
HALF = 2.0**-24
# Norms within these bounds come from squares that fit float32.
_LOW, _HIGH = 1e-15, 1e17


def as_float(x):
    """The values in float32, without their graph. Of complex ones both parts, side by side."""
    x = x.detach()
    dtype = x.dtype
    if dtype is torch.float32 or dtype is torch.float64:
        return x
    if dtype.is_complex:
        return as_float(torch.view_as_real(x.resolve_conj()))
    return x.float()


def _is_host(x):
    return x.is_cpu


def _row(x):
    """All values in one row, in any order; those of a tensor without gaps in its memory are not copied."""
    if not x.is_contiguous():
        x = x.permute(sorted(range(x.dim()), key=x.stride, reverse=True))
    return x.reshape(-1)


class _Buffers(threading.local):
    """Buffers for the magnitudes of a piece of a tensor, and for a flag of each. Both fit into the cache of a core."""

    SIZE = 2**16

    def __init__(self):
        self.sizes = np.empty(self.SIZE, np.float32)
        self.flags = np.empty(self.SIZE, np.bool_)


_BUFFERS = _Buffers()


def _pieces(values):
    """The parts of an array, and a buffer of flags for each."""
    most, flags = _Buffers.SIZE, _BUFFERS.flags
    if values.size <= most:
        return [(values, flags[: values.size])]
    parts = (values[at : at + most] for at in range(0, values.size, most))
    return ((part, flags[: part.size]) for part in parts)


def _sizes(piece):
    """The magnitudes of a piece."""
    return np.abs(piece, out=_BUFFERS.sizes[: piece.size] if piece.dtype == np.float32 else None)


def _largest(x):
    return torch.linalg.vector_norm(x, math.inf)


def norm(x):
    """The square root of the sum of squares."""
    if _is_host(x):
        return _norm_of(_row(x))
    # Held within float32, so that 0 stays 0 and Inf stays Inf.
    largest = _largest(x).clamp(1e-37, 3e38)
    return largest * torch.linalg.vector_norm(x / largest)


def _norm_of(row):
    """Of what lies in a row on the CPU."""
    n = math.sqrt(torch.dot(row, row).item())
    if _LOW < n < _HIGH:
        return n
    largest = max_abs(row)
    if largest == 0 or not math.isfinite(largest):
        return largest
    return largest * torch.linalg.vector_norm(row / largest).item()


def gradient(x, of=None):
    """Norm, mean and largest magnitude, and share of exact zeros. of: the norm, where it is known"""
    n = norm(x) if of is None else of
    if not _is_host(x):
        return n, mean_abs(x), max_abs(x), zero_share(x)
    total, largest, zeros = 0.0, 0.0, 0
    for piece, flags in _pieces(_row(x).numpy()):
        sizes = _sizes(piece)
        # PyTorch overflows a sum without a warning.
        total += torch.from_numpy(sizes).sum().item()
        most = float(np.maximum.reduce(sizes))
        # NaN is the largest of all.
        largest = most if most > largest or most != most else largest
        zeros += np.count_nonzero(np.equal(sizes, 0, out=flags))
    return n, total / x.numel() if total < 1e38 else mean_abs(x), largest, zeros / x.numel()


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
        x = _row(x)
        mean = x.sum().item() / n
        rms = _norm_of(x) / math.sqrt(n)
        if not (math.isfinite(mean) and math.isfinite(rms)):
            bad = non_finite(x)
            if bad:
                return mean, math.nan, bad
        elif rms * rms - mean * mean > 1e-3 * rms * rms and rms > _LOW:
            return mean, math.sqrt(rms * rms - mean * mean), 0
        largest = _largest(x).item()
        if largest == 0:
            return 0.0, 0.0, 0
        # Dividing by a power of two rounds nothing.
        scale = 2.0 ** (math.frexp(largest)[1] - 1)
        std, mean = torch.std_mean(x / scale, correction=0)
        return scale * mean.item(), scale * std.item(), 0
    scale = torch.exp2(torch.floor(torch.log2(_largest(x).clamp(1e-37, 1.7e38))))
    std, mean = torch.std_mean(x / scale, correction=0)
    return scale * mean, scale * std, non_finite(x)


def zero_share(x):
    """Share of exact zeros; NaN when a value is NaN."""
    if _is_host(x):
        return _share(x, np.equal, 0)
    return 1 - x.abs().clamp(max=1).ceil().mean()


def below_half(x):
    """Share of the values that are not 0, but nearer to 0 than any number that float16 holds."""
    if _is_host(x):
        lost = 0
        for piece, flags in _pieces(_row(x).numpy()):
            sizes = _sizes(piece)
            under = np.count_nonzero(np.less(sizes, HALF, out=flags))
            lost += under and under - np.count_nonzero(np.equal(sizes, 0, out=flags))
        return lost / x.numel()
    kept = torch.count_nonzero(torch.nn.functional.hardshrink(x, _BELOW_HALF))
    return (torch.count_nonzero(x) - kept) / x.numel()


# hardshrink keeps what is above its limit: the float32 next below the smallest that float16 holds.
_BELOW_HALF = HALF * (1 - 2.0**-24)


def _share(x, compares, limit):
    """Share of the values of which a comparison with a limit holds. compares: of NumPy"""
    count = sum(np.count_nonzero(compares(piece, limit, out=flags)) for piece, flags in _pieces(_row(x).numpy()))
    return count / x.numel()


def outside_share(x, below, above):
    """Share of the values below or above these limits (None: no limit)."""
    if _is_host(x):
        share = 0.0 if below is None else _share(x, np.less, below)
        return share if above is None else share + _share(x, np.greater, above)
    outside = 0
    if below is not None:
        outside = outside + torch.count_nonzero(x < below)
    if above is not None:
        outside = outside + torch.count_nonzero(x > above)
    return outside / x.numel()


def largest_by_unit(x, axis):
    """The largest output of each unit over all other axes."""
    axis %= max(1, x.dim())
    if x.dim() < 2:
        return x
    if x.is_contiguous():
        units, rest = x.shape[axis], math.prod(x.shape[axis + 1 :])
        x = x.reshape(-1, units) if rest == 1 else x.reshape(-1, units, rest)
        # Two steps: along the axis that lies together in memory, then over those in front of it.
        return (x if rest == 1 else x.amax(2)).amax(0)
    return x.amax(dim=[i for i in range(x.dim()) if i != axis])


def dead_share(largest):
    """Share of the units whose largest output is 0, where outputs are never negative."""
    if not _is_host(largest):
        return 1 - largest.clamp(0, 1).ceil().mean()
    values = largest.numpy()
    alive = np.count_nonzero(values > 0)
    if alive < values.size and np.count_nonzero(values != values):
        return math.nan
    return 1 - alive / values.size


def entropy(weights):
    """Entropy in nats of each head's attention [heads, queries, keys], mean over the queries."""
    return torch.special.entr(weights).sum(-1).mean(-1)
