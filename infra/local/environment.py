"""The environment of the local process: nothing of the user's AWS, everything of ours."""

import os
import secrets
import time
from collections.abc import MutableMapping

REGION = "eu-central-1"
STAGE = "local"
ACCESS_KEY = "local"
_HERE = "127.0.0.1,localhost"


def isolate(environ: MutableMapping[str, str]) -> None:
    """Make it impossible to reach a real account, and give this run credentials of its own.

    Whatever the user has set for AWS is taken out, a proxy is not asked on the way to ourselves. The
    secret key is new each time, so that forms and links of an earlier run are refused.
    """
    for name in [name for name in environ if name.startswith(("AWS_", "RODINKA_"))]:
        if name != "RODINKA_MODEL_DIR":
            del environ[name]
    environ.update(
        AWS_ACCESS_KEY_ID=ACCESS_KEY,
        AWS_SECRET_ACCESS_KEY=secrets.token_hex(20),
        AWS_REGION=REGION,
        AWS_DEFAULT_REGION=REGION,
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        AWS_EC2_METADATA_DISABLED="true",
        NO_PROXY=_HERE,
        no_proxy=_HERE,
        # Otherwise moto takes any six digits for a one-time code.
        MOTO_COGNITO_IDP_USER_POOL_ENABLE_TOTP="true",
    )
    environ.setdefault("POWERTOOLS_METRICS_DISABLED", "true")
    # One JSON line a fact is right for CloudWatch; this terminal is for a person.
    environ.setdefault("POWERTOOLS_LOG_LEVEL", "WARNING")


def local_settings(settings: dict[str, str], *, url: str, cloud_url: str) -> dict[str, str]:
    """The stack's outputs with the addresses that differ here: `url` is what browsers see."""
    pool_id = settings["RODINKA_ISSUER"].rsplit("/", 1)[-1]
    return {
        **settings,
        "RODINKA_AUTH_ENDPOINT": f"{url}/auth",
        "RODINKA_JWKS_URL": f"{cloud_url}/{pool_id}/.well-known/jwks.json",
        "RODINKA_PUBLIC_S3_ENDPOINT": f"{url}/s3",
        "RODINKA_WEB_URL": url,
        # A receiver of events that somebody runs on this machine.
        "RODINKA_WEBHOOKS_TO_LOOPBACK": "true",
        # The day of the person in front of this machine.
        "RODINKA_UTC_OFFSET_HOURS": str(time.localtime().tm_gmtoff // 3600),
    }
