"""The report on agreement as it is stored and answered; `figures` computes it.

No personal data: images, accounts and clinics appear by their opaque ids. Every list is capped, so that
the report stays below 300 KB whatever the number of readers. Numbers are rounded to four digits.
"""

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Annotated, Final

from pydantic import Field

from chalicelib.platform.http.fields import Answer
from chalicelib.platform.language import Text
from chalicelib.platform.lesion_classes import LesionClass

UNUSABLE: Final = "unusable"
"""Stands for the diagnosis where a reader called the image unusable."""
MOST_PAIRS: Final = 50
MOST_CLINICS: Final = 50
MOST_MONTHS: Final = 36
MOST_EXPERTS: Final = 100
MOST_DOUBTFUL: Final = 50
MOST_OVERTURNED: Final = 100
PAIR_CASES: Final = 20
"""Two readers are compared with each other when they share as many cases."""
PUBLISHED_AFTER_TWO: Final = 0.25
PUBLISHED_AFTER_THREE: Final = 0.04


@dataclass(frozen=True, kw_only=True)
class Bar:
    """What a reader is to reach where the truth is known; a pause is suggested below it.

    The upper end of his 95 % interval is held against the bar, so that bad luck alone pauses nobody.
    """

    cases: int = 30
    """Malignant ones before sensitivity is judged, benign ones before specificity is."""
    sensitivity: float = 0.75
    specificity: float = 0.5


class Measure(StrEnum):
    """What a reader fell short in."""

    SENSITIVITY = auto()
    SPECIFICITY = auto()


class Figure(Answer):
    """A figure and its 95 % interval; null where it is not defined."""

    value: float | None
    low: float | None
    high: float | None


class Share(Answer):
    """So many of so many, with Wilson's 95 % interval; null where there was nothing to count."""

    count: int
    of: int
    value: float | None
    low: float | None
    high: float | None


class Disputed(Share):
    """A share of disputed cases beside the published one."""

    published: Annotated[
        float, Field(description="Up to this share, in the practice of the published platform.")
    ]


class Counts(Answer):
    """Cases by how far they came and what decided them."""

    cases: Annotated[int, Field(description="All cases the report has seen.")]
    two_agree: int
    arbitration: int
    disputed: int
    unfinished: Annotated[int, Field(description="Readings are not complete; the truth is known.")]
    truth_known: Annotated[int, Field(description="Histology or follow-up has spoken.")]
    overturned: Annotated[int, Field(description="Of these, how many have another verdict.")]


class Agreement(Answer):
    """The first readings of some cases: each case two, made blind."""

    cases: int
    raw_agreement: Figure
    cohen_kappa: Annotated[
        Figure, Field(description=f"The mean over pairs of readers with {PAIR_CASES} shared cases.")
    ]
    fleiss_kappa: Figure
    krippendorff_alpha: Figure


class PairAgreement(Agreement):
    account_ids: list[str]


class ClassAgreement(Agreement):
    """On whether a case is of this class or of another."""

    diagnosis: LesionClass


class ClinicAgreement(Agreement):
    clinic_id: str


class MonthAgreement(Agreement):
    month: Annotated[str, Field(description="In which the cases were closed (UTC), YYYY-MM.")]


class ConfusedPair(Answer):
    """How many cases two first readers called `one` and `other`, whichever of them said which.

    Each is one of the nine classes, or `unusable`.
    """

    one: str
    other: str
    cases: int


class ConsensusMethod(StrEnum):
    MAJORITY = auto()
    WEIGHTED_MAJORITY = auto()
    DAWID_SKENE = auto()


class OtherRule(Answer):
    """What another rule would have made of the same readings, arbitration among them."""

    rule: ConsensusMethod
    compared: Annotated[int, Field(description="Cases with a verdict where it decides too.")]
    differ: Annotated[int, Field(description="Of these, how many it calls something else.")]
    undecided: Annotated[int, Field(description="Cases with a verdict that it leaves open.")]
    settled: Annotated[int, Field(description="Disputed cases that it would have decided.")]


class Doubtful(Answer):
    """A case whose verdict differs from the most probable class by Dawid and Skene."""

    image_id: str
    verdict: LesionClass
    dawid_skene: LesionClass
    probability: Annotated[float, Field(description="Of that class, given all readings.")]


class Sentence(Answer):
    ru: str
    en: str


class Pause(Answer):
    """Why a reader had better pause and talk with the curator."""

    measure: Measure
    cases: int
    high: Annotated[float, Field(description="The upper end of his 95 % interval.")]
    bar: float
    reason: Sentence


class ExpertFigures(Answer):
    """One reader. Sensitivity and specificity are those for malignancy, against the known truth."""

    account_id: str
    readings: Annotated[int, Field(description="First readings that entered a case.")]
    arbitrations: int
    probes: Annotated[int, Field(description="Gold cases and cases read again.")]
    unknown: Annotated[int, Field(description="Readings of any kind that say `unknown`.")]
    unusable: Annotated[int, Field(description="Readings of any kind that say `unusable`.")]
    agreement: Annotated[Share, Field(description="With the other first reader.")]
    with_verdict: Annotated[Share, Field(description="First readings equal to the verdict.")]
    sensitivity: Annotated[Share, Field(description="`unknown` counts as a miss.")]
    specificity: Annotated[Share, Field(description="`unknown` counts as a false alarm.")]
    median_seconds: float | None
    consistency: Annotated[Share, Field(description="Cases read again and called the same.")]
    gold: Annotated[Share, Field(description="Gold cases called by their very class.")]
    suggest_pause: Pause | None


class ModelFigures(Answer):
    """The model, judged like a reader: abstaining counts as saying `unknown`."""

    asked: Annotated[int, Field(description="Cases it answered, or abstained from.")]
    abstained: Share
    sensitivity: Share
    specificity: Share
    melanoma_auc: Annotated[Figure, Field(description="Melanoma or not, by its probability.")]
    malignancy_auc: Annotated[Figure, Field(description="By its malignant classes together.")]


class FiguresOfOneModel(ModelFigures):
    """One model, over the cases that were opened with its opinion.

    A case keeps that opinion: a model that judged the image later, perhaps having learnt from its
    label, is not scored on it.
    """

    name: Annotated[str | None, Field(description="Null: not noted in cases of that time.")]
    version: str | None


class Overturned(Answer):
    """A case whose truth contradicts what its readers made of it."""

    image_id: str
    verdict: LesionClass
    truth: LesionClass
    closed_at: str


class AgreementReport(Agreement):
    """How far the labels can be trusted; the figures of all cases together stand at the top."""

    computed_at: str
    counts: Counts
    disputed_after_two: Annotated[
        Disputed, Field(description="Not settled by the first two readings.")
    ]
    disputed_after_three: Annotated[Disputed, Field(description="Settled by no reading.")]
    confusion: Annotated[list[ConfusedPair], Field(description="The most frequent pair first.")]
    by_pair: Annotated[
        list[PairAgreement],
        Field(description=f"Readers with {PAIR_CASES} shared cases; the {MOST_PAIRS} with most."),
    ]
    by_class: list[ClassAgreement]
    by_clinic: Annotated[
        list[ClinicAgreement], Field(description=f"The {MOST_CLINICS} with most cases.")
    ]
    by_month: Annotated[list[MonthAgreement], Field(description=f"The last {MOST_MONTHS} months.")]
    other_rules: list[OtherRule]
    doubtful: Annotated[
        list[Doubtful], Field(description=f"The {MOST_DOUBTFUL} with the least probability.")
    ]
    by_expert: Annotated[
        list[ExpertFigures], Field(description=f"The {MOST_EXPERTS} with most readings.")
    ]
    model: Annotated[ModelFigures, Field(description="Whichever model was active for a case.")]
    models: Annotated[
        list[FiguresOfOneModel],
        Field(default_factory=list, description="Each of them, by name and version."),
    ]
    overturned: Annotated[
        list[Overturned], Field(description=f"The {MOST_OVERTURNED} closed last.")
    ]


PAUSE: Final = {
    Measure.SENSITIVITY: Text(
        "Из {cases} подтверждённых злокачественных образований узнано {count}: даже верхняя граница "
        "95 % интервала, {high}, ниже порога {bar}.",
        "Of {cases} lesions proven malignant, {count} were recognised: even the upper end of the 95 % "
        "interval, {high}, is below the bar of {bar}.",
    ),
    Measure.SPECIFICITY: Text(
        "Из {cases} подтверждённых доброкачественных образований доброкачественными названо {count}: "
        "даже верхняя граница 95 % интервала, {high}, ниже порога {bar}.",
        "Of {cases} lesions proven benign, {count} were called benign: even the upper end of the 95 % "
        "interval, {high}, is below the bar of {bar}.",
    ),
}
