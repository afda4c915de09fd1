"""Starting and stopping everything, in order."""

import importlib
import json
import os
import secrets
import string
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from infra.local.serving import Serving

ROOT = Path(__file__).parents[2]
REGION = "eu-central-1"
STAGE = "local"
ETAG_KEY_BYTES = 32
STOP_SECONDS = 15.0
"""How long a function may still work after a stop was asked for."""


class LocalStack:
    """The whole system on one port. Make it, `start` it, `close` it; it keeps nothing."""

    def __init__(self, port: int, log: Callable[[str], None]) -> None:
        """Takes the port at once, before anything slow. Raises `PortInUseError`."""
        self._log = log
        self._running = ExitStack()
        self._front: Any = _not_yet
        self.stopping = threading.Event()
        self._serving = Serving(lambda environ, answer: self._front(environ, answer), port)
        self._running.callback(self._serving.stop)
        self.url = self._serving.url

    def start(self, *, tick_seconds: float | None = None) -> None:
        """Start the cloud, the app, the pump and the front, and open the demo accounts.

        Changes this process's environment: what the user has set for AWS is taken out first, so
        that nothing here can ever reach a real account.
        """
        credentials = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": secrets.token_hex(20)}
        _isolate(os.environ, credentials)

        # Imported only now: everything below reads the environment or takes its time.
        import boto3
        from botocore.credentials import Credentials
        from chalice.config import Config

        from chalicelib.platform.runtime import platform
        from infra.local.accounts import open_demo_accounts
        from infra.local.api import Api
        from infra.local.cloud import serve_cloud
        from infra.local.front import Front
        from infra.local.gate import Gate
        from infra.local.sign_in import SignIn
        from infra.local.wiring import wire
        from infra.provision import Stack

        cloud = serve_cloud()
        self._running.callback(cloud.stop)
        # Stopped before the cloud, so that nobody is answered by half a system.
        self._running.callback(self._serving.stop)
        cloud.start()
        os.environ["AWS_ENDPOINT_URL"] = cloud.url

        session = boto3.Session(region_name=REGION)
        resources = Stack(session, secret=_letters, stage=STAGE, web_origins=[self.url])
        resources.create()
        settings = resources.environment()
        pool_id = settings["RODINKA_ISSUER"].rsplit("/", 1)[-1]
        os.environ.update(settings)
        os.environ.update(
            RODINKA_AUTH_ENDPOINT=f"{self.url}/auth",
            RODINKA_JWKS_URL=f"{cloud.url}/{pool_id}/.well-known/jwks.json",
            RODINKA_PUBLIC_S3_ENDPOINT=f"{self.url}/s3",
        )

        module = importlib.import_module("app")
        config = Config(
            chalice_stage=STAGE,
            config_from_disk=json.loads((ROOT / ".chalice" / "config.json").read_bytes()),
        )
        open_demo_accounts(platform())
        dead = resources.created("ClassifyDeadQueue")
        pump = wire(
            module,
            config,
            sqs=resources.client("sqs"),
            s3=resources.client("s3"),
            region=REGION,
            dead_letters={"classify": dead.ref} if dead else {},
            tick_seconds=tick_seconds,
            log=self._log,
        )
        self._front = Front(
            api=Api(module.app, config, self._log),
            s3=Gate(
                resources.client("s3"),
                Credentials(*credentials.values()),
                region=REGION,
                etag_key=secrets.token_bytes(ETAG_KEY_BYTES),
            ),
            sign_in=SignIn(cloud.url, REGION),
            url=self.url,
        )
        self._serving.start()
        self.in_background("pump", lambda: pump.run(self.stopping))

    def in_background(self, name: str, work: Callable[[], None]) -> None:
        """Run `work` in a thread that ends when `stopping` is set; stopping waits for it."""
        thread = threading.Thread(target=work, name=name, daemon=True)
        # Unwound before the servers stop, so that work in flight still has a cloud to write to.
        self._running.callback(thread.join, STOP_SECONDS)
        thread.start()

    def close(self) -> None:
        """Stop everything that was started, the last first."""
        self.stopping.set()
        self._running.close()


def _not_yet(environ: Any, start_response: Any) -> Any:
    raise RuntimeError("The front answers once everything behind it has started.")


def _isolate(environ: Any, credentials: dict[str, str]) -> None:
    """Nothing of the user's AWS configuration, nor a proxy on the way to ourselves."""
    for name in [name for name in environ if name.startswith("AWS_")]:
        del environ[name]
    environ.update(
        credentials,
        AWS_REGION=REGION,
        AWS_DEFAULT_REGION=REGION,
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        AWS_EC2_METADATA_DISABLED="true",
        NO_PROXY="127.0.0.1,localhost",
        no_proxy="127.0.0.1,localhost",
        POWERTOOLS_METRICS_DISABLED="true",
    )
    # One JSON line a fact is right for CloudWatch; this terminal is for a person.
    environ.setdefault("POWERTOOLS_LOG_LEVEL", "WARNING")


def _letters(length: int) -> str:
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(length))
