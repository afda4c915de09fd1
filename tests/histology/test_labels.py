"""What histology says of a lesion is the label of its dermoscopic images, and of no others."""

from typing import Any

import pytest

from chalicelib.events import readers
from chalicelib.histology import spreading
from chalicelib.images.model import Kind, State
from chalicelib.images.store import ImageStore
from chalicelib.labelling import truth
from chalicelib.labelling.truth import Proof, Truth, confirm
from chalicelib.platform.lesion_classes import LesionClass
from tests.classification.test_events import message
from tests.histology.reporting import (
    correct,
    recorded,
    shown,
    take_back,
    unfinished,
)
from tests.images.making import image_of
from tests.merging.clinic import Clinic, run_sweep
from tests.world import World


def label(world: World, image_id: str) -> Any:
    return (image_of(world, image_id).label or {}).get("diagnosis")


def settle(clinic: Clinic) -> None:
    """Let the sweep do what nobody else did, to the end."""
    run_sweep(clinic.world, times=2)


def test_every_dermoscopic_image_of_the_lesion_gets_it_at_level_high(clinic: Clinic) -> None:
    case = clinic.patient()
    elsewhere = clinic.classified(clinic.lesion(case["patient_id"]))
    images = [clinic.classified(case["lesion_id"]), clinic.in_labelling(case["lesion_id"])]
    phone = clinic.classified(case["lesion_id"], Kind.MACROSCOPIC)
    histology_id = recorded(clinic, case["lesion_id"])
    spreading.spread(clinic.world.platform, histology_id)
    for image_id in images:
        image = image_of(clinic.world, image_id)
        assert image.state is State.LABELLED
        assert image.label is not None
        told = {
            name: image.label[name] for name in ("diagnosis", "rule", "verification", "record_id")
        }
        assert told == {
            "diagnosis": "melanoma",
            "rule": "histology",
            "verification": "high",
            "record_id": histology_id,
        }
    assert [image_of(clinic.world, one).label for one in (elsewhere, phone)] == [None, None]
    settle(clinic)
    assert unfinished(clinic.world, histology_id) == []


def test_the_message_in_the_queue_makes_it_fast(clinic: Clinic) -> None:
    case = clinic.patient()
    image_id = clinic.classified(case["lesion_id"])
    histology_id = recorded(clinic, case["lesion_id"])
    sqs, url = clinic.world.platform.client("sqs"), clinic.world.platform.settings.queue_labelling
    sent: list[str] = []
    while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        sent += [one["Body"] for one in found]
    [body] = [one for one in sent if histology_id in one]
    event = {"Records": [message(0, body)]}
    assert readers.wanted(clinic.world.platform, event) == {"batchItemFailures": []}
    assert label(clinic.world, image_id) == "melanoma"


def test_without_a_message_the_sweep_does_it(clinic: Clinic) -> None:
    case = clinic.patient()
    image_id = clinic.classified(case["lesion_id"])
    recorded(clinic, case["lesion_id"])
    settle(clinic)
    assert label(clinic.world, image_id) == "melanoma"


def test_an_image_on_its_way_is_told_once_it_is_classified(clinic: Clinic) -> None:
    case = clinic.patient()
    image_id = clinic.received(case["lesion_id"])
    histology_id = recorded(clinic, case["lesion_id"])
    settle(clinic)
    assert label(clinic.world, image_id) is None
    assert unfinished(clinic.world, histology_id) == ["histology"]
    clinic.accept(image_id)
    settle(clinic)
    assert label(clinic.world, image_id) == "melanoma"
    assert unfinished(clinic.world, histology_id) == []


def test_a_photograph_taken_after_the_report_is_not_labelled(clinic: Clinic) -> None:
    case = clinic.patient()
    histology_id = recorded(clinic, case["lesion_id"], reported_on="2026-02-20")
    clinic.world.clock.advance(seconds=1)
    scar = clinic.classified(case["lesion_id"])
    spreading.spread(clinic.world.platform, histology_id)
    settle(clinic)
    assert label(clinic.world, scar) is None
    assert image_of(clinic.world, scar).state is not State.LABELLED


def test_an_earlier_photograph_sent_afterwards_is_labelled(clinic: Clinic) -> None:
    case = clinic.patient()
    histology_id = recorded(clinic, case["lesion_id"], reported_on="2026-02-20")
    settle(clinic)
    assert unfinished(clinic.world, histology_id) == []
    form = {"kind": "dermoscopic", "content_type": "image/jpeg", "bytes": 1, "sha256": "0" * 64}
    path = "/v1/lesions/{lesion_id}/images"
    for taken_on, expected in (("2026-02-19", ["histology"]), ("2026-02-21", [])):
        body = {**form, "taken_on": taken_on}
        slot = clinic.doctor.ask("POST", path, body, lesion_id=case["lesion_id"])
        assert unfinished(clinic.world, histology_id) == expected
        image_id = slot.body["image_id"]
        now = clinic.world.clock.now()
        ImageStore(clinic.world.platform.cases).pin(image_id, "v1", now=now, until=now)
        clinic.accept(image_id)
        settle(clinic)
        assert (label(clinic.world, image_id) == "melanoma") is bool(expected)


def test_the_result_reported_last_stands_whichever_was_recorded_or_corrected_last(
    clinic: Clinic,
) -> None:
    case = clinic.patient()
    image_id = clinic.classified(case["lesion_id"])
    for histology_id in (
        later := recorded(clinic, case["lesion_id"], diagnosis="nevus", reported_on="2026-03-02"),
        earlier := recorded(clinic, case["lesion_id"], reported_on="2026-03-01"),
    ):
        spreading.spread(clinic.world.platform, histology_id)
    # The photograph is of the second of March.
    assert label(clinic.world, image_id) == "nevus"
    clinic.world.clock.advance(minutes=1)
    assert correct(clinic, earlier, diagnosis="basal_cell_carcinoma").status == 200
    settle(clinic)
    assert label(clinic.world, image_id) == "nevus"
    clinic.world.clock.advance(minutes=1)
    assert correct(clinic, later, diagnosis="dermatofibroma").status == 200
    settle(clinic)
    assert label(clinic.world, image_id) == "dermatofibroma"


def test_an_inconclusive_result_labels_nothing_and_unseats_nothing(clinic: Clinic) -> None:
    case = clinic.patient()
    image_id = clinic.classified(case["lesion_id"])
    spreading.spread(
        clinic.world.platform, recorded(clinic, case["lesion_id"], diagnosis="unknown")
    )
    assert shown(clinic, case["lesion_id"])["confirmed"] is None
    assert label(clinic.world, image_id) is None
    known = recorded(clinic, case["lesion_id"])
    recorded(clinic, case["lesion_id"], diagnosis="unknown")
    settle(clinic)
    assert shown(clinic, case["lesion_id"])["confirmed"]["histology_id"] == known
    assert label(clinic.world, image_id) == "melanoma"


def test_a_result_taken_back_gives_way_to_the_one_before(clinic: Clinic) -> None:
    case = clinic.patient()
    image_id = clinic.classified(case["lesion_id"])
    before = recorded(clinic, case["lesion_id"], diagnosis="nevus")
    clinic.world.clock.advance(minutes=1)
    wrong = recorded(clinic, case["lesion_id"])
    settle(clinic)
    assert label(clinic.world, image_id) == "melanoma"
    assert take_back(clinic, wrong).status == 204
    settle(clinic)
    assert (image_of(clinic.world, image_id).label or {})["record_id"] == before
    assert shown(clinic, case["lesion_id"])["confirmed"]["histology_id"] == before


@pytest.mark.parametrize("reading", [False, True])
def test_the_only_result_taken_back_leaves_the_images_as_they_were(
    clinic: Clinic, reading: bool
) -> None:
    case = clinic.patient()
    make = clinic.in_labelling if reading else clinic.classified
    image_id = make(case["lesion_id"])
    wrong = recorded(clinic, case["lesion_id"])
    settle(clinic)
    assert image_of(clinic.world, image_id).state is State.LABELLED
    for _ in range(2):
        assert take_back(clinic, wrong).status == 204
    spreading.spread(clinic.world.platform, wrong)
    image = image_of(clinic.world, image_id)
    assert image.label is None
    assert image.state is (State.IN_LABELLING if reading else State.CLASSIFIED)
    assert (image.due_at is None) is reading, "one that waited for readers is queued again"
    settle(clinic)
    assert unfinished(clinic.world, wrong) == []
    assert shown(clinic, case["lesion_id"])["confirmed"] is None


def test_a_worker_that_wakes_after_the_taking_back_is_put_right(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = clinic.patient()
    image_id = clinic.classified(case["lesion_id"])
    wrong = recorded(clinic, case["lesion_id"])
    world, real = clinic.world, truth.confirm

    def overtaken(*given: Any, **named: Any) -> Any:
        monkeypatch.setattr(truth, "confirm", real)
        take_back(clinic, wrong)
        spreading.spread(world.platform, wrong)
        return real(*given, **named)

    monkeypatch.setattr(truth, "confirm", overtaken)
    spreading.spread(world.platform, wrong)
    assert label(world, image_id) == "melanoma", "the slow worker's word"
    settle(clinic)
    assert label(world, image_id) is None


def test_a_follow_up_recorded_later_keeps_its_label(clinic: Clinic) -> None:
    case = clinic.patient()
    image_id = clinic.classified(case["lesion_id"])
    histology_id = recorded(clinic, case["lesion_id"])
    settle(clinic)
    proven = Truth(
        diagnosis=LesionClass.NEVUS,
        by=Proof.FOLLOW_UP,
        record_id="follow-up",
        at=clinic.world.clock.now(),
    )
    assert confirm(clinic.world.platform, image_id, proven)
    take_back(clinic, histology_id)
    settle(clinic)
    assert label(clinic.world, image_id) == "nevus"


def test_a_clock_set_back_does_not_let_an_older_word_stand(clinic: Clinic) -> None:
    case = clinic.patient()
    image_id = clinic.classified(case["lesion_id"])
    one = recorded(clinic, case["lesion_id"])
    spreading.spread(clinic.world.platform, one)
    clinic.world.clock.advance(hours=-1)
    assert correct(clinic, one, diagnosis="nevus").status == 200
    spreading.spread(clinic.world.platform, one)
    assert label(clinic.world, image_id) == "nevus"
