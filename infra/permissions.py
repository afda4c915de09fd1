"""What each function may do, as IAM reads it: `permissions.yaml` with the names of one stage filled in."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

PERMISSIONS: Final = Path(__file__).with_name("permissions.yaml")
INLINE_LIMIT: Final = 10_240
"""Characters that all inline policies of a role may have together; IAM does not count white space."""

Names = Mapping[str, str | Sequence[str]]
"""Values of the placeholders: `AWS::Partition`, `AWS::Region`, `AWS::AccountId`, `Stage`, `DataKeyArn`,
`UserPoolId`, and `CodeKeyArns`, which is a list. Others are not looked at."""

_PLACEHOLDER: Final = re.compile(r"\$\{([\w:]+)\}")
_FILE: Final[dict[str, Any]] = yaml.safe_load(PERMISSIONS.read_text("utf-8"))

FUNCTIONS: Final[tuple[str, ...]] = tuple(_FILE["Functions"])
"""The functions that have a policy, by their names in `app.py`."""


class BadPolicy(ValueError):
    """The file does not give this function a policy that IAM would take."""


def policy(function: str, names: Names) -> dict[str, Any]:
    """The policy document of a function's role, ready for JSON.

    Raises `BadPolicy` for a function that the file does not name, a placeholder without a value,
    an empty list of resources, or more characters than IAM takes.
    """
    if function not in FUNCTIONS:
        raise BadPolicy(f"{function} has no policy in {PERMISSIONS.name}.")
    known: Names = {**_FILE["Names"], **names}
    statements = [_statement(each, known) for each in _FILE["Functions"][function]]
    document = {"Version": "2012-10-17", "Statement": statements}
    size = len(re.sub(r"\s", "", json.dumps(document)))
    if size > INLINE_LIMIT:
        raise BadPolicy(
            f"The policy of {function} has {size} characters; IAM takes {INLINE_LIMIT}."
        )
    return document


def _statement(written: Mapping[str, Any], names: Names) -> dict[str, Any]:
    resources = [
        resource for each in _several(written["Resource"]) for resource in _resources(each, names)
    ]
    if not resources:
        raise BadPolicy(f"{written['Sid']} is about no resource at all.")
    statement = {
        "Sid": written["Sid"],
        "Effect": "Allow",
        "Action": _several(written["Action"]),
        "Resource": resources,
    }
    if "Condition" in written:
        statement["Condition"] = {
            operator: {
                key: [_filled(each, names) for each in _several(values)]
                for key, values in keys.items()
            }
            for operator, keys in written["Condition"].items()
        }
    return statement


def _resources(written: str, names: Names) -> list[str]:
    """One resource, or as many as the list has that the placeholder stands for."""
    alone = _PLACEHOLDER.fullmatch(written)
    value = names.get(alone[1]) if alone else None
    if value is not None and not isinstance(value, str):
        return list(value)
    return [_filled(written, names)]


def _filled(text: str, names: Names) -> str:
    def value(match: re.Match[str]) -> str:
        found = names.get(match[1])
        if not isinstance(found, str):
            raise BadPolicy(f"{match[0]} in {text} has no value.")
        return _filled(found, names)

    return _PLACEHOLDER.sub(value, text)


def _several(written: str | list[str]) -> list[str]:
    return [written] if isinstance(written, str) else list(written)
