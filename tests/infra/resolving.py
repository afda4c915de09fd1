"""Templates as CloudFormation would read them, for what exists on AWS only."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infra import template as templates
from infra.provision import ACCOUNT_ID

REGION = "eu-central-1"
STAGE = "test"
NAMES = ("BucketName", "TableName", "LogGroupName", "TopicName", "QueueName")
"""Properties that hold the physical name, which is what `Ref` gives (of a queue, the end of it)."""


class Resolved:
    """A template with these parameters. A thing without a name of its own is `<LogicalId>`."""

    def __init__(self, path: Path = templates.RESOURCES, /, **parameters: Any) -> None:
        self.template = templates.load(path)
        assert parameters.keys() <= self.template.parameters.keys()
        self._known = {
            **self.template.parameters,
            "Stage": STAGE,
            "AWS::Region": REGION,
            "AWS::AccountId": ACCOUNT_ID,
            "AWS::Partition": "aws",
            **parameters,
        }

    def properties(self, logical_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.resolved(self.template.resources[logical_id].properties)
        return found

    def of_type(self, type_: str) -> Iterator[dict[str, Any]]:
        """The properties of each resource of a type that its condition lets be."""
        for resource in self.template.of_type(type_):
            condition = resource.attributes.get("Condition")
            if condition is None or self.holds(condition):
                yield self.properties(resource.logical_id)

    def output(self, name: str) -> Any:
        return self.resolved(self.template.outputs[name])

    def holds(self, condition: str) -> bool:
        return bool(self.resolved(self.template.conditions[condition]))

    def resolved(self, value: Any) -> Any:
        return templates.resolve(value, ref=self._ref, get_att=self._get_att, holds=self.holds)

    def _ref(self, name: str) -> Any:
        if name in self._known:
            return self._known[name]
        resource = self.template.resources[name]
        for physical in NAMES:
            if physical in resource.properties:
                return self.resolved(resource.properties[physical])
        return f"<{name}>"

    def _get_att(self, logical_id: str, attribute: str) -> str:
        assert logical_id in self.template.resources
        return f"<{logical_id}.{attribute}>"
