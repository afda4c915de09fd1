"""Plans over HTTP: writing, repeating, changing, previewing; and what each costs in calls to AWS."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.datasets.model import ReleaseState
from chalicelib.datasets.planning.codes import stem
from chalicelib.datasets.planning.contradictions import LONGEST
from chalicelib.datasets.store import DatasetStore
from chalicelib.platform import keys
from chalicelib.platform.due import overdue
from chalicelib.platform.table import Change, Item, Key, Table
from tests.asking import Answered
from tests.datasets.planning import CALIBRATION, TRAINING, both, condition, plan, plan_form
from tests.patients.asking import Client
from tests.world import World

ONE, PREVIEW = "/v1/datasets/{code}", "/v1/datasets/{code}/preview"
CODE = "DS_CT-I_DSC_SKIN_MELANOMA"


def create(curator: Client, body: Any = CALIBRATION, *, key: str | None = None) -> Answered:
    return curator.ask("POST", "/v1/datasets", body, key=key)


def change(curator: Client, revision: int, form: dict[str, Any], code: str = CODE) -> Answered:
    return curator.ask("PATCH", ONE, {"revision": revision, "plan": form}, code=code)


def queued(world: World) -> list[Any]:
    """The messages to builders, taken from their queue."""
    found = world.platform.client("sqs").receive_message(
        QueueUrl=world.platform.settings.queue_builds, MaxNumberOfMessages=10
    )
    return [json.loads(one["Body"]) for one in found.get("Messages", [])]


def test_a_plan_is_understood_numbered_and_explained_back(curator: Client) -> None:
    answer = create(curator)
    assert answer.status == 201, answer.body
    told = answer.body
    assert (told["code"], told["number"], told["revision"]) == (CODE, 1, 1)
    assert told["explained"]["inclusion"] == [
        {"ru": "Возраст не меньше 18", "en": "Age at least 18"}
    ]
    assert told["power"]["positives"] == 40
    assert told["remarks"][0]["en"].startswith("The power of the test is 71 %")
    seen = curator.ask("GET", ONE, code=CODE).body
    assert seen["plan"] == plan().written()
    assert {name: seen[name] for name in told} == told
    assert (seen["created_by"], seen["releases"], seen["preview"]) == ("curator1", [], None)
    assert curator.acts() == [("dataset.planned", CODE), ("dataset.viewed", CODE)]


def test_numbers_run_on_and_taken_codes_get_a_number_of_their_own(curator: Client) -> None:
    told = [create(curator, form).body for form in (CALIBRATION, TRAINING, CALIBRATION)]
    assert [one["code"] for one in told] == [CODE, stem(plan(TRAINING)), f"{CODE}_2"]
    assert [one["number"] for one in told] == [1, 2, 3]


def test_a_repeated_request_gets_the_same_dataset_and_another_body_is_refused(
    curator: Client,
) -> None:
    create(curator, key="another")
    first = create(curator, key="k")
    assert first.body["code"] == f"{CODE}_2"
    assert create(curator, key="k").body == first.body
    for other in (plan_form(units=201), plan_form(target="NEVUS")):
        refused = create(curator, other, key="k")
        assert (refused.status, refused.error["code"]) == (409, "idempotency_conflict")
    assert len(curator.ask("GET", "/v1/datasets").body["items"]) == 2


def test_a_request_that_died_after_any_call_is_finished_by_its_repetition(
    world: World, curator: Client
) -> None:
    for calls in range(1, 7):
        target = f"T{'ABCDEFG'[calls]}"
        with world.crash_after(calls):
            create(curator, plan_form(target=target), key=f"k{calls}")
        answer = create(curator, plan_form(target=target), key=f"k{calls}")
        assert answer.body["code"] == f"DS_CT-I_DSC_SKIN_{target}"
    items = curator.ask("GET", "/v1/datasets").body["items"]
    numbers = [one["number"] for one in items]
    assert len(items) == 6
    assert len(set(numbers)) == 6


def test_of_two_requests_at_once_each_gets_its_own_code_and_number(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have seen the registry before either wrote to it."""
    store, now = DatasetStore(world.platform.catalogue), world.clock.now()
    read = type(store.table).get

    def as_before(table: Table, key: Key) -> Item | None:
        return None if key == keys.ledger() else read(table, key)

    monkeypatch.setattr(type(store.table), "get", as_before)
    monkeypatch.setattr(DatasetStore, "_codes", lambda *_: {})
    made = [store.create(plan(), request_id=who, by=who, at=now) for who in ("a", "b", "a")]
    assert [(one.code, one.number) for one in made] == [(CODE, 1), (f"{CODE}_2", 2), (CODE, 1)]


def test_the_longest_plan_is_kept_and_changed_and_a_longer_one_refused(curator: Client) -> None:
    def long(size: int, **more: Any) -> dict[str, Any]:
        return plan_form(features=[dict.fromkeys(("ru", "en"), "Я" * size)] * 20, **more)

    def as_text(form: dict[str, Any]) -> str:
        return json.dumps(form, ensure_ascii=False)

    assert LONGEST - 3000 < len(plan(long(1550)).model_dump_json().encode()) <= LONGEST
    assert create(curator, as_text(long(1550))).status == 201
    changed = {"revision": 1, "plan": long(1550, units=201)}
    assert curator.ask("PATCH", ONE, as_text(changed), code=CODE).status == 200
    refused = create(curator, as_text(long(1600)))
    sentence = "The plan is longer than 128 KB: shorten its texts."
    assert refused.error["fields"] == {"body": sentence}
    longer = as_text({"revision": 2, "plan": long(1600)})
    refused = curator.ask("PATCH", ONE, longer, code=CODE)
    assert refused.error["fields"] == {"plan": sentence}


def test_every_contradiction_comes_at_once_with_its_path(curator: Client) -> None:
    bad = plan_form(access="public", inclusion=[condition("age", "at_least", 130)])
    answer = create(curator, bad)
    assert answer.status == 422
    assert answer.error["fields"] == {
        "access": "A set for tests must be hidden: a test on what everybody has seen is not "
        "independent.",
        "licence": "A public dataset needs an open licence, not an agreement.",
        "inclusion.0.value": "Give 0 to 120.",
    }
    russian = create(replace(curator, language="ru"), bad).error["fields"]
    assert russian["inclusion.0.value"] == "Укажите от 0 до 120."
    create(curator)
    assert set(change(curator, 1, bad).error["fields"]) == {f"plan.{one}" for one in russian}


def test_a_weak_plan_is_taken_with_remarks(curator: Client) -> None:
    few = [{**one, "units": 10} for one in CALIBRATION["classes"]]
    told = create(curator, plan_form(classes=few, units=20)).body
    assert told["power"]["power"] < 0.8
    assert [one["en"] for one in told["remarks"]] == [
        "A calibration test usually has 100 to 200 units.",
        f"The power of the test is {round(100 * told['power']['power'])} %; it should be 80 % at least.",
        "A power of 80 % needs {positives} positives and {negatives} negatives.".format(
            **told["power"]["needed"]
        ),
    ]


def test_a_plan_is_changed_once_and_the_one_before_is_kept(curator: Client) -> None:
    create(curator)
    curator = replace(curator, account_id="curator2")
    other = plan_form(name=both("Another name"))
    told = change(curator, 1, other)
    assert (told.status, told.body["revision"]) == (200, 2)
    assert change(curator, 1, other).body == told.body, "sent again"
    late = change(curator, 1, plan_form(units=300))
    assert (late.status, late.error["code"], late.error["revision"]) == (
        409,
        "changed_meanwhile",
        2,
    )
    seen = curator.ask("GET", ONE, code=CODE).body
    assert seen["plan"]["name"]["en"] == "Another name"
    assert [one["by"] for one in seen["history"]] == ["curator1", "curator2"]
    before = curator.ask("GET", ONE, code=CODE, query={"revision": "1"}).body
    assert (before["revision"], before["plan"]) == (1, plan().written())
    assert curator.ask("GET", ONE, code=CODE, query={"revision": "3"}).status == 404
    assert change(curator, 1, other, code="DS_NONE").status == 404


def test_a_change_that_died_after_any_call_is_finished_by_its_repetition(
    world: World, curator: Client
) -> None:
    create(curator)
    for calls in range(1, 5):
        with world.crash_after(calls):
            change(curator, calls, plan_form(units=200 + calls))
        assert change(curator, calls, plan_form(units=200 + calls)).body["revision"] == calls + 1
    kept = [
        curator.ask("GET", ONE, code=CODE, query={"revision": str(number)}).body["plan"]["units"]
        for number in range(1, 6)
    ]
    assert kept == [200, 201, 202, 203, 204]


def test_of_two_changes_at_once_one_is_told(world: World, curator: Client) -> None:
    create(curator)
    store = DatasetStore(world.platform.catalogue)
    seen, now = store.get(CODE), world.clock.now()
    assert seen is not None
    assert store.change(seen, plan(units=201), by="a", at=now) is not None
    assert store.change(seen, plan(units=202), by="b", at=now) is None
    again = store.get(CODE)
    assert again is not None
    assert (again.plan.units, again.revision) == (201, 2)


def test_what_the_code_says_does_not_change_nor_what_was_hidden(
    world: World, curator: Client
) -> None:
    create(curator)
    refused = change(curator, 1, plan_form(target="NEVUS", repeated=True))
    assert set(refused.error["fields"]) == {"plan.target", "plan.repeated"}
    series = plan_form(TRAINING, purpose="dynamic", unit="series")
    code = create(curator, series).body["code"]
    hidden = plan_form(series, access="hidden")
    assert change(curator, 1, hidden, code).status == 200
    for revision, form in ((2, series), (3, hidden)):
        assert change(curator, revision, form, code).status == 200
    note(world, code, "1.0.0", ReleaseState.PUBLISHED)
    assert set(change(curator, 4, series, code).error["fields"]) == {"plan.access"}


def note(world: World, code: str, version: str, state: ReleaseState, release: str = "r1") -> None:
    store = DatasetStore(world.platform.catalogue)
    store.note_release(code, version, release, state, world.clock.now())


def test_releases_stand_by_version_and_an_earlier_state_changes_nothing(
    world: World, curator: Client
) -> None:
    create(curator)
    note(world, CODE, "1.10.0", ReleaseState.PUBLISHED, "r2")
    note(world, CODE, "1.9.0", ReleaseState.PUBLISHED)
    world.clock.moment -= timedelta(hours=1)
    note(world, CODE, "1.9.0", ReleaseState.DEPRECATED)
    world.clock.moment += timedelta(hours=2)
    note(world, CODE, "1.9.0", ReleaseState.PUBLISHED)
    releases = curator.ask("GET", ONE, code=CODE).body["releases"]
    assert [(one["version"], one["state"]) for one in releases] == [
        ("1.9.0", "deprecated"),
        ("1.10.0", "published"),
    ]
    (line,) = curator.ask("GET", "/v1/datasets").body["items"]
    assert (line["latest"]["version"], line["latest"]["release_id"]) == ("1.10.0", "r2")


def test_datasets_are_listed_in_pages(curator: Client) -> None:
    codes = [create(curator).body["code"] for _ in range(3)]
    first = curator.ask("GET", "/v1/datasets", query={"limit": "2"}).body
    rest = curator.ask("GET", "/v1/datasets", query={"cursor": first["next"]}).body
    assert [one["code"] for one in first["items"] + rest["items"]] == codes
    assert rest["next"] is None


def test_a_preview_is_asked_for_once_and_stays_due_until_it_is_computed(
    world: World, curator: Client
) -> None:
    create(curator)
    nothing = curator.ask("GET", PREVIEW, code=CODE).body
    assert (nothing["state"], nothing["result"]) == ("not_asked", None)
    asked = curator.ask("POST", PREVIEW, code=CODE)
    assert (asked.status, asked.body["state"]) == (202, "computing")
    world.clock.advance(minutes=1)
    assert curator.ask("POST", PREVIEW, code=CODE).body == asked.body
    assert queued(world) == [{"preview": CODE}], "once"
    change(curator, 1, plan_form(units=201))
    curator.ask("POST", PREVIEW, code=CODE)
    assert queued(world) == [{"preview": CODE}], "the plan is another"
    world.clock.advance(minutes=7)
    late = list(overdue(world.platform.catalogue, now=world.clock.now()))
    assert [one["pk"] for one in late] == [f"preview#{CODE}"]
    assert curator.ask("POST", PREVIEW, code="DS_NONE").status == 404


@pytest.mark.parametrize(
    ("found", "state"),
    [
        ({"result": '{"counts": {"units": 7}}'}, "ready"),
        ({"problem": {"ru": "Никого.", "en": "Nobody."}}, "failed"),
    ],
)
def test_the_last_preview_is_shown_with_the_plan_it_is_of(
    world: World, curator: Client, found: dict[str, Any], state: str
) -> None:
    create(curator)
    curator.ask("POST", PREVIEW, code=CODE)
    done = Change(
        set={"computed_at": "2026-03-02T09:01:00.000000Z", "plan_revision": 1, **found},
        remove=["due_shard", "due_at"],
    )
    world.platform.catalogue.update(keys.preview(CODE), done)
    shown = curator.ask("GET", PREVIEW, code=CODE).body
    assert (shown["state"], shown["current"]) == (state, True)
    assert shown["result"] == ({"counts": {"units": 7}} if state == "ready" else None)
    assert shown["problem"] == found.get("problem")
    assert curator.ask("GET", ONE, code=CODE).body["preview"]["state"] == state
    change(curator, 1, plan_form(units=201))
    assert curator.ask("GET", PREVIEW, code=CODE).body["current"] is False


def test_the_editor_learns_fields_operators_and_choices_in_both_languages(curator: Client) -> None:
    told = curator.ask("GET", "/v1/datasets/fields").body
    fields = {one["key"]: one for one in told["fields"]}
    assert fields["sex"]["choices"][0] == {"key": "male", "labels": {"ru": "Муж", "en": "Male"}}
    assert fields["age"]["operators"][:4] == ["is", "is_not", "at_least", "at_most"]
    assert (fields["age"]["minimum"], fields["age"]["maximum"]) == (0, 120)
    assert {one["key"] for one in told["operators"]} >= set(fields["skin_type"]["operators"])


def test_each_request_costs_a_few_calls(world: World, curator: Client) -> None:
    """One of them is the audit record."""

    def look(path: str, **query: str) -> Answered:
        return curator.ask("GET", path, query=query, code=CODE)

    budgets: list[tuple[int, Callable[[], Answered]]] = [
        (6, lambda: create(curator, key="k")),
        (4, lambda: create(curator, key="k")),
        (2, lambda: curator.ask("GET", "/v1/datasets")),
        (2, lambda: look(ONE)),
        (4, lambda: change(curator, 1, plan_form(units=201))),
        (3, lambda: look(ONE, revision="1")),
        (4, lambda: curator.ask("POST", PREVIEW, code=CODE)),
        (3, lambda: curator.ask("POST", PREVIEW, code=CODE)),
        (2, lambda: look(PREVIEW)),
        (1, lambda: curator.ask("GET", "/v1/datasets/fields")),
    ]
    for calls, ask in budgets:
        with world.counted() as counted:
            status = ask().status
        assert status < 300
        assert counted.total() == calls, dict(counted)


@pytest.mark.parametrize("role", ["doctor", "expert", "senior_expert", "vendor", "admin"])
def test_only_curators_plan(curator: Client, role: Any) -> None:
    other = replace(curator, role=type(curator.role)(role))
    assert create(other).status == 403
    assert other.ask("GET", "/v1/datasets").status == 403
