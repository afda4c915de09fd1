"""What datasets and tests of AI services add to a month: bytes kept and fetched, and what building takes.

A release stands for good, and each is made from all images there are by then; so what is kept grows with
the square of the years.
"""

from dataclasses import dataclass
from typing import Final

from infra.cost.assumptions import Assumptions

SHARD_BYTES: Final = 256 * 1024**2
"""At most so many bytes of images stand in one shard, which one message builds."""
STEPS: Final = 3
"""Messages of a release beside its shards: the choice, the documents, and one of the sweep's."""


@dataclass(frozen=True)
class Releases:
    """Of so many images a year, for so many years. A month is the last one."""

    images: float
    years: float
    assumed: Assumptions

    @property
    def images_of_one(self) -> float:
        """In a release that is made at the end."""
        return self.images * self.years * self.assumed.released_share

    @property
    def bytes_of_one(self) -> float:
        return self.images_of_one * self.assumed.image_bytes

    @property
    def made_a_month(self) -> float:
        return self.assumed.releases_a_year / 12

    @property
    def stored_bytes(self) -> float:
        """Of all releases that were ever made: the k-th of n has k of n parts of the last one's images."""
        made = self.assumed.releases_a_year * self.years
        return self.bytes_of_one * (made + 1) / 2 * min(1.0, made)

    @property
    def fetched_bytes(self) -> float:
        """To researchers, and unit by unit to vendors."""
        tested = self.units_tested * self.assumed.image_bytes
        return self.made_a_month * self.assumed.fetched_a_release * self.bytes_of_one + tested

    @property
    def units_tested(self) -> float:
        """No test has more units than there are images."""
        units = min(self.assumed.units_a_test, self.images * self.years)
        return self.assumed.tests_a_year / 12 * units

    @property
    def shards_written(self) -> float:
        """In a month; a release has one at least."""
        return self.made_a_month * max(1.0, self.bytes_of_one / SHARD_BYTES)

    @property
    def messages(self) -> float:
        """Each calls `build_release`, or `evaluate`, once."""
        tests = self.assumed.tests_a_year / 12
        return (
            self.shards_written
            + (STEPS + self.assumed.selections_a_release) * self.made_a_month
            + tests
        )

    @property
    def pictures_read(self) -> float:
        """Each image of a release is read once, and each unit of a test is fetched by a vendor."""
        return self.made_a_month * self.images_of_one + self.units_tested

    @property
    def candidates(self) -> float:
        """All images there are, which every selection reads."""
        return self.images * self.years

    @property
    def candidates_read(self) -> float:
        """In a month."""
        return self.made_a_month * self.assumed.selections_a_release * self.candidates

    @property
    def read_units(self) -> float:
        return self.candidates_read * self.assumed.candidate_read_units

    @property
    def seconds(self) -> float:
        """Of `build_release` in a month."""
        built = self.made_a_month * self.bytes_of_one / (self.assumed.built_megabytes_s * 1024**2)
        return built + self.candidates_read * self.assumed.candidate_ms / 1000

    @property
    def candidates_megabytes(self) -> float:
        """What one selection holds."""
        return (
            self.assumed.selection_megabytes
            + self.candidates * self.assumed.candidate_bytes / 1024**2
        )
