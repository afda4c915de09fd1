"""`python -m infra.local.rehearsal`: an AWS on this machine to rehearse a deployment on.

moto's server with what it lacks for a deployment of ours put right. It runs no function: it takes
the functions, the API, the queues and so on, and tells what it was given. It keeps nothing.
"""

import argparse
import json
import signal
from functools import cache
from importlib import import_module
from typing import Any

from infra.local.cloud import serve_cloud
from infra.local.serving import Serving


def serve_rehearsal(port: int = 0) -> Serving:
    """The server on a port of 127.0.0.1 (0: a free one), not yet started."""
    correct()
    return serve_cloud(port)


@cache
def correct() -> None:
    """Let moto take what AWS takes, in this process.

    - Lambda without Docker, which starts a container for a function only to accept it.
    - The import of a REST API: moto knows OpenAPI 3 with a description; Chalice writes Swagger 2.
    - Names of filter rules in S3 notifications: AWS takes `Prefix` as it takes `prefix`.
    - Keys of a stack: moto makes all of them symmetric, and cannot read back their policies.
    - The encryption of a stack's tables, which CloudFormation says in words of its own.
    - The key of a function's environment: moto forgets one that comes with an update.
    """
    from moto.awslambda.models import LambdaFunction
    from moto.core.config import default_user_config
    from moto.dynamodb.models.table import Table
    from moto.kms.models import Key
    from moto.s3.responses import S3Response

    default_user_config["lambda"] = {"use_docker": False}
    responses: Any = import_module("moto.apigateway.responses")
    responses.deserialize_body = _api_document
    key: Any = Key
    key.create_from_cloudformation_json = _key_of_a_stack
    for owner, name, with_correction in (
        (Table, "create_from_cloudformation_json", _table_of_a_stack),
        (LambdaFunction, "update_configuration", _function_update),
        (S3Response, "_notification_config_from_body", _notification),
    ):
        setattr(owner, name, with_correction(getattr(owner, name)))


def _api_document(body: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(body)
    document.pop("swagger", None)
    document["info"].setdefault("description", "")
    return document


def _key_of_a_stack(
    resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_: Any
) -> Any:
    from moto.kms.models import kms_backends

    wanted = cloudformation_json["Properties"]
    key = kms_backends[account_id][region_name].create_key(
        policy=json.dumps(wanted["KeyPolicy"]),
        key_usage=wanted.get("KeyUsage", "ENCRYPT_DECRYPT"),
        key_spec=wanted.get("KeySpec", "SYMMETRIC_DEFAULT"),
        description=wanted.get("Description"),
        tags=wanted.get("Tags", []),
    )
    key.key_rotation_status = wanted.get("EnableKeyRotation", False)
    return key


def _table_of_a_stack(motos_own: Any) -> Any:
    def make(resource_name: str, cloudformation_json: Any, *places: str, **rest: Any) -> Any:
        encryption = cloudformation_json["Properties"].get("SSESpecification", {})
        encryption["Enabled"] = encryption.get("SSEEnabled", False)
        return motos_own(resource_name, cloudformation_json, *places, **rest)

    return make


def _function_update(motos_own: Any) -> Any:
    def update(self: Any, updates: dict[str, Any]) -> Any:
        self.kms_key_arn = updates.get("KMSKeyArn", self.kms_key_arn)
        return motos_own(self, updates)

    return update


def _notification(motos_own: Any) -> Any:
    def read(self: Any) -> Any:
        body = self.body.decode() if isinstance(self.body, bytes) else self.body
        for name in ("Prefix", "Suffix"):
            body = body.replace(f"<Name>{name}</Name>", f"<Name>{name.lower()}</Name>")
        self.body = body
        return motos_own(self)

    return read


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m infra.local.rehearsal", description=__doc__)
    parser.add_argument("--port", type=int, default=5000, help="0 takes a free one")
    port = parser.parse_args().port
    stop = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, stop)
    with serve_rehearsal(port) as serving:
        print(f"A rehearsal AWS is ready: {serving.url}", flush=True)
        signal.sigwait(stop)


if __name__ == "__main__":
    main()
