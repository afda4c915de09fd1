"""What may be asked, how much of it, and by whom it is seen."""

from chalicelib.advice.model import MOST_OPEN
from tests.erasure.journeys import withdraw
from tests.patients.asking import Client
from tests.pocket.questioning import ONE, answer, correct, waiting
from tests.pocket.visiting import Patient, opened


def test_only_own_images_of_that_lesion_can_be_asked_about_and_others_are_told_alike(
    doctor: Client, patient: Patient, lesion_id: str, image_id: str
) -> None:
    other = opened(doctor, doctor.enter(new_patient=True).body["patient_id"])
    foreign = other.photograph(other.mark())
    elsewhere = patient.photograph(patient.mark("arms"), seed=3)
    deleted = patient.photograph(lesion_id, seed=4)
    path = "/v1/me/images/{image_id}"
    assert patient.ask("DELETE", path, image_id=deleted).status == 204
    refusals = [
        patient.question(lesion_id, wrong).error
        for wrong in (foreign, elsewhere, deleted, "nothing")
    ]
    assert all(refusal == refusals[0] for refusal in refusals)
    assert refusals[0]["fields"].keys() == {"image_ids.0"}
    awaited = patient.slot(lesion_id, b"x" * 100).body["image_id"]
    assert "seconds" in patient.question(lesion_id, awaited).error["fields"]["image_ids.0"]
    for images in ([], [image_id, image_id], [image_id] * 7):
        assert patient.question(lesion_id, *images).status == 422
    foreign_lesion = other.mark()
    missing = [patient.question(one, image_id) for one in (foreign_lesion, "nothing")]
    assert [one.status for one in missing] == [404, 404]
    assert missing[0].error == missing[1].error
    assert patient.question(lesion_id, image_id).status == 201


def test_a_repetition_is_one_question_and_another_body_is_refused(
    doctor: Client, patient: Patient, lesion_id: str, image_id: str
) -> None:
    first = patient.question(lesion_id, image_id, key="one")
    assert patient.question(lesion_id, image_id, key="one").body == first.body
    refused = patient.question(lesion_id, image_id, key="one", growth="yes")
    assert refused.body["error"]["code"] == "idempotency_conflict"
    assert len(waiting(doctor)) == 1


def test_questions_are_bounded_by_day_and_by_how_many_wait(
    doctor: Client, patient: Patient, lesion_id: str, image_id: str
) -> None:
    for _ in range(MOST_OPEN):
        assert patient.question(lesion_id, image_id).status == 201
    assert not patient.ask("GET", "/v1/me").body["can_ask"]
    assert patient.question(lesion_id, image_id).error["code"] == "too_many_questions"
    answer(doctor, waiting(doctor)[0]["question_id"])
    assert patient.question(lesion_id, image_id).status == 429
    doctor.world.clock.advance(days=1)
    assert patient.question(lesion_id, image_id).status == 201


def test_lists_have_pages_whose_cursors_are_the_askers_own(
    doctor: Client, patient: Patient, lesion_id: str, image_id: str
) -> None:
    for _ in range(3):
        patient.question(lesion_id, image_id)
    page = doctor.ask("GET", "/v1/questions", query={"limit": "2"}).body
    rest = doctor.ask("GET", "/v1/questions", query={"limit": "2", "cursor": page["next"]}).body
    found = {one["question_id"] for one in (*page["items"], *rest["items"])}
    assert (len(found), rest["next"]) == (3, None)
    query = {"cursor": page["next"]}
    assert doctor.stranger().ask("GET", "/v1/questions", query=query).status == 422
    own = patient.ask("GET", "/v1/me/questions", query={"limit": "2"}).body
    assert len(own["items"]) == 2
    assert patient.ask("GET", "/v1/me/questions", query={"cursor": own["next"]}).status == 200
    assert patient.ask("GET", "/v1/me/questions", query=query).status == 422


def test_a_foreign_question_and_a_missing_one_look_alike(
    doctor: Client, patient: Patient, lesion_id: str, image_id: str
) -> None:
    other = opened(doctor, doctor.enter(new_patient=True).body["patient_id"])
    question_id = patient.question(lesion_id, image_id).body["question_id"]
    for path, method in (("", "GET"), ("/read", "POST")):
        full = "/v1/me/questions/{question_id}" + path
        answers = [other.ask(method, full, question_id=one) for one in (question_id, "nothing")]
        assert [one.status for one in answers] == [404, 404]
        assert answers[0].error == answers[1].error
    stranger = doctor.stranger()
    answer(doctor, question_id)
    for asked in (
        [stranger.ask("GET", ONE, question_id=one) for one in (question_id, "nothing")],
        [correct(stranger, one, urgency="watch") for one in (question_id, "nothing")],
    ):
        assert asked[0].error == asked[1].error
        assert asked[0].status == 404


def test_after_withdrawal_nothing_is_asked_or_answered(
    doctor: Client, patient: Patient, patient_id: str, lesion_id: str, image_id: str
) -> None:
    question_id = patient.question(lesion_id, image_id).body["question_id"]
    withdraw(doctor, patient_id)
    assert patient.question(lesion_id, image_id).error["code"] == "consent_withdrawn"
    assert answer(doctor, question_id).status == 404
    assert correct(doctor, question_id, urgency="watch").status == 404
    assert waiting(doctor) == waiting(doctor, "answered") == []
