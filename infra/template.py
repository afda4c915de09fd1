"""Reading a template: CloudFormation's short tags and the few functions the templates use.

`Ref`, `Sub`, `GetAtt`, and for conditions `If`, `Equals` and `Not` are understood; any other function
in a template is an error here, so that it cannot come to say something the local stack and the tests
leave out. The long forms (`Fn::If`) are refused, too: without them a tag is the only way to call.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

RESOURCES = Path(__file__).with_name("resources.yaml")
"""What keeps state, and what brings it to people."""
WATCHING = Path(__file__).with_name("watching.yaml")
"""Alarms and the dashboard, a stack of their own."""

_OF_A_NAME = ("Ref", "Sub", "GetAtt")
_OF_A_LIST = ("If", "Equals", "Not")
_NO_VALUE = object()
"""What `!Ref AWS::NoValue` resolves to; whatever holds it leaves it out."""


@dataclass(frozen=True, slots=True)
class Call:
    """One use of a CloudFormation function: `!Ref X` is `Call("Ref", "X")`.

    The argument is a list for `If`, `Equals` and `Not`, a text for the others.
    """

    function: str
    argument: Any


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
    conditions: dict[str, Any]
    resources: dict[str, Resource]
    outputs: dict[str, Any]

    def of_type(self, type_: str) -> list[Resource]:
        """All resources of one CloudFormation type, in the order of the file."""
        return [resource for resource in self.resources.values() if resource.type == type_]


class _Loader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]
    """A safe loader of its own, so that the tags do not leak into other users of PyYAML."""


def _of_a_name(function: str) -> Callable[[yaml.SafeLoader, yaml.ScalarNode], Call]:
    def construct(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Call:
        return Call(function, str(loader.construct_scalar(node)))

    return construct


def _of_a_list(function: str) -> Callable[[yaml.SafeLoader, yaml.SequenceNode], Call]:
    def construct(loader: yaml.SafeLoader, node: yaml.SequenceNode) -> Call:
        return Call(function, loader.construct_sequence(node, deep=True))

    return construct


for _function in _OF_A_NAME:
    _Loader.add_constructor(f"!{_function}", _of_a_name(_function))
for _function in _OF_A_LIST:
    _Loader.add_constructor(f"!{_function}", _of_a_list(_function))


@cache
def load(path: Path = RESOURCES) -> Template:
    """Parse a template; once, since nothing changes it.

    Raises `yaml.YAMLError` for a short tag of another function, `ValueError` for a long form.
    """
    document = yaml.load(path.read_text("utf-8"), Loader=_Loader)  # noqa: S506 (a safe loader)
    if long_forms := {name for name in _names(document) if name == "Ref" or name[:4] == "Fn::"}:
        raise ValueError(f"To be written as short tags: {', '.join(sorted(long_forms))}.")
    return Template(
        parameters={
            name: parameter.get("Default") for name, parameter in document["Parameters"].items()
        },
        conditions=document.get("Conditions", {}),
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


def _names(value: Any) -> Iterator[str]:
    """All keys of all mappings inside `value`."""
    match value:
        case Call(_, argument):
            yield from _names(argument)
        case dict():
            for key, inside in value.items():
                yield str(key)
                yield from _names(inside)
        case list():
            for inside in value:
                yield from _names(inside)


def _unknown(name: str) -> bool:
    raise ValueError(f"The condition {name} is not known here.")


def resolve(
    value: Any,
    *,
    ref: Callable[[str], Any],
    get_att: Callable[[str, str], str],
    holds: Callable[[str], bool] = _unknown,
) -> Any:
    """`value` with every call replaced.

    `ref(name)`, `get_att(logical_id, attribute)` and `holds(condition)` answer. Of an `If` only the
    branch that counts is resolved. A property or list element that is `AWS::NoValue` disappears.
    """

    return _Answers(ref, get_att, holds).resolved(value)


@dataclass(frozen=True, slots=True)
class _Answers:
    ref: Callable[[str], Any]
    get_att: Callable[[str, str], str]
    holds: Callable[[str], bool]

    def resolved(self, value: Any) -> Any:
        match value:
            case Call():
                return self.called(value)
            case dict():
                found = {k: self.resolved(v) for k, v in value.items()}
                return {k: v for k, v in found.items() if v is not _NO_VALUE}
            case list():
                return [v for v in map(self.resolved, value) if v is not _NO_VALUE]
            case _:
                return value

    def called(self, call: Call) -> Any:
        match call:
            case Call("Ref", "AWS::NoValue"):
                return _NO_VALUE
            case Call("Ref" | "GetAtt", name):
                return self.named(name)
            case Call("Sub", text):
                return re.sub(r"\$\{([\w.:]+)\}", lambda found: str(self.named(found[1])), text)
            case Call("If", [condition, then, otherwise]):
                return self.resolved(then if self.holds(condition) else otherwise)
            case Call("Equals", [one, other]):
                return bool(self.resolved(one) == self.resolved(other))
            case Call("Not", [inside]):
                return not self.resolved(inside)
            case _:
                raise ValueError(f"!{call.function} does not take {call.argument!r}.")

    def named(self, name: str) -> Any:
        logical_id, _, attribute = name.partition(".")
        return self.get_att(logical_id, attribute) if attribute else self.ref(name)
