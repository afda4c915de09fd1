"""Services of AWS that answer nothing for a while."""

from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from tests.world import World

ERRORS = {
    "kms": ("DisabledException", "the key is disabled"),
    "dynamodb": ("ThrottlingException", "throughput exceeds the current capacity"),
    "s3": ("SlowDown", "reduce the request rate"),
    "sqs": ("ServiceUnavailable", "the service is unavailable"),
}


@pytest.fixture
def away(world: World, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Names of services that refuse every call while they stand in this set.

    A refusal is what the last of botocore's own repetitions got, so no test waits for them.
    """
    monkeypatch.setattr("chalicelib.platform.http.routes.platform", lambda: world.platform)
    names: set[str] = set()

    def refuse(model: Any, **_: Any) -> tuple[AWSResponse, dict[str, Any]] | None:
        service = model.service_model.service_name
        if service not in names:
            return None
        code, message = ERRORS[service]
        error = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {}}
        return AWSResponse("", 400, HTTPHeaders(), None), error

    world.platform._session.events.register("before-call", refuse)
    return names
