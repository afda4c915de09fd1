"""Who deploys, from which interpreter, and whether the account can take the functions."""

import json
import re
import sys
from collections.abc import Iterator
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.people.tokens import STAGES_OF_PUBLISHED_KEYS as LOCAL
from infra.steps.deployment import Change, Deployment, Refused

OLDEST: Final = (3, 12)
"""Lambda's image for 3.11 has an older C library than the wheels of numpy and onnxruntime need."""
NEWEST: Final = (3, 13)
SPARE: Final = 100
"""So many concurrent executions Lambda wants left unreserved; on a new account, all it has."""


def changes(deployment: Deployment) -> Iterator[Change]:
    """Changes nothing. Raises `Refused` where the deployment would fail later."""
    check_interpreter(sys.version_info[:2])
    if not re.fullmatch("[a-z][a-z0-9]{1,9}", deployment.stage) or deployment.stage in LOCAL:
        raise Refused(
            f"{deployment.stage} cannot be the name of a stage: 2 to 10 small letters and digits, "
            "a letter first, and not local or test, whose tokens anybody can sign."
        )
    if not deployment.session.region_name:
        raise Refused("No region is set. Set AWS_REGION, for instance AWS_REGION=eu-central-1.")
    try:
        who = deployment.identity
    except (BotoCoreError, ClientError) as error:
        raise Refused(
            f"AWS does not say who you are ({type(error).__name__}). Sign in with `aws sso login` or "
            "`aws configure`, or set AWS_PROFILE, and try again."
        ) from error
    deployment.say(
        f"  account {who['Account']}, {deployment.region}, as {who['Arn'].split('/')[-1]}"
    )
    if deployment.emulated:
        deployment.say("  not AWS itself (AWS_ENDPOINT_URL): no function runs there")
    _check_concurrency(deployment)
    yield from ()


def check_interpreter(version: tuple[int, ...]) -> None:
    """The functions' runtime is the version of Python that deploys. Raises `Refused`."""
    if not OLDEST <= version <= NEWEST:
        raise Refused(
            f"This is Python {version[0]}.{version[1]}; deploy from 3.12 or 3.13, for instance "
            "`make deploy DEPLOY_PYTHON=python3.12`. The functions run on the version that deploys "
            "them, and the packages that read images do not run on Lambda's older ones."
        )


def _check_concurrency(deployment: Deployment) -> None:
    config = json.loads((deployment.root / ".chalice" / "config.json").read_bytes())
    reserved = sum(
        limits.get("reserved_concurrency", 0) for limits in config["lambda_functions"].values()
    )
    try:
        limit = deployment.client("lambda").get_account_settings()["AccountLimit"]
    except (ClientError, KeyError) as error:
        if deployment.emulated:
            return
        raise Refused(f"Lambda does not tell the account's limits ({error}).") from error
    if limit["ConcurrentExecutions"] < reserved + SPARE:
        raise Refused(
            f"This account may run {limit['ConcurrentExecutions']} functions at once; {reserved} are "
            f"reserved here, and Lambda keeps {SPARE} for all others. Ask for more under Service "
            "Quotas, AWS Lambda, Concurrent executions (1,000 is usual)."
        )
