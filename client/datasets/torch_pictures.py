"""Pictures of a release as a PyTorch dataset. Only this module loads torch."""

from typing import Any

import torch
from torch.utils.data import Dataset

from client.datasets.release import Pictures


class TorchPictures(Pictures, Dataset):  # type: ignore[misc,unused-ignore]
    """A map-style dataset: (picture, class index); whole numbers from 0 to its length."""

    def __getitem__(self, number: int) -> tuple[Any, int]:
        picture, target = super().__getitem__(number)
        if self.transform is None:
            picture = _tensor(picture)
        return picture, target


def _tensor(picture: Any) -> "torch.Tensor":
    """float32 (3, height, width), 0 to 1, of an RGB picture."""
    flat = torch.frombuffer(bytearray(picture.tobytes()), dtype=torch.uint8)
    return flat.view(picture.height, picture.width, 3).permute(2, 0, 1).float().div(255)
