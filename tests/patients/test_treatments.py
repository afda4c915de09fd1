"""The course of treatment: recorded, corrected, listed, and kept to what is possible."""

from typing import Any

import pytest

from chalicelib.patients.choices import Outcome, TreatmentKind
from chalicelib.patients.items import lesion_item
from chalicelib.patients.lesion_store import LesionStore
from chalicelib.patients.treatment import MAX_AMENDMENTS, MAX_TREATMENTS
from chalicelib.patients.treatment_store import TreatmentStore
from chalicelib.patients.vocabulary import vocabularies
from chalicelib.platform import keys
from chalicelib.platform.table import Change
from tests.patients.asking import Client
from tests.patients.referring import amend, treat, treatments
from tests.world import World


@pytest.fixture
def lesion_id(doctor: Client) -> str:
    return str(doctor.enter().body["lesion_id"])


def test_a_treatment_is_recorded_once_per_key_in_three_calls(
    doctor: Client, lesion_id: str, world: World
) -> None:
    with world.counted() as calls:
        first = treat(doctor, lesion_id, key="k", note="Жидкий азот, 20 с")
    assert (first.status, calls.total()) == (201, 3), calls
    world.clock.advance(minutes=1)
    assert treat(doctor, lesion_id, key="k", note="Жидкий азот, 20 с").body == first.body
    other = treat(doctor, lesion_id, key="k", note="Жидкий азот, 30 с")
    assert (other.status, other.error["code"]) == (409, "idempotency_conflict")
    [kept] = treatments(doctor, lesion_id).body["items"]
    assert kept == {
        "treatment_id": first.body["treatment_id"],
        "lesion_id": lesion_id,
        "what": "cryotherapy",
        "done_on": "2026-02-20",
        "outcome": None,
        "outcome_on": None,
        "note": "Жидкий азот, 20 с",
        "created_at": "2026-03-02T09:00:00Z",
        "by": doctor.account_id,
        "clinic_id": doctor.clinic_id,
        "history": [],
    }
    acts = [act for act, on in doctor.acts() if on == first.body["treatment_id"]]
    assert acts == ["treatment.recorded"]
    assert ("treatments.viewed", lesion_id) in doctor.acts()


def test_an_outcome_comes_later_and_can_be_taken_back(doctor: Client, lesion_id: str) -> None:
    treatment_id = treat(doctor, lesion_id).body["treatment_id"]
    told = {"outcome": "healed", "outcome_on": "2026-03-01"}
    healed = amend(doctor, treatment_id, **told)
    assert (healed.status, healed.body["outcome"]) == (200, "healed")
    assert amend(doctor, treatment_id, **told).body == healed.body, "again, nothing more"
    colleague = doctor.colleague()
    back = amend(colleague, treatment_id, outcome=None, outcome_on=None, what="laser")
    assert (back.body["outcome"], back.body["outcome_on"], back.body["what"]) == (
        None, None, "laser"
    )  # fmt: skip
    assert [(done["by"], done["was"]) for done in back.body["history"]] == [
        (doctor.account_id, {"outcome": None, "outcome_on": None}),
        (colleague.account_id, {"what": "cryotherapy", **told}),
    ]
    assert ("treatment.corrected", treatment_id) in colleague.acts()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"done_on": "2026-03-04"}, "done_on"),
        ({"done_on": "1974-12-31"}, "done_on"),
        ({"done_on": "2026-02-30"}, "done_on"),
        ({"done_on": ...}, "done_on"),
        ({"what": "cured"}, "what"),
        ({"what": ...}, "what"),
        ({"outcome": "unknown"}, "outcome"),
        ({"outcome": "healed", "outcome_on": "2026-02-19"}, "outcome_on"),
        ({"outcome": "healed", "outcome_on": "2026-03-04"}, "outcome_on"),
        ({"outcome_on": "2026-02-21"}, "outcome_on"),
        ({"note": "x" * 501}, "note"),
        ({"by": "me"}, "by"),
    ],
)
def test_what_cannot_be_is_refused_by_field(
    doctor: Client, lesion_id: str, changes: dict[str, Any], field: str
) -> None:
    answer = treat(doctor, lesion_id, **changes)
    assert (answer.status, set(answer.error["fields"])) == (422, {field})
    assert treatments(doctor, lesion_id).body["items"] == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, "body"),
        ({"done_on": None}, "done_on"),
        ({"outcome": None}, "outcome_on"),
        ({"done_on": "2026-03-01"}, "outcome_on"),
        ({"outcome_on": "2026-03-04"}, "outcome_on"),
        ({"lesion_id": "another"}, "lesion_id"),
    ],
)
def test_a_correction_is_judged_by_the_treatment_as_a_whole(
    doctor: Client, lesion_id: str, changes: dict[str, Any], field: str
) -> None:
    told = {"outcome": "improved", "outcome_on": "2026-02-25"}
    treatment_id = treat(doctor, lesion_id, **told).body["treatment_id"]
    answer = amend(doctor, treatment_id, **changes)
    assert (answer.status, set(answer.error["fields"])) == (422, {field})
    assert treatments(doctor, lesion_id).body["items"][0]["history"] == []


def test_treatments_are_listed_from_the_earliest_page_by_page(
    doctor: Client, lesion_id: str, stranger: Client
) -> None:
    for day in ("2026-02-03", "2025-12-01", "2026-02-01"):
        treat(doctor, lesion_id, done_on=day)
    first = treatments(doctor, lesion_id, limit="2").body
    rest = treatments(doctor, lesion_id, limit="2", cursor=first["next"]).body
    days = [one["done_on"] for one in (*first["items"], *rest["items"])]
    assert (days, rest["next"]) == (["2025-12-01", "2026-02-01", "2026-02-03"], None)
    other = doctor.enter(new_patient=True).body["lesion_id"]
    assert treatments(doctor, other, cursor=first["next"]).status == 422
    assert treatments(stranger, lesion_id).status == 404


def test_the_patients_page_shows_treatments_in_brief(doctor: Client) -> None:
    entered = doctor.enter().body
    made = treat(doctor, entered["lesion_id"], outcome="no_change").body["treatment_id"]
    [lesion] = doctor.view(entered["patient_id"]).body["lesions"]
    assert lesion["treatments"] == [
        {
            "treatment_id": made,
            "what": "cryotherapy",
            "done_on": "2026-02-20",
            "outcome": "no_change",
            "outcome_on": None,
        }
    ]


def test_a_foreign_and_a_missing_treatment_answer_alike(
    doctor: Client, stranger: Client, lesion_id: str
) -> None:
    made = treat(doctor, lesion_id).body["treatment_id"]
    for doer, ids in ((stranger, (made, "a.b")), (doctor, (f"{lesion_id}.b", "nothing"))):
        answers = [amend(doer, one, what="laser") for one in ids]
        assert [answer.status for answer in answers] == [404, 404]
        assert answers[0].body == answers[1].body
    assert treat(stranger, lesion_id).body == treat(stranger, "nothing").body


def test_who_treats_a_lesion_never_reads_its_images_blind(
    doctor: Client, colleague: Client, lesion_id: str, world: World
) -> None:
    made = treat(colleague, lesion_id).body["treatment_id"]
    third = colleague.colleague()
    amend(third, made, outcome="improved")
    lesion = LesionStore(world.platform.cases).get(lesion_id)
    assert lesion is not None
    assert {colleague.account_id, third.account_id} <= set(lesion.treated_by)


def test_of_two_corrections_at_once_one_is_told(
    doctor: Client, colleague: Client, lesion_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = treat(doctor, lesion_id).body["treatment_id"]
    real, others = TreatmentStore.amend, [colleague]

    def overtaken(store: TreatmentStore, *given: Any) -> Any:
        if others:
            assert amend(others.pop(), made, what="laser").status == 200
        return real(store, *given)

    monkeypatch.setattr(TreatmentStore, "amend", overtaken)
    answer = amend(doctor, made, what="excised")
    assert (answer.status, answer.error["code"]) == (409, "changed_meanwhile")
    [kept] = treatments(doctor, lesion_id).body["items"]
    assert (kept["what"], len(kept["history"])) == ("laser", 1)


def test_a_lesion_takes_so_many_treatments_and_corrections_and_no_more(
    doctor: Client, lesion_id: str, world: World
) -> None:
    made = treat(doctor, lesion_id).body["treatment_id"]
    lesion = LesionStore(world.platform.cases).get(lesion_id)
    assert lesion is not None
    one = lesion_item(lesion)["treatments"][made.rpartition(".")[2]]
    many = {f"t{number}": one for number in range(MAX_TREATMENTS - 1)}
    full = Change(set={f"treatments.{name}": each for name, each in many.items()})
    world.platform.cases.update(keys.lesion(lesion_id), full)
    refused = treat(doctor, lesion_id)
    assert (refused.status, refused.error["code"]) == (409, "too_many_treatments")
    often = Change(set={"amendments": MAX_AMENDMENTS})
    world.platform.cases.update(keys.lesion(lesion_id), often)
    refused = amend(doctor, made, what="laser")
    assert (refused.status, refused.error["code"]) == (409, "too_many_corrections")


def test_a_lesion_of_before_there_were_treatments_takes_one(
    doctor: Client, lesion_id: str, world: World
) -> None:
    old = Change(remove=["treatments", "amendments"])
    world.platform.cases.update(keys.lesion(lesion_id), old)
    made = treat(doctor, lesion_id)
    assert made.status == 201
    assert amend(doctor, made.body["treatment_id"], outcome="healed").status == 200


def test_the_vocabulary_has_every_treatment_and_outcome_in_both_languages() -> None:
    words = vocabularies()
    assert [word.key for word in words.treatments] == [str(kind) for kind in TreatmentKind]
    assert [word.key for word in words.outcomes] == [str(outcome) for outcome in Outcome]
    for word in (*words.treatments, *words.outcomes):
        assert any("а" <= letter <= "я" for letter in word.labels.ru.lower())
        assert word.labels.en.isascii()
