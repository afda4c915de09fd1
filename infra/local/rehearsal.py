"""`python -m infra.local.rehearsal`: an AWS on this machine to rehearse a deployment on.

moto's server with what it lacks for a deployment of ours put right. It runs no function: it takes
the functions, the API, the queues and so on, and tells what it was given. It keeps nothing.
"""

import argparse
import json
import signal
from typing import Any

from infra.local.cloud import serve_cloud
from infra.local.serving import Serving


def serve_rehearsal(port: int = 0) -> Serving:
    """The server on a port of 127.0.0.1 (0: a free one), not yet started."""
    correct()
    return serve_cloud(port)


def correct() -> None:
    """Let moto take what AWS takes, in this process. Repeating it changes nothing.

    - Lambda without Docker, which starts a container for a function only to accept it.
    - The import of a REST API: moto knows OpenAPI 3 with a description; Chalice writes Swagger 2.
    - Keys that CloudFormation makes: moto makes all of them symmetric, and keeps the policy unread.
    - The key of a function's environment: moto forgets one that comes with an update.
    - Names of filter rules in S3 notifications: AWS takes `Prefix` as it takes `prefix`.
    """
    from moto.apigateway import responses as apigateway
    from moto.awslambda.models import LambdaFunction
    from moto.core.config import default_user_config
    from moto.kms.models import Key
    from moto.s3.responses import S3Response

    default_user_config["lambda"] = {"use_docker": False}
    apigateway.deserialize_body = _api_document
    Key.create_from_cloudformation_json = classmethod(_key_of_a_stack)
    if not _motos_own:
        _motos_own["update"] = LambdaFunction.update_configuration
        _motos_own["notification"] = S3Response._notification_config_from_body
    LambdaFunction.update_configuration = _update_with_key
    S3Response._notification_config_from_body = _notification_with_small_letters


def _api_document(body: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(body)
    document.pop("swagger", None)
    document["info"].setdefault("description", "")
    return document


def _key_of_a_stack(
    _: type,
    resource_name: str,
    cloudformation_json: dict[str, Any],
    account_id: str,
    region_name: str,
    **__: Any,
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


_motos_own: dict[str, Any] = {}
"""What was replaced, to be called by what replaces it."""


def _update_with_key(self: Any, updates: dict[str, Any]) -> Any:
    self.kms_key_arn = updates.get("KMSKeyArn", self.kms_key_arn)
    return _motos_own["update"](self, updates)


def _notification_with_small_letters(self: Any) -> Any:
    for name in ("Prefix", "Suffix"):
        tag = name.encode() if isinstance(self.body, bytes) else name
        small = tag.lower()
        before, after = (b"<Name>", b"</Name>") if isinstance(self.body, bytes) else ("<Name>", "</Name>")
        self.body = self.body.replace(before + tag + after, before + small + after)
    return _motos_own["notification"](self)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m infra.local.rehearsal", description=__doc__)
    parser.add_argument("--port", type=int, default=5000, help="0 takes a free one")
    stop = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, stop)
    with serve_rehearsal(parser.parse_args().port) as serving:
        print(f"A rehearsal AWS is ready: {serving.url}", flush=True)
        signal.sigwait(stop)


if __name__ == "__main__":
    main()
