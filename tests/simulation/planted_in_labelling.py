"""Faults planted into labelling, one at a time, each with the check that must catch it."""

from functools import partial
from typing import Any, Final

from chalicelib.labelling import (
    concluding,
    driving,
    finding,
    following,
    probing,
    routes,
    service,
    verdict,
)
from chalicelib.labelling.assignment_store import AssignmentStore
from chalicelib.labelling.model import Case
from chalicelib.labelling.store import CaseStore
from chalicelib.people.model import Account
from tests.simulation.mistakes import image_told, in_order_of_cases
from tests.simulation.planted import plant
from tests.simulation.reading_mistakes import (
    declined_unseen,
    declined_unwritten,
    expired_unwritten,
    final_at_once,
    first_readers_settle,
    lapsed_kept,
    no_probe_at_all,
    probe_into_verdict,
    renewed_unwritten,
    same_word,
    submitted_unwritten,
    told_of_others,
    unconditional,
    undone_at_any_time,
)

_plant: Final = partial(plant, of_labelling=True)


def _nothing(original: Any, *args: Any, **how: Any) -> None:
    return None


PLANTED_IN_LABELLING: Final = (
    # --- finding readers ----------------------------------------------------------------------------
    _plant(
        "a slot claimed without condition",
        CaseStore,
        "replace",
        unconditional,
        "two_readers",
    ),
    _plant(
        "a claim that nobody mends", following, "place", _nothing, "a_case_is_as_its_assignments"
    ),
    _plant(
        "a case looked for readers once only",
        driving,
        "drive_on",
        lambda original, platform, case: case,
        "nothing_is_forgotten",
    ),
    _plant(
        "readers thought to have their hands full",
        finding,
        "room",
        lambda original, platform, reader: (
            original(platform, reader) if reader.account_id == "reader-e" else 0
        ),
        "no_case_starves",
    ),
    _plant(
        "the uploader as reader",
        Case,
        "may_be_read_by",
        lambda original, self, account_id: account_id not in self.slots,
        "two_readers",
    ),
    _plant(
        "a reader asked again who has declined",
        Case,
        "may_be_read_by",
        lambda original, self, account_id: account_id not in self.excluded | set(self.slots),
        "two_readers",
    ),
    _plant(
        "that nobody is left noted nowhere",
        finding,
        "_noted",
        lambda original, platform, case, nobody: case,
        "nobody_left_is_noted",
    ),
    # --- leases -------------------------------------------------------------------------------------
    _plant(
        "a lease that ends for the case alone",
        AssignmentStore,
        "expire",
        expired_unwritten,
        "a_lease_lasts_as_told",
    ),
    _plant(
        "a lapsed slot that keeps its reader",
        following,
        "_moved_on",
        lapsed_kept,
        "a_case_is_as_its_assignments",
    ),
    _plant(
        "more time promised and not given",
        AssignmentStore,
        "renew",
        renewed_unwritten,
        "a_lease_lasts_as_told",
    ),
    _plant(
        "a case that does not follow who declined",
        following,
        "_moved_on",
        declined_unseen,
        "a_case_is_as_its_assignments",
    ),
    _plant(
        "a decline acknowledged before it is written",
        AssignmentStore,
        "decline",
        declined_unwritten,
        "acknowledged_readings_count",
    ),
    # --- readings -----------------------------------------------------------------------------------
    _plant(
        "a reading acknowledged before it is written",
        AssignmentStore,
        "submit",
        submitted_unwritten,
        "acknowledged_readings_count",
    ),
    _plant(
        "a reading taken without condition",
        AssignmentStore,
        "submit",
        unconditional,
        "steps_follow_the_tables",
    ),
    _plant(
        "a reading final before its minute is over",
        following,
        "_moved_on",
        final_at_once,
        "a_final_reading_stays",
    ),
    _plant(
        "a reading undone after its minute",
        service,
        "undo",
        undone_at_any_time,
        "an_undo_is_within_its_minute",
    ),
    _plant(
        "a probe that looks like any other", probing, "place_probe", no_probe_at_all, "two_readers"
    ),
    _plant(
        "a probe that enters the verdict",
        CaseStore,
        "note_probe",
        probe_into_verdict,
        "a_final_reading_stays",
    ),
    _plant(
        "a probe that nobody notes",
        CaseStore,
        "note_probe",
        _nothing,
        "acknowledged_readings_count",
    ),
    # --- verdicts -----------------------------------------------------------------------------------
    _plant(
        "a senior who was a first reader",
        Case,
        "may_be_read_by",
        first_readers_settle,
        "the_senior_was_neither",
    ),
    _plant(
        "two who do not know taken for agreed",
        verdict,
        "agree",
        same_word,
        "every_verdict_is_its_recomputation",
    ),
    _plant(
        "a verdict that does not reach its image",
        concluding,
        "_label",
        _nothing,
        "every_verdict_is_its_recomputation",
    ),
    _plant(
        "a senior of few years",
        Account,
        "is_qualified",
        lambda original, self, year, more_than: True,
        "the_senior_was_neither",
    ),
    _plant(
        "a truth that its case does not learn",
        driving,
        "_truth",
        _nothing,
        "truth_outranks_readings",
    ),
    # --- what readers see ---------------------------------------------------------------------------
    _plant(
        "an image named to its reader", routes, "assignment_answer", image_told, "readers_are_blind"
    ),
    _plant(
        "a first reader shown other readings",
        routes,
        "assignment_answer",
        told_of_others,
        "readers_are_blind",
    ),
    plant(
        "a hand in the order of its cases",
        service,
        "hand",
        in_order_of_cases,
        "no_hand_is_in_the_order_of_the_cases",
    ),
)
