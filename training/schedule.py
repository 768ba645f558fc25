"""How the learning rate rises, falls, and is shared between groups of parameters."""

from collections.abc import Sequence
from typing import Any

import torch

_WARM_UP = 50


class Schedule:
    """Adam over parameter groups, each with a `share` of the rate, which rises in 50 steps, then falls to nothing."""

    def __init__(self, groups: Sequence[dict[str, Any]], rate: float, steps: int) -> None:
        self._rate = rate
        self._steps = steps
        self._step = 0
        self._optimizer = torch.optim.Adam([dict(group) for group in groups], lr=rate, betas=(0.9, 0.99))

    def take(self, loss: torch.Tensor) -> None:
        """Go one step down the loss."""
        for group in self._optimizer.param_groups:
            group["lr"] = self._rate * group["share"] * min(1.0, self._step / _WARM_UP) * (1 - self._step / self._steps)
        self._optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        parameters = [parameter for group in self._optimizer.param_groups for parameter in group["params"]]
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        self._optimizer.step()
        self._step += 1
