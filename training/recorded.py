"""Steps recorded once on a graphics processor and replayed."""

from collections.abc import Callable

import torch
from torch import Tensor


class Recorded:
    """One recorded step.

    A step of small convolutions is a thousand launches, and launching takes up to three times as long as
    computing. Nothing in it may wait for the device or have a shape that depends on chance.
    """

    def __init__(self, step: Callable[[Tensor], dict[str, Tensor]], rows: Tensor) -> None:
        self._rows = rows.clone()
        aside = torch.cuda.Stream()
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(3):
                step(self._rows)
        torch.cuda.current_stream().wait_stream(aside)
        self._graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self._graph):
            self._parts = step(self._rows)

    def __call__(self, rows: Tensor) -> dict[str, Tensor]:
        """Take the step on these rows; what it returns is overwritten by the next."""
        self._rows.copy_(rows)
        self._graph.replay()
        return self._parts
