"""A curator's requests about plans."""

from typing import Any

from tests.asking import Answered
from tests.datasets.planning import CALIBRATION
from tests.patients.asking import Client

ONE, PREVIEW = "/v1/datasets/{code}", "/v1/datasets/{code}/preview"
CODE = "DS_CT-I_DSC_SKIN_MELANOMA"


def create(curator: Client, body: Any = CALIBRATION, *, key: str | None = None) -> Answered:
    return curator.ask("POST", "/v1/datasets", body, key=key)


def change(curator: Client, revision: int, form: dict[str, Any], code: str = CODE) -> Answered:
    return curator.ask("PATCH", ONE, {"revision": revision, "plan": form}, code=code)
