"""Entropy of attention, seen where the weights are computed, for the first example of a batch."""

import torch
import torch.nn.functional as F

from . import figures


class Attention:
    """Gives `taken` the entropy of each head while a module of attention runs in a recorded step."""

    def __init__(self):
        self._depth = 0
        self._taken = []

    def enter(self):
        if self._depth == 0:
            self._taken = []
            self._patch()
        self._depth += 1

    def leave(self):
        """@returns tensors of entropies, one for each head"""
        self._depth = max(0, self._depth - 1)
        if self._depth == 0:
            self.restore()
        taken, self._taken = self._taken, []
        return taken

    def restore(self):
        self._depth = 0
        for owner, name, original in getattr(self, "_originals", []):
            setattr(owner, name, original)
        self._originals = []

    def _patch(self):
        self._originals = [
            (owner, name, getattr(owner, name))
            for owner, name in [(F, "scaled_dot_product_attention"), (torch, "softmax"), (torch.Tensor, "softmax")]
        ]
        (_, _, attend), (_, _, function), (_, _, method) = self._originals

        def scaled_dot_product_attention(query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, **kwargs):
            self._look(lambda: self._weights(method, query, key, attn_mask, is_causal, kwargs.get("scale")))
            return attend(query, key, value, attn_mask, dropout_p, is_causal, **kwargs)

        def wrap(softmax):
            def wrapped(*args, **kwargs):
                weights = softmax(*args, **kwargs)
                self._look(lambda: weights.detach())
                return weights

            return wrapped

        F.scaled_dot_product_attention = scaled_dot_product_attention
        torch.softmax, torch.Tensor.softmax = wrap(function), wrap(method)

    def _look(self, weights):
        try:
            with torch.no_grad():
                w = weights()
                # [batch × heads, queries, keys] as nn.MultiheadAttention has it, or [batch, heads, queries, keys].
                if w.dim() == 4:
                    w = w[0]
                if w.dim() == 3 and w.shape[-1] > 1:
                    self._taken.append(figures.entropy(figures.as_float(w)))
        except Exception:  # What can't be understood has no figure; the attention itself goes on.
            pass

    @staticmethod
    def _weights(softmax, query, key, mask, is_causal, scale):
        one = slice(0, 1)
        q, k = figures.as_float(query[one]), figures.as_float(key[one])
        if k.shape[1] != q.shape[1]:
            k = k.repeat_interleave(q.shape[1] // k.shape[1], 1)
        scores = q @ k.transpose(-2, -1) * (q.shape[-1] ** -0.5 if scale is None else scale)
        if is_causal:
            hidden = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).triu(1)
            scores = scores.masked_fill(hidden, float("-inf"))
        if mask is not None:
            mask = mask[one] if mask.dim() == 4 else mask
            scores = scores.masked_fill(~mask, float("-inf")) if mask.dtype == torch.bool else scores + mask
        return softmax(scores, -1)
