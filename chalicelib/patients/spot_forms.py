"""Where on the body a lesion is, as it is asked and answered."""

from typing import Annotated, Any

from pydantic import Field

from chalicelib.patients.spot import Spot, View, spot_item
from chalicelib.platform.http.fields import Answer, Form

Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class SpotForm(Form):
    """Where a lesion is, in the drawing of one view of the body."""

    view: View
    x: Annotated[Fraction, Field(description="Of the drawing's width, from the left.")]
    y: Annotated[Fraction, Field(description="Of the drawing's height, from the top.")]


class SpotAnswer(Answer):
    """Where a lesion is, in the drawing of one view of the body."""

    view: View
    x: float
    y: float


def spot(form: SpotForm | None) -> Spot | None:
    return Spot(form.view, round(form.x, 4), round(form.y, 4)) if form else None


def spot_answer(spot: Spot | None) -> SpotAnswer | None:
    return SpotAnswer(view=spot.view, x=spot.x, y=spot.y) if spot else None


def lesion_values(change: Form) -> dict[str, Any]:
    """What a form changes of a lesion, as its item has it; None for what it takes away."""
    values = {name: getattr(change, name) or None for name in change.model_fields_set}
    if placed := spot(values.get("spot")):
        values["spot"] = spot_item(placed)
    return values
