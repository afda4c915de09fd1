"""Generated patients and pictures, entered by the demo doctors through the public HTTP API.

Nothing here is taken from a data set or a person. The pictures are drawn by `demo_pictures`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx

from infra.local import demo_archive, demo_catalogue, demo_course
from infra.local.accounts import PATIENT
from infra.local.demo_patient import enter_moles
from infra.local.demo_pictures import Lesion, draw
from infra.local.demo_requests import created, send_picture, sign_in

BROWN, DARK, TAN, RED, GREY = (
    (126, 78, 52),
    (62, 40, 34),
    (172, 124, 84),
    (172, 44, 58),
    (104, 104, 128),
)


@dataclass(frozen=True, slots=True)
class DemoCase:
    """One lesion of one invented patient: answers of the survey, and what to draw."""

    doctor: str
    code: str
    sex: str
    site: str
    spot: tuple[str, float, float]
    """Where on the body map: the drawing, and shares of its width and height."""
    lesion: Lesion
    answers: dict[str, Any] = field(default_factory=dict)

    @property
    def born(self) -> date:
        return date(int(self.code[8:]), int(self.code[6:8]), int(self.code[4:6]))


CASES = (
    DemoCase(
        "doctor",
        "010229031975",
        "female",
        "torso",
        ("back", 0.56, 0.36),
        Lesion(BROWN, network=0.25),
    ),
    DemoCase(
        "doctor",
        "481507111958",
        "male",
        "head_neck",
        ("head", 0.3, 0.235),
        Lesion(DARK, 0.3, 0.14, second_colour=GREY, network=0.35, hairs=4),
        {"histology_required": True, "diagnosis": "melanoma", "family_history": ["parent"]},
    ),
    DemoCase(
        "doctor",
        "733019061990",
        "female",
        "legs",
        ("front", 0.44, 0.72),
        Lesion(TAN, 0.16, hairs=6),
    ),
    DemoCase(
        "doctor",
        "260402021967",
        "male",
        "arms",
        ("front", 0.22, 0.43),
        Lesion(RED, 0.18, 0.05, second_colour=DARK),
        {"diagnosis": "hemangioma", "skin_type": "III"},
    ),
    DemoCase(
        "doctor2",
        "915823091982",
        "female",
        "torso",
        ("front", 0.46, 0.3),
        Lesion(TAN, 0.28, 0.1, second_colour=BROWN, hairs=2),
        {"sunburns": ["redness", "pain"], "mole_count": "over_20"},
    ),
    DemoCase(
        "doctor2",
        "377014121949",
        "male",
        "head_neck",
        ("head", 0.75, 0.25),
        Lesion(BROWN, 0.24, 0.12, second_colour=DARK, network=0.3),
        {"histology_required": True, "freckles": True},
    ),
)


def enter(
    url: str,
    *,
    today: date,
    open_patient: Callable[[str], None],
    stopped: Callable[[], bool],
    say: Callable[[str], None],
) -> None:
    """Enter every case, what the first one's patient does with his account, then what each other role
    finds on its pages, saying how far it has come. Ends early when `stopped`.

    `open_patient` opens the demo patient's account, by his id. Raises `httpx.HTTPError` when the system
    refuses, which is a fault of one of the two.
    """
    say(f"Demo data: entering {len(CASES)} generated patients …")
    with httpx.Client(base_url=url, timeout=30) as client:
        patients: list[str] = []
        for patient_id in _enter_cases(client, today):
            patients.append(patient_id)
            if stopped():
                return
            say(f"Demo data: {len(patients)} of {len(CASES)}")
        open_patient(patients[0])
        for told in _enter_more(client, today, stopped):
            if stopped():
                return
            say(f"Demo data: {told}")
        say("Demo data: all is entered")


def _enter_more(client: httpx.Client, today: date, stopped: Callable[[], bool]) -> Iterator[str]:
    curator, vendor = sign_in(client, "curator"), sign_in(client, "vendor")
    enter_moles(
        client,
        patient=sign_in(client, PATIENT),
        doctor=sign_in(client, CASES[0].doctor),
        today=today,
        stopped=stopped,
    )
    yield f"moles of `{PATIENT}`, one question answered and one open"
    demo_course.read(client, {each: sign_in(client, each) for each in demo_course.READ_BY}, stopped)
    yield "experts have read"
    demo_course.follow(client, sign_in(client, "doctor"), today)
    yield "a lesion has been followed"
    *images, unlit = demo_archive.take_in(client, curator, stopped)
    yield f"an archive of {len(images) + 1} drawn images has been taken in"
    catalogue = demo_catalogue.Catalogue(client, curator, stopped)
    catalogue.judge(images, "clear")
    catalogue.judge([unlit], "technical_defect")
    for test, planned in (
        ("FT-I", demo_catalogue.functional()),
        ("KlT-I", demo_catalogue.calibration()),
    ):
        dataset = catalogue.release(planned)
        demo_catalogue.take_test(client, vendor, {"dataset": dataset, "test": test}, stopped)
        yield f"{dataset} has been released, and an algorithm has taken {test}"


def _enter_cases(client: httpx.Client, today: date) -> Iterator[str]:
    """The id of each patient entered."""
    for number, case in enumerate(CASES):
        doctor = sign_in(client, case.doctor)
        survey = created(client, "/api/v1/surveys", survey_of(case, today), doctor)
        send_picture(
            client,
            f"/api/v1/lesions/{survey['lesion_id']}/images",
            draw(case.lesion, seed=number),
            {"kind": "dermoscopic", "taken_on": today.isoformat()},
            doctor,
        )
        yield str(survey["patient_id"])


def survey_of(case: DemoCase, today: date) -> dict[str, Any]:
    """The body of `POST /surveys`: the case's own answers over usual ones."""
    born = case.born
    birthday_passed = (today.month, today.day) >= (born.month, born.day)
    return {
        "patient_code": case.code,
        "consent": {"research": True, "publication": True},
        "age": today.year - born.year - (not birthday_passed),
        "sex": case.sex,
        "hair": "brown",
        "skin_type": "II",
        "site": case.site,
        "mole_count": "5_to_20",
        "family_history": ["none"],
        "immunosuppressed": False,
        "freckles": False,
        "race": "caucasian",
        "sunburns": [],
        "large_moles": "none",
        "histology_required": False,
        "examined_on": today.isoformat(),
        "spot": dict(zip(("view", "x", "y"), case.spot, strict=True)),
        **case.answers,
    }
