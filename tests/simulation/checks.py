"""The named checks of a history: what promises 1 to 8 and 15 say of everything kept and answered."""

from collections.abc import Mapping
from typing import Final

from tests.simulation.evidence import Check, Evidence, Failure
from tests.simulation.promises.blind import (
    clean_images_are_clean,
    no_hand_is_in_the_order_of_the_cases,
    nothing_is_served_from_uploads,
    readers_are_blind,
)
from tests.simulation.promises.kept import (
    acknowledged_is_kept,
    every_upload_ends,
    nothing_is_forgotten,
    one_key_one_thing,
    what_is_called_done_is_done,
)
from tests.simulation.promises.leases import (
    a_lease_lasts_as_told,
    no_case_starves,
    nobody_left_is_noted,
)
from tests.simulation.promises.once import (
    one_life,
    the_pinned_version_decides,
    two_readers,
)
from tests.simulation.promises.readings import (
    a_case_is_as_its_assignments,
    a_final_reading_stays,
    acknowledged_readings_count,
    an_undo_is_within_its_minute,
    steps_follow_the_tables,
)
from tests.simulation.promises.recorded import every_act_is_recorded, the_chain_holds
from tests.simulation.promises.verdicts import (
    every_verdict_is_its_recomputation,
    the_senior_was_neither,
    truth_outranks_readings,
)

_LABELLING: Final = (
    two_readers,
    the_senior_was_neither,
    every_verdict_is_its_recomputation,
    truth_outranks_readings,
    acknowledged_readings_count,
    a_case_is_as_its_assignments,
    a_final_reading_stays,
    steps_follow_the_tables,
    an_undo_is_within_its_minute,
    a_lease_lasts_as_told,
    no_case_starves,
    nobody_left_is_noted,
    nothing_is_forgotten,
    readers_are_blind,
    no_hand_is_in_the_order_of_the_cases,
)
CHECKS: Final[Mapping[str, Check]] = {
    check.__name__: check
    for check in (
        acknowledged_is_kept,
        one_key_one_thing,
        every_upload_ends,
        what_is_called_done_is_done,
        one_life,
        the_pinned_version_decides,
        *_LABELLING,
        clean_images_are_clean,
        nothing_is_served_from_uploads,
        every_act_is_recorded,
        the_chain_holds,
    )
}


LABELLING_CHECKS: Final[Mapping[str, Check]] = {check.__name__: check for check in _LABELLING}
"""Those that hold where images come classified, without doctors."""


def failures(seen: Evidence, held_to: Mapping[str, Check] = CHECKS) -> list[Failure]:
    """Every check on one history; empty when all hold."""
    return [Failure(name, sentence) for name, check in held_to.items() for sentence in check(seen)]
