"""The shortest history that was found for each planted fault in which its check catches it.

Tried before any other. Where the platform has changed so that one of them catches nothing any more, the
test tries all its histories, and takes longer.
"""

from collections.abc import Mapping
from typing import Final

CAUGHT_IN: Final[Mapping[str, tuple[int, int]]] = {
    "a step without its condition": (6, 14),
    "a version pinned without condition": (6, 2),
    "the latest version read instead of the pinned one": (25, 11),
    "only the first record of an event": (6, 4),
    "a failed message called handled": (12, 8),
    "a failed upload called taken in": (6, 7),
    "a comment kept in the clean picture": (6, 4),
    "a classified image without a deadline": (6, 2),
    "an image out of the index before it is driven on": (6, 2),
    "slots abandoned without a look into the bucket": (6, 4),
    "a slot acknowledged before it is written": (6, 7),
    "a survey acknowledged before its patient is written": (12, 9),
    "a key that takes any body": (6, 4),
    "the Idempotency-Key ignored": (6, 4),
    "a link to the upload itself": (6, 5),
    "an act recorded twice": (6, 4),
    "a record lost quietly": (6, 1),
    "a record changed after its sealing": (6, 2),
    "a slot claimed without condition": (16, 5),
    "a claim that nobody mends": (4, 5),
    "a case looked for readers once only": (4, 9),
    "readers thought to have their hands full": (4, 9),
    "the uploader as reader": (4, 2),
    "a reader asked again who has declined": (4, 6),
    "that nobody is left noted nowhere": (8, 5),
    "a lease that ends for the case alone": (4, 7),
    "a lapsed slot that keeps its reader": (4, 7),
    "more time promised and not given": (8, 16),
    "a case that does not follow who declined": (4, 2),
    "a decline acknowledged before it is written": (4, 10),
    "a reading acknowledged before it is written": (4, 9),
    "a reading taken without condition": (4, 9),
    "a reading final before its minute is over": (4, 9),
    "a reading undone after its minute": (4, 8),
    "a probe that looks like any other": (8, 2),
    "a probe that enters the verdict": (8, 11),
    "a probe that nobody notes": (8, 11),
    "a senior who was a first reader": (4, 10),
    "two who do not know taken for agreed": (16, 9),
    "a verdict that does not reach its image": (4, 9),
    "a senior of few years": (4, 8),
    "a truth that its case does not learn": (4, 9),
    "an image named to its reader": (4, 9),
    "a first reader shown other readings": (4, 9),
    "a hand in the order of its cases": (60, 7),
}
"""By what is planted: how many images or cases, and the seed."""
