"""What Chalice itself would name and limit, read from its own planning of a deployment."""

import json
from pathlib import Path
from typing import Any, Final

from chalice.config import Config
from chalice.deploy.appgraph import ApplicationGraphBuilder
from chalice.deploy.models import LambdaFunction

import app

ROOT: Final = Path(__file__).parents[2]
ON_DISK: Final[dict[str, Any]] = json.loads((ROOT / ".chalice" / "config.json").read_text("utf-8"))


def _config(stage: str) -> Config:
    given = {"chalice_app": app.app, "project_dir": str(ROOT), "autogen_policy": True}
    return Config(stage, user_provided_params=given, config_from_disk=ON_DISK)


def functions(stage: str) -> dict[str, tuple[str, int]]:
    """By our own name of each function: its name on AWS, and the seconds it may take."""
    found: dict[str, tuple[str, int]] = {}

    def visit(model: Any) -> None:
        if isinstance(model, LambdaFunction):
            found[model.resource_name] = (model.function_name, model.timeout)
        for inside in model.dependencies():
            visit(inside)

    visit(ApplicationGraphBuilder().build(_config(stage), stage))
    return found


def api_stage() -> str:
    found: str = ON_DISK["stages"]["local"]["api_gateway_stage"]
    return found
