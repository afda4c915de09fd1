"""The steps of a selection that look at one image at a time: may it be in this dataset at all?"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.datasets.looks.model import Look
from chalicelib.datasets.manifest import TECHNICAL_DEFECT
from chalicelib.datasets.model import Access
from chalicelib.datasets.planning.conditions import holds, sentence
from chalicelib.datasets.planning.plan import Condition, Plan, Role
from chalicelib.datasets.selection.candidate import Candidate, of_sources, suffices
from chalicelib.datasets.selection.flow import Flow
from chalicelib.datasets.selection.licensing import allows
from chalicelib.images.model import State
from chalicelib.platform.language import Text

Keeps = Callable[[Candidate], bool]

_LEVELS: Final = ("low", "medium", "high")
LONGEST: Final = 200
"""Characters of a criterion in a flow; the plan has it whole."""
SOURCES: Final = Text("Источники плана", "The plan's sources")
KINDS: Final = Text("Вид снимка", "Kind of image")
LABELLED: Final = Text("С меткой, не спорные", "Labelled, and not disputed")
CLASSES: Final = Text("Классы плана", "The plan's classes")
VERIFIED: Final = Text("Уровень верификации", "Level of verification")
CONSENTED: Final = Text("Согласие", "Consent")
LICENSED: Final = Text("Лицензия источника", "The source's licence")
SUCCESSOR: Final = Text("Состав прежнего выпуска", "What the release before had")
LOOKED_AT: Final = Text("Просмотр куратором", "The curator's look")
INCLUSION: Final = Text("Критерий включения", "Criterion of inclusion")
NON_INCLUSION: Final = Text("Критерий невключения", "Criterion of non-inclusion")
EXCLUSION: Final = Text("Критерий исключения", "Criterion of exclusion")


@dataclass(frozen=True)
class Agreement:
    """How often the readers of the images in question disagreed: of those with a verdict by readings."""

    read: int
    arbitrated: int
    disputed: int


@dataclass(frozen=True)
class Classes:
    """Which class of a plan an image is in."""

    of_diagnosis: Mapping[str, str]
    defect: str | None

    @classmethod
    def of(cls, plan: Plan) -> "Classes":
        defects = (each.key for each in plan.classes if each.role is Role.DEFECT)
        return cls(
            {str(one): each.key for each in plan.classes for one in each.diagnoses},
            next(defects, None),
        )

    def key(self, candidate: Candidate) -> str | None:
        """The class's key; None where it is in none. A defect is a defect, whatever the lesion is."""
        if candidate.look is Look.TECHNICAL_DEFECT:
            return self.defect
        return self.of_diagnosis.get((candidate.label or {}).get("diagnosis", ""))

    def diagnosis(self, candidate: Candidate) -> str:
        if candidate.look is Look.TECHNICAL_DEFECT:
            return TECHNICAL_DEFECT
        return str((candidate.label or {})["diagnosis"])


def admissible(
    plan: Plan,
    candidates: Sequence[Candidate],
    flow: Flow,
    *,
    only: frozenset[str] | None,
) -> tuple[list[Candidate], Agreement]:
    """Those that meet every criterion but the curator's look, and how their readers agreed."""
    flow.begin(candidates)
    left = list(candidates)
    if only is not None:
        reason = Text("не было в прежнем выпуске", "not in the release before")
        left = flow.keep(
            "successor", SUCCESSOR, reason, left, (c for c in left if c.image_id in only)
        )
    agreement = Agreement(0, 0, 0)
    for step, title, reason, keeps in _steps(plan):
        if step == "labelled":
            agreement = _agreement(left)
        left = flow.keep(step, title, reason, left, filter(keeps, left))
    return left, agreement


def _steps(plan: Plan) -> list[tuple[str, Text, Text, Keeps]]:
    classes, sources, kinds = Classes.of(plan), set(plan.sources), set(plan.kinds)
    lowest = _LEVELS.index(plan.verification)

    def verified(one: Candidate) -> bool:
        if one.look is Look.TECHNICAL_DEFECT:
            return True
        level = (one.label or {}).get("verification", "low")
        return _LEVELS.index(level) >= lowest

    steps: list[tuple[str, Text, Text, Keeps]] = [
        (
            "sources",
            SOURCES,
            Text("из других источников", "from other sources"),
            lambda one: of_sources(sources, one.clinic_id, one.source),
        ),
        (
            "kind",
            KINDS,
            Text("снимки другого вида", "images of another kind"),
            lambda one: one.kind in kinds,
        ),
        (
            "labelled",
            LABELLED,
            Text("без метки, спорные или ещё читаются", "not labelled, disputed or still read"),
            lambda one: one.settled or one.look is Look.TECHNICAL_DEFECT,
        ),
        (
            "class",
            CLASSES,
            Text("диагноз вне классов плана", "a diagnosis outside the plan's classes"),
            lambda one: classes.key(one) is not None,
        ),
        (
            "verification",
            VERIFIED,
            Text("метка верифицирована слабее", "the label is verified less"),
            verified,
        ),
        (
            "consent",
            CONSENTED,
            Text("нет согласия, или оно отозвано", "no consent, or withdrawn"),
            lambda one: suffices(one.consent, plan.access),
        ),
        (
            "licence",
            LICENSED,
            Text("лицензия источника не позволяет", "the source's licence does not allow it"),
            # Nobody gets a hidden set, so nothing of it is given on under any licence.
            lambda one: plan.access is Access.HIDDEN or allows(one.licence, plan.licence),
        ),
    ]
    for number, condition in enumerate(plan.inclusion, 1):
        steps.append(_criterion("inclusion", number, INCLUSION, condition, wanted=True))
    for number, condition in enumerate(plan.non_inclusion, 1):
        step = _criterion("non_inclusion", number, NON_INCLUSION, condition, wanted=False)
        steps.append(step)
    for number, condition in enumerate(plan.exclusion, 1):
        steps.append(_criterion("exclusion", number, EXCLUSION, condition, wanted=False))
    return steps


def _criterion(
    name: str, number: int, title: Text, condition: Condition, *, wanted: bool
) -> tuple[str, Text, Text, Keeps]:
    """What is not recorded is not included, and is not excluded either."""
    said = _brief(sentence(condition))
    reason = (
        Text(f"не выполнено или не записано: {said.ru}", f"not so, or not recorded: {said.en}")
        if wanted
        else said
    )

    def keeps(one: Candidate) -> bool:
        facts = {condition.field: one.fact(condition.field)}
        return (holds(condition, facts) is True) is wanted

    return f"{name}_{number}", title, reason, keeps


def _brief(said: Text) -> Text:
    """As much of a condition with fifty values as has room in a diagram."""
    return Text(*(f"{each[:LONGEST]}…" if len(each) > LONGEST else each for each in said))


def _agreement(candidates: Sequence[Candidate]) -> Agreement:
    rules = [(one.label or {}).get("rule") for one in candidates if one.state is State.LABELLED]
    disputed = sum(one.state is State.DISPUTED for one in candidates)
    arbitrated = rules.count("arbitration")
    read = rules.count("two_agree") + arbitrated + disputed
    return Agreement(read, arbitrated, disputed)
