"""As much of torch as a release needs, on numpy: torch is not among the development requirements."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
import pytest

LOADED_WITH_IT = "client.datasets.torch_pictures"


@dataclass
class Tensor:
    array: Any

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.array.shape)

    def view(self, *shape: int) -> "Tensor":
        return Tensor(self.array.reshape(shape))

    def permute(self, *axes: int) -> "Tensor":
        return Tensor(self.array.transpose(axes))

    def float(self) -> "Tensor":
        return Tensor(self.array.astype(np.float32))

    def div(self, by: int) -> "Tensor":
        return Tensor(self.array / np.float32(by))


class Dataset:
    """What `torch.utils.data.Dataset` is to its subclasses: a name."""


@contextmanager
def instead_of_torch() -> Iterator[None]:
    """Inside the block, `import torch` finds this."""
    modules = {name: ModuleType(name) for name in ("torch", "torch.utils", "torch.utils.data")}
    torch: Any = modules["torch"]
    torch.Tensor, torch.uint8 = Tensor, np.uint8
    torch.frombuffer = lambda data, dtype: Tensor(np.frombuffer(data, dtype))
    modules["torch.utils.data"].Dataset = Dataset  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch:
        for name, module in modules.items():
            patch.setitem(sys.modules, name, module)
        sys.modules.pop(LOADED_WITH_IT, None)
        yield
    sys.modules.pop(LOADED_WITH_IT, None)
