"""What criteria may speak of, as the editor of a plan is answered."""

from functools import cache
from typing import Annotated

from pydantic import Field

from chalicelib.datasets.planning.condition_fields import FIELDS, ConditionField, FieldKind, Group
from chalicelib.datasets.planning.plan import Operator
from chalicelib.patients.forms import Labels
from chalicelib.platform.http.fields import Answer
from chalicelib.platform.language import Text


class OperatorAnswer(Answer):
    key: Operator
    labels: Labels


class ChoiceOfField(Answer):
    key: str
    labels: Labels


class ConditionFieldAnswer(Answer):
    """A field that criteria may name."""

    key: str
    group: Group
    kind: FieldKind
    labels: Labels
    operators: list[Operator]
    choices: list[ChoiceOfField]
    ordered: Annotated[bool, Field(description="Whether the choices go from less to more.")]
    minimum: float | None
    maximum: float | None


class ConditionFieldsAnswer(Answer):
    """What criteria may speak of."""

    fields: list[ConditionFieldAnswer]
    operators: list[OperatorAnswer]


@cache
def fields_answer() -> ConditionFieldsAnswer:
    """Made once a process."""
    return ConditionFieldsAnswer(
        fields=[_field(one) for one in FIELDS.values()],
        operators=[OperatorAnswer(key=one, labels=labels_of(one.label)) for one in Operator],
    )


def _field(field: ConditionField) -> ConditionFieldAnswer:
    return ConditionFieldAnswer(
        key=field.key,
        group=field.group,
        kind=field.kind,
        labels=labels_of(field.label),
        operators=list(field.operators),
        choices=[
            ChoiceOfField(key=key, labels=labels_of(label)) for key, label in field.choices.items()
        ],
        ordered=field.ordered,
        minimum=field.minimum,
        maximum=field.maximum,
    )


def labels_of(text: Text) -> Labels:
    return Labels(ru=text.ru, en=text.en)
