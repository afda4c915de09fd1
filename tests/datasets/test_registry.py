"""The registry, downloads and grants, as the public and curators meet them."""

from typing import Any

import pytest

from chalicelib.datasets.registry.entries import CSV_COLUMNS
from chalicelib.people.model import Role
from chalicelib.platform import keys
from tests.asking import Answered, ask
from tests.datasets.manifests import CODE, a_plan, a_unit
from tests.datasets.releasing import Workshop
from tests.world import World

UNITS = [a_unit(number) for number in range(4)]


@pytest.fixture
def shop(world: World, in_app: None) -> Workshop:
    return Workshop(world, list(UNITS)).open()


def publicly(method: str, path: str, body: Any = None, **query: str) -> Answered:
    return ask(method, path, caller=None, body=body, query=query, headers={}, ids={})


def download(**body: Any) -> Answered:
    return publicly("POST", "/v1/downloads", body)


def page_of(code: str) -> Answered:
    return ask("GET", "/v1/registry/{code}", caller=None, headers={}, ids={"code": code})


def test_a_published_set_is_found_with_the_papers_fields(shop: Workshop) -> None:
    assert publicly("GET", "/v1/registry").body["items"] == []
    shop.publish()
    (entry,) = publicly("GET", "/v1/registry", q="melanoma moles", purpose="training").body["items"]
    assert (entry["number"], entry["code"], entry["units"]) == (1, CODE, 4)
    assert entry["purpose_name"] == {"ru": "машинное обучение", "en": "machine learning"}
    assert [(each["key"], each["units"]) for each in entry["classes"]] == [
        ("melanoma", 2),
        ("benign", 2),
    ]
    assert "C43" in entry["icd10"]
    assert entry["bytes"] > 0
    for query in ({"q": "nowhere"}, {"access": "hidden"}, {"class": "dermatofibroma"}):
        assert publicly("GET", "/v1/registry", **query).body["items"] == []
    assert len(publicly("GET", "/v1/registry", **{"class": "nevus"}).body["items"]) == 1
    stored = shop.platform.releases.get("files/registry.csv")
    assert stored is not None
    lines = stored.data.decode().splitlines()
    assert lines[0] == ",".join(CSV_COLUMNS)
    assert CODE in lines[1]
    page = page_of(CODE).body
    assert page["page"]["flow"][0]["dropped"] == 2
    assert page["page"]["balance"]["classes"] == {"melanoma": 2, "benign": 2}
    assert page_of("DS_NONE").status == 404


def test_a_public_set_is_fetched_by_anybody_and_each_time_is_in_the_trail(shop: Workshop) -> None:
    assert download(code=CODE).status == 404
    release = shop.publish()
    with shop.world.counted() as calls:
        found = download(code=CODE, limit=5)
    assert sum(calls.values()) <= 4
    assert found.body["version"] == "1.0.0"
    paths = [file["path"] for file in found.body["files"]]
    while found.body["next"]:
        found = download(code=CODE, limit=5, cursor=found.body["next"])
        paths += [file["path"] for file in found.body["files"]]
    assert paths == [file.path for file in release.all_files]
    assert all(file["url"].startswith("http") for file in found.body["files"])
    acts = [item for item in records(shop) if item["act"] == "release.downloaded"]
    assert len(acts) == -(-len(paths) // 5)
    assert download(code=CODE, version="9.0.0").status == 404


def records(shop: Workshop) -> list[dict[str, Any]]:
    table = shop.platform.settings.table_audit
    found = shop.platform._dynamodb.scan(TableName=table)["Items"]
    return [{k: next(iter(v.values())) for k, v in item.items()} for item in found]


def test_a_hidden_set_shows_its_registry_fields_and_nothing_else(
    world: World, in_app: None
) -> None:
    plan = a_plan(access="hidden", purpose="clinical_test", licence="LicenseRef-Agreement")
    shop = Workshop(world, list(UNITS), plan=plan).open()
    shop.publish()
    assert page_of(CODE).body["page"] == {}
    assert download(code=CODE).error == download(code="DS_NONE").error
    assert download(code=CODE).status == 404


def test_a_controlled_set_is_fetched_with_a_grant_until_its_last_day(
    world: World, in_app: None
) -> None:
    plan = a_plan(access="controlled", licence="LicenseRef-Agreement")
    shop = Workshop(world, list(UNITS), plan=plan).open()
    shop.publish()
    path = "/v1/datasets/{code}/grants"
    form = {"recipient": "Institute", "purpose": "Research", "expires_on": "2026-03-10"}
    given = shop.curator.ask("POST", path, form, key="g", code=CODE)
    assert given.status == 201
    assert shop.curator.ask("POST", path, form, key="g", code=CODE).body == given.body
    grant_id, token = given.body["grant_id"], given.body["grant"]
    item = shop.platform.catalogue.get(keys.grant(grant_id))
    assert item is not None
    assert token.partition(".")[2] not in str(item)
    assert download(code=CODE, grant=token).status == 200
    wrong = [download(code=CODE), download(code=CODE, grant=token + "x")]
    wrong.append(download(code=CODE, grant="nobody.secret"))
    assert {answer.status for answer in wrong} == {404}
    actors = {item["actor"] for item in records(shop) if item["act"] == "release.downloaded"}
    assert actors == {grant_id}
    listed = shop.curator.ask("GET", path, code=CODE).body["items"]
    assert [one["recipient"] for one in listed] == ["Institute"]
    shop.world.clock.advance(days=9)
    assert download(code=CODE, grant=token).status == 404
    again = {**form, "expires_on": "2026-04-10"}
    second = shop.curator.ask("POST", path, again, key="h", code=CODE).body
    assert download(code=CODE, grant=second["grant"]).status == 200
    ended = "/v1/datasets/{code}/grants/{grant_id}"
    ask_end = {"code": CODE, "grant_id": second["grant_id"]}
    assert shop.curator.ask("DELETE", ended, **ask_end).status == 204
    assert download(code=CODE, grant=second["grant"]).status == 404
    assert shop.curator.ask("DELETE", ended, code=CODE, grant_id="none").status == 404
    assert shop.curator.ask("POST", path, form, code=CODE).status == 422


def test_a_public_set_wants_no_grants(shop: Workshop) -> None:
    form = {"recipient": "Institute", "purpose": "Research", "expires_on": "2026-04-10"}
    answer = shop.curator.ask("POST", "/v1/datasets/{code}/grants", form, code=CODE)
    assert (answer.status, answer.body["error"]["code"]) == (409, "not_controlled")


def test_a_deprecated_release_stays_and_the_registry_says_what_to_use(shop: Workshop) -> None:
    shop.publish()
    shop.publish(change="More.")
    path = "/v1/datasets/{code}/releases/{version}/deprecate"
    body = {"reason": "A label was wrong.", "use": "1.1.0"}
    assert shop.curator.ask("POST", path, body, code=CODE, version="1.0.0").status == 200
    shop.settle()
    for use in ("3.0.0", "1.1.0", "1.0.0"):  # none, itself, one that is deprecated
        bad = shop.curator.ask("POST", path, {**body, "use": use}, code=CODE, version="1.1.0")
        assert bad.status == 422, use
    entry = page_of(CODE).body
    assert [(each["version"], each["state"]) for each in entry["versions"]] == [
        ("1.1.0", "published"),
        ("1.0.0", "deprecated"),
    ]
    assert entry["versions"][1]["deprecated"] == {"reason": "A label was wrong.", "use": "1.1.0"}
    assert download(code=CODE).body["version"] == "1.1.0"
    assert download(code=CODE, version="1.0.0").body["state"] == "deprecated"
    listed = shop.curator.ask("GET", "/v1/datasets/{code}/releases", code=CODE).body["items"]
    assert [one["version"] for one in listed] == ["1.1.0", "1.0.0"]


def test_only_curators_ask_for_releases(shop: Workshop) -> None:
    assert shop.curator.role is Role.CURATOR
    path = "/v1/datasets/{code}/releases"
    with shop.world.counted() as calls:
        assert shop.request().status == 202
    assert sum(calls.values()) <= 8
    assert shop.curator.ask("POST", path, {"change": "x"}, code="DS_NONE").status == 404
