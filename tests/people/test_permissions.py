"""Route × role by the table, for every route there is (promise 12)."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

import app
from chalicelib.people.model import Caller, Reach, Role
from chalicelib.people.permissions import PUBLIC, TABLE, admit
from chalicelib.platform.errors import Forbidden, Unauthorized
from tests.asking import as_caller, ask
from tests.world import World

REGISTERED = {(method, path) for path, entries in app.app.routes.items() for method in entries}
GUARDED = sorted(REGISTERED - PUBLIC)


@pytest.fixture(autouse=True)
def _no_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is refused is refused before anything is asked of AWS."""

    class Unreachable:
        def __getattr__(self, name: str) -> Any:
            raise ConnectionError(name)

    monkeypatch.setattr("chalicelib.platform.http.routes.platform", Unreachable)


def refused_or_not(method: str, path: str, caller: dict[str, str] | None) -> int:
    values = dict.fromkeys(re.findall(r"{(\w+)}", path), "some-id")
    values |= {"queue": "labelling"} if "queue" in values else {}  # of a queue there are five names
    return ask(method, path, caller=caller, body={}, ids=values).status


def test_every_row_of_the_table_is_a_route_and_every_route_has_a_row() -> None:
    assert set(TABLE) | PUBLIC == REGISTERED
    assert not set(TABLE) & PUBLIC


def test_every_route_that_is_not_public_has_the_authorizer() -> None:
    entries = [
        ((method, path), entry.authorizer)
        for path, methods in app.app.routes.items()
        for method, entry in methods.items()
    ]
    assert {route for route, authorizer in entries if authorizer is None} == PUBLIC
    assert all(authorizer in (None, app.authorize) for _, authorizer in entries)


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_without_a_caller_every_route_is_shut(method: str, path: str) -> None:
    for context in (
        None,
        {},
        {"principalId": "nobody"},
        {"account_id": "x"},
        {"role": "admin"},
        {"account_id": "x", "role": "owner", "clinic_id": ""},
        {"account_id": "x", "role": "", "clinic_id": ""},
        {"account_id": "x", "role": "ADMIN", "clinic_id": ""},
    ):
        assert refused_or_not(method, path, context) == 401, context


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_every_role_passes_exactly_where_the_table_says(method: str, path: str, role: Role) -> None:
    caller = as_caller(role, clinic_id="clinic1")
    if role is Role.PATIENT:
        caller["patient_id"] = "patient1"
    status = refused_or_not(method, path, caller)
    if role in TABLE[method, path]:
        # Past the door: the body is judged, the answer fails for want of AWS, or it needs none.
        assert status in (200, 422, 500)
    else:
        assert status == 403


def rows_of(role: Role) -> Iterator[tuple[str, str]]:
    return (route for route, reach in TABLE.items() if role in reach)


def test_what_nobody_may_ever_be_given() -> None:
    """Facts of the domain that a slip in the table must not change."""
    # A patient reaches his own things, whose addresses name no patient; nobody else is let in there.
    for _, path in rows_of(Role.PATIENT):
        assert re.search(r"^/v1/(account$|me\b)", path)
    for route, reach in TABLE.items():
        if re.search(r"^/v1/me\b", route[1]):
            assert reach == {Role.PATIENT: Reach.OWN}
            assert "patient_id" not in route[1]
    # A vendor answers hidden units and learns nothing else of them.
    for _, path in rows_of(Role.VENDOR):
        assert re.search(r"^/v1/(account$|algorithms\b|evaluations\b)", path)
    for role in (Role.EXPERT, Role.SENIOR_EXPERT):
        # A reader is blind: no patient, no survey, no image by its id.
        assert not [
            path for _, path in rows_of(role) if re.search(r"patient|survey|lesions|/images", path)
        ]
    # An administrator runs the house and sees no patient, no image and no reading.
    watched = r"^/v1/(account|clinic|overview$|audit|models|dead-letters|webhooks)"
    for _, path in rows_of(Role.ADMIN):
        assert re.search(watched, path)
    for route, reach in TABLE.items():
        if re.search(r"^/v1/(accounts|clinics)\b", route[1]):
            assert reach == {Role.ADMIN: Reach.ANY}
        assert reach.get(Role.DOCTOR) is not Reach.ANY


def test_a_route_without_a_row_is_shut_to_all() -> None:
    for role in Role:
        with pytest.raises(Forbidden):
            admit("DELETE", "/v1/everything", {"authorizer": as_caller(role)})
    with pytest.raises(Unauthorized):
        admit("GET", "/v1/account", {"authorizer": None})


def test_a_doctor_of_no_clinic_reaches_no_clinic() -> None:
    of_none = Caller("doctor", Role.DOCTOR, "", Reach.OWN_CLINIC)
    of_one = Caller("doctor", Role.DOCTOR, "clinic1", Reach.OWN_CLINIC)
    assert [of_none.reaches_clinic(c) for c in ("", "clinic1")] == [False, False]
    assert [of_one.reaches_clinic(c) for c in ("", "clinic1", "clinic2")] == [False, True, False]
    assert Caller("curator", Role.CURATOR, "", Reach.ANY).reaches_clinic("clinic2")


def test_a_refusal_speaks_both_languages_and_names_its_request(world: World) -> None:
    for language, word in (("ru", "Войдите"), ("en", "Sign in")):
        answer = ask("GET", "/v1/account", caller=None, headers={"accept-language": language})
        assert answer.body["error"]["code"] == "unauthorized"
        assert answer.body["error"]["message"].startswith(word)
        assert answer.body["error"]["request_id"] == "request-1"
