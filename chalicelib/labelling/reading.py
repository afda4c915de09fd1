"""What a reader says of an image, and for how long he may take it back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.labelling.ballots import Quality, said
from chalicelib.platform.lesion_classes import LesionClass

UNDO: Final = timedelta(seconds=60)
"""How long a reading may be undone. No verdict falls before."""

Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One reading. It is immutable once its undo minute is over."""

    reading_id: str
    diagnosis: LesionClass
    at: datetime
    seconds: float | None = None
    """How long it took: as the reader's client measured it, else since it was handed out."""
    differential: tuple[LesionClass, ...] = ()
    confidence: int | None = None
    quality: Quality = Quality.GOOD
    outline: tuple[Point, ...] | None = None
    comment: str | None = None

    @property
    def undo_until(self) -> datetime:
        return self.at + UNDO

    @property
    def says(self) -> LesionClass | None:
        """The diagnosis it stands for; None where its reader does not know, or could not see."""
        return said(self.diagnosis, self.quality)

    def repeats(self, other: "Reading") -> bool:
        """Whether both say the same in every respect, whenever they were sent."""
        said = ("diagnosis", "differential", "confidence", "quality", "outline", "comment")
        return all(getattr(self, name) == getattr(other, name) for name in said)
