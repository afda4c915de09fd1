"""Workers that die on the way, and workers that wake after the withdrawal: one end all the same."""

from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

import pytest

from chalicelib.classification import service as classification
from chalicelib.classification.inference.examination import examine
from chalicelib.erasure.store import ErasureLog
from chalicelib.images.model import State
from chalicelib.labelling import driving, finding
from chalicelib.labelling.model import CaseState
from chalicelib.labelling.store import CaseStore
from chalicelib.patients.lesion_store import LesionStore
from chalicelib.patients.store import PatientStore
from chalicelib.platform.objects import ObjectStore
from tests import pictures
from tests.classification.taking_in import run_sweep, stored_keys
from tests.erasure.journeys import (
    Journey,
    acts_on,
    assert_absent,
    begin,
    look_now,
    settle,
)
from tests.images.making import awaited_image, image_of, states_of, upload
from tests.labelling.making import account_of, case_of, hand_of, reader
from tests.patients.asking import Client
from tests.world import WorkerDied, World

PHOTO = pictures.jpeg(pictures.photograph(160, 120))


def in_labelling(doctor: Client) -> Journey:
    case = begin(doctor, PHOTO)
    case.take_in()
    case.find_readers()
    return case


def is_marked(case: Journey) -> bool:
    standing = PatientStore(case.world.platform.cases).standing(case.patient_id)
    return standing is not None and standing.withdrawal is not None


def dies_after(world: World, nth: int, work: Callable[[], object]) -> bool:
    """Whether the worker died after its nth call; False when it needed fewer."""
    world.crash_in = nth
    try:
        work()
    except WorkerDied:
        return True
    finally:
        world.crash_in = None
    return False


@pytest.mark.parametrize("first", [2, 5, 8])
def test_a_request_that_dies_after_any_call_is_finished_by_the_sweep(
    doctor: Client, readers: list[str], first: int
) -> None:
    world, cases = doctor.world, []
    for nth in count(first, 9):
        case = in_labelling(doctor)
        cases.append(case)
        died = dies_after(world, nth, case.withdraw)
        if not is_marked(case):
            case.withdraw()  # the doctor got no answer, and asks again
        if not died:
            break
    assert len(cases) > 3
    settle(world)
    assert_absent(world, *(case.patient_id for case in cases), readers=readers)
    for case in cases:
        assert acts_on(world, case.patient_id).count("consent.withdrawn") == 1
        assert acts_on(world, case.patient_id).count("patient.erased") == 1


@pytest.mark.parametrize("looks", [0, 1])
@pytest.mark.parametrize("first", [3, 8])
def test_a_pass_that_dies_after_any_call_is_succeeded_by_another(
    doctor: Client, readers: list[str], looks: int, first: int
) -> None:
    world, cases = doctor.world, []
    for nth in count(first, 10):
        case = in_labelling(doctor)
        cases.append(case)
        dies_after(world, 3, case.withdraw)
        for _ in range(looks):
            look_now(world, case.patient_id)
        if not dies_after(world, nth, partial(look_now, world, case.patient_id)):
            break
    assert len(cases) > 1
    settle(world)
    assert_absent(world, *(case.patient_id for case in cases), readers=readers)
    for case in cases:
        assert acts_on(world, case.patient_id).count("patient.erased") == 1


@pytest.mark.parametrize("nth", range(1, 7))
def test_a_worker_that_was_examining_the_image_leaves_nothing_wherever_it_dies(
    doctor: Client, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    world = doctor.world
    case = begin(doctor, PHOTO)

    def withdraw_meanwhile(*args: Any, **kwargs: Any) -> Any:
        examined = examine(*args, **kwargs)
        case.withdraw()
        world.crash_in = nth
        return examined

    monkeypatch.setattr(classification, "examine", withdraw_meanwhile)
    with pytest.raises(WorkerDied):
        case.take_in()
    world.crash_in = None
    assert image_of(world, case.image_id).state is State.WITHDRAWN
    settle(world)
    assert_absent(world, case.patient_id)


def test_a_worker_that_was_examining_the_image_takes_back_what_it_put(
    doctor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = doctor.world
    case = begin(doctor, PHOTO)

    def withdraw_meanwhile(*args: Any, **kwargs: Any) -> Any:
        case.withdraw()
        return examine(*args, **kwargs)

    monkeypatch.setattr(classification, "examine", withdraw_meanwhile)
    case.take_in()
    assert states_of(image_of(world, case.image_id)) == ["awaiting_upload", "received", "withdrawn"]
    assert stored_keys(world) == set()
    settle(world)
    assert_absent(world, case.patient_id)


def test_a_slot_opened_by_a_request_that_saw_the_lesion_before_is_swept(doctor: Client) -> None:
    world = doctor.world
    case = begin(doctor, PHOTO)
    case.withdraw()
    awaited_image(
        world, PHOTO, image_id="late", patient_id=case.patient_id, lesion_id=case.lesion_id
    )
    upload(world, PHOTO, image_id="late")
    settle(world)
    assert image_of(world, "late").state is State.WITHDRAWN
    assert_absent(world, case.patient_id)


def test_a_survey_under_way_is_refused_and_what_it_wrote_is_swept(
    doctor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = doctor.world
    case = begin(doctor, PHOTO, patient_code="666629031975")
    create = LesionStore.create

    def withdraw_meanwhile(store: LesionStore, lesion: Any) -> Any:
        case.withdraw()
        return create(store, lesion)

    monkeypatch.setattr(LesionStore, "create", withdraw_meanwhile)
    late = doctor.enter(patient_code="666629031975", patient_id=case.patient_id, site="arms")
    assert (late.status, late.body["error"]["code"]) == (409, "consent_withdrawn")
    settle(world)
    assert_absent(world, case.patient_id)


def test_a_correction_under_way_brings_nobody_back(
    doctor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = doctor.world
    case = begin(doctor, PHOTO)
    [lesion] = doctor.items("lesion")
    [suffix] = lesion["surveys"]
    replace = PatientStore.replace

    def withdraw_after(store: PatientStore, *args: Any) -> Any:
        done = replace(store, *args)
        case.withdraw()
        return done

    monkeypatch.setattr(PatientStore, "replace", withdraw_after)
    doctor.amend(f"{case.lesion_id}.{suffix}", sex="male")
    settle(world)
    assert_absent(world, case.patient_id)


def test_a_claim_of_a_case_that_was_seen_before_gives_nobody_anything(
    doctor: Client, readers: list[str]
) -> None:
    world = doctor.world
    case = in_labelling(doctor)
    seen = case_of(world, case.image_id)
    case.withdraw()
    late = reader(world, "expert3")
    after = driving.drive_on(world.platform, seen)
    finding.claim(world.platform, seen, account_of(world, late))
    assert after.state is CaseState.WITHDRAWN or after.slots == seen.slots
    assert case_of(world, case.image_id).state is CaseState.WITHDRAWN
    assert [hand_of(world, one) for one in (*readers, late)] == [[], [], []]
    settle(world)
    assert_absent(world, case.patient_id, readers=[*readers, late])


def test_an_assignment_that_is_just_being_placed_reaches_no_hand(
    doctor: Client, readers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = doctor.world
    case = begin(doctor, PHOTO)
    case.take_in()
    copy = ObjectStore.copy

    def withdraw_after(store: ObjectStore, source: str, target: str) -> None:
        copy(store, source, target)
        monkeypatch.setattr(ObjectStore, "copy", copy)
        case.withdraw()
        copy_put_by_a_slow_worker = store.get(target)
        assert copy_put_by_a_slow_worker is None

    monkeypatch.setattr(ObjectStore, "copy", withdraw_after)
    case.find_readers()
    assert [hand_of(world, one) for one in readers] == [[], []]
    settle(world)
    assert_absent(world, case.patient_id, readers=readers)


def test_a_case_that_is_opened_after_its_image_was_seen_stays_closed(
    doctor: Client, readers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = doctor.world
    case = begin(doctor, PHOTO)
    case.take_in()
    open_case = CaseStore.open

    def withdraw_meanwhile(store: CaseStore, *args: Any, **kwargs: Any) -> Any:
        case.withdraw()
        return open_case(store, *args, **kwargs)

    monkeypatch.setattr(CaseStore, "open", withdraw_meanwhile)
    assert driving.assign_case(world.platform, case.image_id) is None
    assert [hand_of(world, one) for one in readers] == [[], []]
    settle(world)
    assert_absent(world, case.patient_id, readers=readers)


def test_a_look_that_finds_something_is_followed_by_another(doctor: Client) -> None:
    world = doctor.world
    case = begin(doctor, PHOTO)
    case.take_in()
    case.withdraw()
    upload(world, PHOTO, image_id=case.image_id)
    world.clock.advance(minutes=61)
    run_sweep(world)
    log = ErasureLog(world.platform.records)
    found = log.get(case.patient_id)
    assert found is not None
    assert (found.looks, found.erased_at) == (2, None)
    world.clock.advance(minutes=61)
    run_sweep(world)
    done = log.get(case.patient_id)
    assert done is not None
    assert done.erased_at is not None
    assert done.pixels == frozenset()
