"""Readers at work, and curators who watch them, through the entry points of the functions."""

import hashlib
from typing import Any, Final

from chalicelib.labelling.model import CaseState
from chalicelib.people.model import Role
from chalicelib.platform.lesion_classes import LesionClass
from tests.images.making import upload
from tests.imports.asking import SOURCE
from tests.infra.daily_scenes import archived, done, readers_of, refused
from tests.infra.whole_life import Life
from tests.labelling.making import case_of, hand_of
from tests.merging.clinic import OTHER
from tests.patients.asking import Client

ASSIGNMENT: Final = "/v1/labelling/assignments/{assignment_id}"
CASE: Final = "/v1/labelling/cases/{image_id}"
OUTLINE: Final = [[0.2, 0.2], [0.8, 0.2], [0.8, 0.8], [0.2, 0.8]]
FAR: Final = [[0.0, 0.0], [0.1, 0.0], [0.1, 0.1]]


def cases_are_read(life: Life) -> None:
    """To agreement, to arbitration, and to a dispute; told by a message, or found by the sweep."""
    agreed = _read(life, ("nevus", OUTLINE), ("nevus", OUTLINE))
    assert agreed == CaseState.AGREED
    assert _read(life, ("nevus", OUTLINE), ("nevus", FAR), senior="nevus") == CaseState.AGREED
    assert _read(life, ("nevus", None), ("melanoma", None), senior="melanoma") == (
        CaseState.ARBITRATED
    )
    assert _read(life, ("nevus", None), ("melanoma", None), senior="unknown", swept=True) == (
        CaseState.DISPUTED
    )


def readers_change_their_minds(life: Life) -> None:
    case = life.in_labelling()
    one, other = _first(life, case.image_id)
    mine, his = _held(life, one, case.image_id), _held(life, other, case.image_id)
    done(one.ask("POST", f"{ASSIGNMENT}/renew", assignment_id=mine))
    life.world.clock.advance(days=2)
    done(one.ask("POST", f"{ASSIGNMENT}/renew", assignment_id=mine))
    for _ in range(2):
        done(_reading(one, mine, "nevus"))
    refused(_reading(one, mine, "melanoma"), "already_read")
    done(one.ask("DELETE", f"{ASSIGNMENT}/reading", assignment_id=mine))
    for _ in range(2):
        decline = {"reason": "I know the patient"}
        done(other.ask("POST", f"{ASSIGNMENT}/decline", decline, assignment_id=his))
    life.told({"case_id": case.image_id})
    life.sweep(minutes=10)
    life.sweep(days=4)


def probes_are_mixed_in(life: Life) -> None:
    case = life.in_labelling()
    one, other = _first(life, case.image_id)
    for each in (one, other):
        done(_reading(each, _held(life, each, case.image_id), "nevus"))
    life.world.clock.advance(minutes=2)
    life.told({"case_id": case.image_id})
    life.world.clock.advance(days=100)
    settings = life.world.platform.settings
    probing = settings.model_copy(update={"probe_share": 1.0})
    object.__setattr__(life.world.platform, "settings", probing)
    life.told({"reader_id": one.account_id})
    [probe] = [each for each in hand_of(life.world, one.account_id) if each.probe]
    done(_reading(one, probe.assignment_id, "melanoma"))
    done(one.ask("DELETE", f"{ASSIGNMENT}/reading", assignment_id=probe.assignment_id))
    done(_reading(one, probe.assignment_id, "melanoma"))
    life.sweep(minutes=10)
    object.__setattr__(life.world.platform, "settings", settings)


def curators_watch(life: Life) -> None:
    curator = life.curator
    photograph = life.classified(kind="macroscopic")
    done(life.doctor.ask("POST", "/v1/labelling/cases", {"image_id": photograph.image_id}))
    life.told({"image_id": photograph.image_id})
    case = life.in_labelling()
    done(curator.ask("GET", "/v1/labelling/cases", query={"state": "reading"}))
    done(curator.ask("GET", CASE, image_id=case.image_id))
    refused(life.doctor.ask("GET", CASE, image_id=case.image_id), "no_verdict")
    refused(curator.ask("PATCH", CASE, {"gold": True}, image_id=case.image_id), "not_gold")
    reader = readers_of(life)[0]
    done(curator.ask("GET", "/v1/labelling/readers"))
    for change in ({"paused": True, "reason": "Holidays"}, {"paused": False}):
        path = "/v1/labelling/readers/{account_id}"
        done(curator.ask("PATCH", path, change, account_id=reader))
    life.measure()
    life.measure()
    done(curator.ask("GET", "/v1/labelling/agreement"))
    done(_reader(life, reader).ask("GET", "/v1/labelling/statistics"))


def gold_comes_from_an_archive(life: Life) -> str:
    source = done(life.curator.ask("POST", "/v1/imports", SOURCE, key="gold"))["import_id"]
    data = life.photo()
    label = {"diagnosis": "melanoma", "confirmed_by": "histology"}
    name = hashlib.sha256(data).hexdigest()[:8]
    image_id = archived(life, source, data, label=label, external_image_id=name)["image_id"]
    life.arrived(image_id, upload(life.world, data, image_id=image_id))
    for gold in (True, False, True):
        done(life.curator.ask("PATCH", CASE, {"gold": gold}, image_id=image_id))
    done(life.curator.ask("GET", "/v1/labelling/gold"))
    return str(image_id)


def a_reader_turns_out_to_know_the_patient(life: Life) -> None:
    case = life.in_labelling()
    knows = min(case_of(life.world, case.image_id).slots)
    his = Client(life.world, knows, "clinic1")
    other: dict[str, Any] = OTHER
    lesion_id = done(his.enter(new_patient=True, **other))["lesion_id"]
    done(life.clinic.move(case.image_id, lesion_id))
    assert knows not in case_of(life.world, case.image_id).slots


def a_protocol_is_published(life: Life) -> None:
    both = {"ru": "Новое", "en": "New"}
    signs = {each.value: [both] for each in LesionClass}
    form = {"after": 1, "title": both, "instruction": both, "signs": signs, "changes": both}
    form |= {"examples": {"melanoma": [gold_comes_from_an_archive(life)]}}
    for _ in range(2):
        done(life.curator.ask("POST", "/v1/labelling/protocols", form))
    done(life.curator.ask("GET", "/v1/labelling/protocols"))
    reader = _reader(life, readers_of(life)[0])
    assert done(reader.ask("GET", "/v1/labelling/protocol"))["accepted"] is False
    done(reader.ask("POST", "/v1/labelling/protocol/accept", {"version": 2}))


def _read(life: Life, *said: tuple[str, Any], senior: str = "", swept: bool = False) -> CaseState:
    case = life.in_labelling()
    for reader, (diagnosis, outline) in zip(_first(life, case.image_id), said, strict=True):
        held = _held(life, reader, case.image_id)
        done(_reading(reader, held, diagnosis, **({"outline": outline} if outline else {})))
    _settle(life, case.image_id, swept)
    if senior:
        one = next(
            s for s in _seniors(life) if s.account_id in case_of(life.world, case.image_id).slots
        )
        [item] = done(one.ask("GET", "/v1/labelling/assignments"))["items"]
        assert len(item["readings"]) == 2
        done(_reading(one, item["assignment_id"], senior))
        _settle(life, case.image_id, swept)
    done(life.doctor.ask("GET", CASE, image_id=case.image_id))
    return case_of(life.world, case.image_id).state


def _settle(life: Life, image_id: str, swept: bool) -> None:
    if swept:
        life.sweep(minutes=4)
    else:
        life.world.clock.advance(seconds=61)
        life.told({"case_id": image_id})


def _first(life: Life, image_id: str) -> list[Client]:
    return [_reader(life, account_id) for account_id in case_of(life.world, image_id).first]


def _reader(life: Life, account_id: str) -> Client:
    return Client(life.world, account_id, "", role=Role.EXPERT)


def _seniors(life: Life) -> list[Client]:
    query = {"role": "senior_expert", "limit": "100"}
    answer = done(life.admin.ask("GET", "/v1/accounts", query=query))
    return [
        Client(life.world, each["account_id"], "", role=Role.SENIOR_EXPERT)
        for each in answer["items"]
    ]


def _held(life: Life, reader: Client, image_id: str) -> str:
    held = hand_of(life.world, reader.account_id)
    return next(each.assignment_id for each in held if each.image_id == image_id)


def _reading(reader: Client, assignment_id: str, diagnosis: str, **more: Any) -> Any:
    body = {"diagnosis": diagnosis, **more}
    return reader.ask("POST", f"{ASSIGNMENT}/reading", body, assignment_id=assignment_id)
