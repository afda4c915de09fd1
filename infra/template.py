"""Reading `resources.yaml`: CloudFormation's short tags and the three functions the template uses.

Only `Ref`, `Sub` and `GetAtt` are understood; any other function in the template is an error here,
so that the template cannot come to say something the local stack and the tests leave out.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

RESOURCES = Path(__file__).with_name("resources.yaml")

_FUNCTIONS = ("Ref", "Sub", "GetAtt")


@dataclass(frozen=True, slots=True)
class Call:
    """One use of a CloudFormation function: `!Ref X` is `Call("Ref", "X")`."""

    function: str
    argument: str


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource as written: its logical id, type, and properties with calls not yet resolved."""

    logical_id: str
    type: str
    properties: dict[str, Any]
    attributes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Template:
    """The parsed template. `attributes` of a resource are its DeletionPolicy and the like."""

    parameters: dict[str, Any]
    resources: dict[str, Resource]
    outputs: dict[str, Any]

    def of_type(self, type_: str) -> list[Resource]:
        """All resources of one CloudFormation type, in the order of the file."""
        return [resource for resource in self.resources.values() if resource.type == type_]


class _Loader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]
    """A safe loader of its own, so that the tags do not leak into other users of PyYAML."""


def _construct(function: str) -> Callable[[yaml.SafeLoader, yaml.ScalarNode], Call]:
    def construct(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Call:
        return Call(function, str(loader.construct_scalar(node)))

    return construct


for _function in _FUNCTIONS:
    _Loader.add_constructor(f"!{_function}", _construct(_function))


def load(path: Path = RESOURCES) -> Template:
    """Parse the template. Raises `yaml.YAMLError` for a function other than Ref, Sub, GetAtt."""
    document = yaml.load(path.read_text("utf-8"), Loader=_Loader)  # noqa: S506 (a safe loader)
    return Template(
        parameters={
            name: parameter.get("Default") for name, parameter in document["Parameters"].items()
        },
        resources={
            name: Resource(
                logical_id=name,
                type=body["Type"],
                properties=body.get("Properties", {}),
                attributes={k: v for k, v in body.items() if k not in ("Type", "Properties")},
            )
            for name, body in document["Resources"].items()
        },
        outputs={name: output["Value"] for name, output in document["Outputs"].items()},
    )


def resolve(value: Any, *, ref: Callable[[str], Any], get_att: Callable[[str, str], str]) -> Any:
    """`value` with every call replaced: `ref(name)` and `get_att(logical_id, attribute)` answer."""

    def call(function: str, argument: str) -> Any:
        logical_id, _, attribute = argument.partition(".")
        return get_att(logical_id, attribute) if function == "GetAtt" else ref(argument)

    def substitute(match: re.Match[str]) -> str:
        name = match.group(1)
        return str(call("GetAtt" if "." in name else "Ref", name))

    match value:
        case Call("Sub", text):
            return re.sub(r"\$\{([\w.:]+)\}", substitute, text)
        case Call(function, argument):
            return call(function, argument)
        case dict():
            return {k: resolve(v, ref=ref, get_att=get_att) for k, v in value.items()}
        case list():
            return [resolve(v, ref=ref, get_att=get_att) for v in value]
        case _:
            return value
