"""What events bring about, also where something comes twice, is lost, or is cut short.

The functions are driven through their entry points only. What is prepared by hand is what no
function does itself: a file in the bucket, time that passes, a worker that dies.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

from chalicelib.images.model import State
from chalicelib.people.model import Role
from chalicelib.platform.objects import ObjectStore
from tests.erasure.journeys import withdraw
from tests.images.making import image_of, upload
from tests.infra.course_scenes import (
    lesions_are_treated,
    patients_are_referred,
    referred_patients_are_merged_and_erased,
)
from tests.infra.daily_scenes import (
    archives_are_imported,
    done,
    readers_are_hired,
    readers_of,
    slots_are_opened,
    staff_come_and_go,
    strangers_look,
    surveys_are_entered,
)
from tests.infra.dataset_scenes import (
    consent_is_taken_back,
    datasets_are_planned,
    images_are_erased_while_zips_are_built,
    releases_are_built,
    releases_are_fetched,
)
from tests.infra.duplicate_scenes import near_duplicates_are_erased, near_duplicates_are_settled
from tests.infra.evaluation_scenes import (
    images_are_erased_from_tests,
    reports_are_computed_again,
    tests_are_left_unfinished,
    tests_are_taken,
)
from tests.infra.histology_scenes import (
    histology_follows_merges,
    histology_is_erased,
    histology_is_recorded,
    reports_arrive,
)
from tests.infra.labelling_scenes import (
    a_protocol_is_published,
    a_reader_turns_out_to_know_the_patient,
    cases_are_read,
    curators_watch,
    gold_comes_from_an_archive,
    probes_are_mixed_in,
    readers_change_their_minds,
)
from tests.infra.model_scenes import images_follow_the_active_model
from tests.infra.oversight_scenes import (
    acts_are_searched,
    the_house_is_counted_up,
    what_was_given_up_on_is_seen_to,
)
from tests.infra.pocket_scenes import (
    codes_are_given,
    patients_with_accounts_are_merged,
    patients_with_accounts_leave,
    questions_are_asked,
)
from tests.infra.webhook_scenes import events_are_delivered, receivers_are_registered
from tests.infra.whole_life import Life
from tests.labelling.making import hand_of
from tests.merging.clinic import two_lesions, two_patients
from tests.patients.asking import Client
from tests.simulation import dynamodb

CLAIMED: Final = 8
"""How many calls `assign_reader` makes until a reader has a slot, and no assignment yet."""
STRIPPED: Final = 15
"""How many calls a withdrawal makes until the image is a tombstone, and its files are untouched."""


def files_arrive(life: Life) -> None:
    """Whole, twice, in bad form, of nobody, without a version, or beside a worker that died."""
    case = life.classified()
    life.uploaded(case)
    life.arrived("nobody", None)
    unversioned = life.patient()
    upload(life.world, unversioned.data, image_id=unversioned.image_id)
    life.arrived(unversioned.image_id, None)
    life.uploaded(life.patient(b"no photograph"))
    life.classified(kind="macroscopic")
    for calls in (1, 3, 5, 7, 8):
        left = life.patient()
        with life.recorder.dies_after(calls):
            life.uploaded(left)
        life.world.clock.advance(minutes=2)
        life.uploaded(left)
    gone = life.patient()
    life.arrived(gone.image_id, "0" * 32)
    assert image_of(life.world, gone.image_id).state is State.REJECTED


def consent_ends_during_the_intake(life: Life) -> None:
    """The worker finds at its last step that nothing may stay."""
    case = life.patient()
    with life.beside(ObjectStore, "put", lambda: done(case.withdraw())):
        life.uploaded(case)


def images_move_during_the_intake(life: Life) -> None:
    case, other = life.patient(), life.somebody_else()

    def move() -> None:
        done(life.clinic.move(case.image_id, other.lesion_id))

    with life.beside(ObjectStore, "put", move):
        life.uploaded(case)
    life.told({"image_id": case.image_id})
    life.sweep(minutes=10)


def cases_find_readers(life: Life) -> None:
    case = life.in_labelling()
    life.told({"image_id": case.image_id}, {"image_id": case.image_id})
    for calls in (1, 4, CLAIMED, 8, 9):
        left = life.classified()
        with life.recorder.dies_after(calls):
            life.told({"image_id": left.image_id})
        life.told({"image_id": left.image_id})
    for reader in readers_of(life):
        life.told({"reader_id": reader})
        hand = Client(life.world, reader, "", role=Role.EXPERT)
        done(hand.ask("GET", "/v1/labelling/assignments"))


def what_is_overdue_is_driven_on(life: Life) -> None:
    """A lost event, a slot nobody used, a dead worker, a lost message, a lease that ended."""
    lost, unused, dead = life.patient(), life.patient(), life.patient()
    upload(life.world, lost.data, image_id=lost.image_id)
    with life.recorder.dies_after(1):
        life.uploaded(dead)
    unread = life.in_labelling()
    life.sweep(minutes=10)
    life.sweep(minutes=6)
    for case in (lost, dead):
        assert image_of(life.world, case.image_id).state is State.CLASSIFIED
        life.told({"image_id": case.image_id})
    life.sweep(hours=25)
    assert image_of(life.world, unused.image_id).state is State.ABANDONED
    life.sweep(days=4)
    life.sweep(minutes=6)
    assert image_of(life.world, unread.image_id).state is State.IN_LABELLING


def a_case_without_readers_is_moved(life: Life) -> None:
    """There was nobody to read it; when somebody is there, a move is the first to look."""
    case, other = life.in_labelling(), life.somebody_else()
    readers_are_hired(life)
    done(life.clinic.move(case.image_id, other.lesion_id))
    assert any(hand_of(life.world, reader) for reader in readers_of(life))


def images_are_moved(life: Life) -> None:
    """An image in two hands goes to another patient, at once or after a request that died."""
    data = life.photo()
    for calls in (None, *range(3, 12, 3)):
        case, twin = life.in_labelling(data), life.in_labelling(data)
        other = life.somebody_else()
        if calls is None:
            done(life.clinic.move(case.image_id, other.lesion_id))
            done(life.clinic.move(twin.image_id, case.lesion_id))
            continue
        with life.recorder.dies_after(calls):
            life.clinic.move(case.image_id, other.lesion_id)
        life.sweep(minutes=10)
    assert image_of(life.world, case.image_id).lesion_id == other.lesion_id


def records_are_merged(life: Life) -> None:
    """Two lesions, two patients: at once, and by the sweep after a request that died anywhere."""
    clinic = life.clinic
    for calls in (None, *range(4, 28, 6)):
        kept, twice = two_lesions(clinic)
        one, two = two_patients(clinic)
        for lesion_id in (twice["lesion_id"], two["lesion_id"]):
            clinic.slot(lesion_id)
        lesions, patients = (kept, twice), (one, two)
        with life.recorder.dies_after(calls):
            clinic.merge_lesions(*(each["lesion_id"] for each in lesions))
        with life.recorder.dies_after(calls):
            clinic.merge_patients(*(each["patient_id"] for each in patients))
        for _ in range(3):
            life.sweep(minutes=10)
        # Who got no answer asks again.
        done(clinic.merge_lesions(*(each["lesion_id"] for each in lesions)))
        done(clinic.merge_patients(*(each["patient_id"] for each in patients)))
        life.sweep(minutes=10)
    rows = dynamodb.rows(life.world.platform.settings.table_cases)
    assert not [row["pk"] for row in rows if {"merging", "frozen", "merge"} & row.keys()]


def patients_are_erased(life: Life) -> None:
    """By the request and by the sweep: with readers, with a worker that died, with a second look."""
    for calls in (None, *range(4, 36, 8)):
        case = life.in_labelling()
        with life.recorder.dies_after(calls):
            case.withdraw()
        if calls is None:
            life.world.clock.advance(hours=2)
            done(withdraw(life.doctor, case.patient_id))
        for _ in range(3):
            life.sweep(minutes=61)
        done(case.withdraw())


def workers_die_before_an_erasure(life: Life) -> None:
    """One left a thumbnail and no word of it, one gave a slot and no assignment. Another eraser is
    just a step ahead, once of the request and once of the sweep."""
    images = life.world.platform.images
    for calls in (None, STRIPPED):
        case = life.patient()
        with life.recorder.dies_after(5):  # both pictures are put, their pixels are not entered
            life.uploaded(case)
        (thumbnail,) = images.versions(f"thumbnails/{case.image_id}")
        with life.beside(ObjectStore, "metadata", partial(images.erase, [thumbnail])):
            with life.recorder.dies_after(calls):
                case.withdraw()
            life.sweep(minutes=10)
    claimed = life.classified()
    with life.recorder.dies_after(CLAIMED):
        life.told({"image_id": claimed.image_id})
    done(claimed.withdraw())


def images_are_deleted(life: Life) -> None:
    path, body = "/v1/images/{image_id}", {"reason": "Another patient's"}
    for calls in (None, 3, 13):
        case = life.in_labelling()
        with life.recorder.dies_after(calls):
            life.doctor.ask("DELETE", path, body, image_id=case.image_id)
        for _ in range(3):
            life.sweep(minutes=61)
    done(life.curator.ask("DELETE", path, body, image_id=case.image_id))


def acts_are_sealed(life: Life) -> None:
    life.seal()
    done(life.doctor.patients())
    with life.recorder.dies_after(8):
        life.seal()
    life.seal()
    assert life.world.platform.audit.verify() == []


ACTS: Final[tuple[tuple[Callable[[Life], object], ...], ...]] = (
    (
        strangers_look,
        staff_come_and_go,
        surveys_are_entered,
        slots_are_opened,
        archives_are_imported,
        images_follow_the_active_model,
        acts_are_sealed,
        acts_are_searched,
    ),
    (the_house_is_counted_up, what_was_given_up_on_is_seen_to),
    (
        readers_are_hired,
        files_arrive,
        consent_ends_during_the_intake,
        images_move_during_the_intake,
        cases_find_readers,
        what_is_overdue_is_driven_on,
    ),
    (a_case_without_readers_is_moved, images_are_moved, records_are_merged),
    (receivers_are_registered, events_are_delivered),
    (
        readers_are_hired,
        cases_are_read,
        readers_change_their_minds,
        a_reader_turns_out_to_know_the_patient,
        gold_comes_from_an_archive,
        probes_are_mixed_in,
        curators_watch,
        a_protocol_is_published,
    ),
    (histology_is_recorded, reports_arrive, histology_follows_merges, histology_is_erased),
    (readers_are_hired, patients_are_erased, workers_die_before_an_erasure, images_are_deleted),
    (near_duplicates_are_settled, near_duplicates_are_erased),
    (
        codes_are_given,
        questions_are_asked,
        patients_with_accounts_are_merged,
        patients_with_accounts_leave,
    ),
    (lesions_are_treated, patients_are_referred, referred_patients_are_merged_and_erased),
    (
        datasets_are_planned,
        releases_are_built,
        releases_are_fetched,
        consent_is_taken_back,
        images_are_erased_while_zips_are_built,
    ),
    (
        tests_are_taken,
        reports_are_computed_again,
        tests_are_left_unfinished,
        images_are_erased_from_tests,
    ),
)
"""The scenes of one act share a world; a world that has seen much is a slow one."""
