"""From candidates to the units of a dataset: pure, in steps that are all counted.

`screen` looks at one image at a time; `select` at what images are to each other and to other releases, then
chooses how many and which, deals them into splits and makes them unrecognisable. The same plan and the same
candidates, in whatever order, give the same units.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from chalicelib.classification.trained_on import DIGITS
from chalicelib.datasets.looks.model import Look
from chalicelib.datasets.model import FEWEST_PATIENTS, Access
from chalicelib.datasets.planning.plan import Plan
from chalicelib.datasets.selection.anonymity import Anonymised, Individual, anonymise
from chalicelib.datasets.selection.candidate import PATIENTS_OWN, Candidate
from chalicelib.datasets.selection.choosing import Placed, Unit, choose, units_of_data
from chalicelib.datasets.selection.criteria import (
    LOOKED_AT,
    Agreement,
    Classes,
    admissible,
)
from chalicelib.datasets.selection.flow import Flow
from chalicelib.datasets.selection.seeded import gathered, rank
from chalicelib.datasets.selection.selected import Context, Screened, Selected, Selection
from chalicelib.datasets.selection.splits import Member, split, summary
from chalicelib.platform.language import Text

MORE: Final = Text("сверх запланированного", "more than planned")
MORE_OR_DEVICE: Final = Text(
    "сверх запланированного, или с одного устройства слишком много",
    "more than planned, or too much of one device",
)


def screen(
    plan: Plan,
    candidates: Iterable[Candidate],
    *,
    only: frozenset[str] | None = None,
    look_later: bool = False,
) -> Screened:
    """The candidates that may be in the dataset, one by one.

    With `look_later` those that no curator has looked at stay, to be chosen from for a look.
    """
    everything = sorted(candidates, key=lambda one: one.image_id)
    flow = Flow()
    left, agreement = admissible(plan, everything, flow, only=only)
    waiting = [one.image_id for one in left if one.look is None]
    seen = (
        Text("на снимке видно, чей он", "the picture tells whose it is")
        if look_later
        else Text("не просмотрены, или видно, чьи они", "not looked at, or telling whose they are")
    )
    fine = {Look.CLEAR, Look.TECHNICAL_DEFECT, *([None] if look_later else [])}
    left = flow.keep("looks", LOOKED_AT, seen, left, (one for one in left if one.look in fine))
    return Screened(everything, left, waiting, agreement, flow)


def select(plan: Plan, screened: Screened, context: Context) -> Selection:
    """The units of the dataset, in an order that tells nothing yet; nobody may be left."""
    flow = Flow(list(screened.flow.steps))
    left = _guarded(plan, screened, context, flow)
    placed = _alone(plan, left, flow)
    units = units_of_data(placed, plan.unit, plan.seed)
    drawn = flow.keep(
        "unit",
        Text("Единица данных", "Unit of data"),
        Text("не выбраны жребием, или не серия", "not drawn by lot, or no series"),
        placed,
        _flat(units),
    )
    chosen = flow.keep(
        "targets",
        Text("Объём и баланс", "Size and balance"),
        MORE if plan.most_of_one_device is None else MORE_OR_DEVICE,
        drawn,
        sorted(_flat(choose(plan, units)), key=lambda each: each.image_id),
    )
    private = anonymise([_individual(each) for each in chosen], FEWEST_PATIENTS[plan.access])
    told = zip(chosen, private.values, strict=True)
    hidden = {each.image_id: values for each, values in told if values is not None}
    chosen = flow.keep(
        "privacy",
        Text("Обезличивание", "Privacy"),
        Text("пациента можно узнать", "the patient could be recognised"),
        chosen,
        (each for each in chosen if each.image_id in hidden),
    )
    members = [Member(each.image_id, each.patient_id, each.class_key) for each in chosen]
    parts = split(members, _linked(screened.theirs, context.groups), plan.splits, plan.seed)
    waiting = set(screened.waiting)
    return Selection(
        units=[
            Selected(
                candidate=each.candidate,
                class_key=each.class_key,
                diagnosis=each.diagnosis,
                split=parts[each.image_id],
                quasi=dict(zip(PATIENTS_OWN, hidden[each.image_id], strict=True)),
            )
            for each in chosen
        ],
        flow=tuple(flow.steps),
        waiting=[each.image_id for each in chosen if each.image_id in waiting],
        unlooked=len(waiting),
        privacy=_privacy(private),
        splits=summary(members, parts),
        duplicates=_together(chosen, context.groups),
        agreement=_shares(screened.agreement),
    )


def _guarded(plan: Plan, screened: Screened, context: Context, flow: Flow) -> list[Candidate]:
    """Without whom a hidden set and another one would share."""

    def pictures(one: Candidate) -> set[str]:
        return {one.pixel_hash, *context.near.get(one.pixel_hash, ())}

    shared = context.patients | {
        one.patient_id
        for one in screened.theirs
        if one.image_id in context.images or not context.pixel_hashes.isdisjoint(pictures(one))
    }
    left = flow.keep(
        "leaks",
        Text("Защита от утечки", "Leak guard"),
        Text(
            "пациент или снимок есть в скрытом наборе", "the patient or picture is in a hidden set"
        )
        if plan.access is not Access.HIDDEN
        else Text(
            "пациент или снимок есть в доступном или другом скрытом наборе",
            "the patient or picture is in a set that may be read, or in another hidden one",
        ),
        screened.left,
        (one for one in screened.left if shared.isdisjoint({one.patient_id, *one.former_patients})),
    )
    if not context.trained_on:
        return left

    taught = [
        one
        for one in screened.everything
        if not context.trained_on.isdisjoint(each[:DIGITS] for each in pictures(one))
    ]
    people = {one.patient_id for one in taught}
    lesions = {one.lesion_id for one in taught}
    return flow.keep(
        "trained_on",
        Text("Не из обучения моделей", "Not of the models' training"),
        Text("на снимках пациента училась модель", "a model learnt from the patient's images"),
        left,
        (one for one in left if one.patient_id not in people and one.lesion_id not in lesions),
    )


def _alone(plan: Plan, left: Sequence[Candidate], flow: Flow) -> list[Placed]:
    """One of each picture, in its class; none where copies are said to be different things."""
    classes = Classes.of(plan)
    placed = [
        Placed(one, key, classes.diagnosis(one))
        for one in left
        if (key := classes.key(one)) is not None
    ]
    copies = gathered((each.candidate.pixel_hash or each.image_id, each) for each in placed)
    kept = {
        min(own, key=lambda each: rank(plan.seed, "copy", each.image_id)).image_id
        for own in copies.values()
        if len({each.class_key for each in own}) == 1
    }
    return flow.keep(
        "copies",
        Text("Без точных копий", "No exact copies"),
        Text("копия, или копии с разными метками", "a copy, or copies labelled differently"),
        placed,
        (each for each in placed if each.image_id in kept),
    )


def _linked(theirs: Sequence[Candidate], groups: Iterable[frozenset[str]]) -> list[set[str]]:
    """Patients of whom any images are nearly the same, those too that are not chosen: they may be one
    person, so no split parts them."""
    patient_of = {one.image_id: one.patient_id for one in theirs}
    linked = [{patient_of[each] for each in group if each in patient_of} for group in groups]
    return [patients for patients in linked if len(patients) > 1]


def _flat(units: Iterable[Unit]) -> Iterable[Placed]:
    return (each for unit in units for each in unit)


def _individual(each: Placed) -> Individual:
    one = each.candidate
    return Individual(one.patient_id, one.age, one.sex, one.site, one.skin_type)


def _privacy(private: Anonymised) -> dict[str, Any]:
    return {
        "k": private.k,
        "reached": private.reached,
        "levels": dict(private.levels),
        "suppressed": private.suppressed,
        "dropped": private.dropped,
        "table": list(private.table),
    }


def _together(chosen: Sequence[Placed], groups: Iterable[frozenset[str]]) -> dict[str, int]:
    there = {each.image_id for each in chosen}
    several = [group & there for group in groups if len(group & there) > 1]
    return {"groups": len(several), "units": sum(map(len, several))}


def _shares(agreement: Agreement) -> dict[str, Any]:
    """Of images with a verdict by readings, and of the plan's sources and kinds."""
    after_two = agreement.arbitrated + agreement.disputed
    read = agreement.read
    return {
        "images_read": read,
        "share_disputed_after_two": round(after_two / read, 4) if read else None,
        "share_disputed_after_three": round(agreement.disputed / read, 4) if read else None,
    }
