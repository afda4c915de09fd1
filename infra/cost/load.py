"""How often each act is done at a load, and what the functions take for it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import exp
from typing import Final

from infra.cost.assumptions import Assumptions
from infra.cost.releases import Releases
from infra.cost.units import READ_BLOCK, read_units
from infra.cost.usage import Act, Usage

HOURS: Final = 730
"""Of a month, as AWS counts."""
DAYS_A_YEAR: Final = 365.25
SECONDS_A_YEAR: Final = DAYS_A_YEAR * 24 * 3600
SWEEPS: Final = HOURS * 60
EVERY_FIVE_MINUTES: Final = HOURS * 12
VCPU_MEGABYTES: Final = 1_769
"""With so much memory a function has one whole vCPU, with less a part of one (Lambda Developer Guide,
"Configure Lambda function memory")."""
READINGS: Final = 2
"""Of each image."""
ON_THE_CLOCK: Final = frozenset({"sweep", "measure_agreement", "compare_pictures", "seal_audit"})
FIGURES_SECONDS: Final = 900
"""After so long `measure_agreement` is stopped (.chalice/config.json)."""
PAGE_BYTES: Final = 1024**2
"""Of one answer of DynamoDB."""

SEALED, NO_SEAL = "seal the records of one image", "seal, nothing to do"
SWEPT, NO_SWEEP = "sweep, one case without a reader", "sweep, nothing to do"
DECLINED = "sweep, one declined assignment"
COMPARED, NOT_COMPARED = "compare one picture", "compare, nothing new"
ONCE_AN_IMAGE = "image slot", "upload", "classify", "assign readers", COMPARED
FIGURES, NO_FIGURES = "figures", "figures, nothing new"
LISTING, STANDING = "people.listing", "labelling.standing"


@dataclass(frozen=True)
class Load:
    """So many images a year: a month of it, and a year."""

    images: float
    usage: Usage
    assumed: Assumptions
    years: float = 1
    """For how long it has been so. What is closed stays, and the figures are made of all of it."""

    @property
    def images_a_month(self) -> float:
        return self.images / 12

    @property
    def doctors(self) -> float:
        return max(self.assumed.least_doctors, self.images / self.assumed.images_per_doctor)

    @property
    def readers(self) -> float:
        needed = READINGS * self.images / self.assumed.readings_per_reader
        return max(self.assumed.least_readers, needed)

    @property
    def seniors(self) -> float:
        return max(1.0, self.assumed.to_senior * self.images / self.assumed.readings_per_reader)

    @property
    def people(self) -> float:
        """Accounts that sign in in a month."""
        return self.doctors + self.readers + self.seniors + self.assumed.other_people

    @property
    def readings(self) -> float:
        """In a month, the seniors' among them."""
        return (READINGS + self.assumed.to_senior) * self.images_a_month

    @property
    def doctor_sessions(self) -> float:
        return self.images_a_month / self.assumed.images_per_doctor_session

    @property
    def sessions(self) -> float:
        """Sign-ins in a month, each with a visit of the pages."""
        return self.doctor_sessions + self.readings / self.assumed.readings_per_reader_session

    @cached_property
    def acts(self) -> Mapping[str, float]:
        """How often each act is done in a month.

        The clock's acts are done at each tick, with or without work: what the work adds is the
        difference, so an act "nothing to do" is counted down by those with something to do.
        """
        assumed, images = self.assumed, self.images_a_month
        surveys = images / assumed.images_per_survey
        acts = {
            **dict.fromkeys(
                ("sign in", "configuration", "vocabularies", "own account"), self.sessions
            ),
            "list of patients": self.doctor_sessions * assumed.lists_per_session,
            "survey": surveys,
            **dict.fromkeys(ONCE_AN_IMAGE, images),
            NOT_COMPARED: EVERY_FIVE_MINUTES - images,
            "look at the image": images * assumed.looks_at_image,
            "look at the patient": surveys * assumed.looks_at_patient,
            "look at a hand": self.readings * assumed.looks_at_hand,
            SWEPT: images * assumed.overdue_per_image,
            # As if each were sent by itself; a page of the gallery sends up to a hundred at once.
            "note a look": images * assumed.released_share,
            **dict.fromkeys(("give a unit", "take a result"), self.releases.units_tested),
            **self._labelling(),
        }
        admitted = sum(times for name, times in acts.items() if self._asks_who(name))
        acts["authorize"] = admitted / assumed.requests_per_authorization
        records = sum(times * self.usage.acts[name].records for name, times in acts.items())
        acts[SEALED] = records / -self.usage.acts[SEALED].records
        swept = acts[SWEPT] + acts[DECLINED]
        return {**acts, NO_SEAL: EVERY_FIVE_MINUTES - acts[SEALED], NO_SWEEP: SWEEPS - swept}

    def _labelling(self) -> dict[str, float]:
        """What readers do, and what follows from it. A case is settled when its last reading is final."""
        assumed, images = self.assumed, self.images_a_month
        arbitrated, declined = images * assumed.to_senior, self.readings * assumed.declined
        undone = self.readings * assumed.undone
        events = images + arbitrated  # a verdict, and that a senior is needed
        return {
            "submit a reading": self.readings + undone,
            "look for a reader's next case": self.readings + undone + declined,
            "take a reading back": undone,
            "ask for more time": self.readings * assumed.renewed,
            **dict.fromkeys(("decline an image", "find another reader", DECLINED), declined),
            "settle, two agree": images - arbitrated,
            "settle, a senior is asked": arbitrated,
            "settle, a senior has read": arbitrated,
            "share an event out": events,
            "deliver an event": events * assumed.receivers,
            "look at own figures": self.readings / assumed.readings_per_reader_session,
            FIGURES: self.figures_computed,
            NO_FIGURES: EVERY_FIVE_MINUTES - self.figures_computed,
        }

    @property
    def figures_computed(self) -> float:
        """How often in a month: when a case was closed since the last tick (at random, in working
        hours), and once an hour at least (chalicelib/labelling/measuring.py)."""
        working = self.assumed.working_hours / 12
        ticks = EVERY_FIVE_MINUTES / HOURS
        closed = self.images_a_month / (working * ticks)
        return HOURS - working + working * max(1.0, ticks * (1 - exp(-closed)))

    @cached_property
    def releases(self) -> Releases:
        return Releases(self.images, self.years, self.assumed)

    @property
    def closed_cases(self) -> float:
        """All there are in the end."""
        return self.images * self.years

    @cached_property
    def case_seconds(self) -> float:
        """What one closed case adds to the computation of the figures."""
        share = self._share("measure_agreement")
        page = self.usage.case_bytes / PAGE_BYTES
        return (self.usage.case_ms / share + page * self.assumed.dynamodb_page_ms) / 1000

    @cached_property
    def figures(self) -> Act:
        """The computation with all closed cases, or with as many as its time lets it read."""
        act = self.usage.acts[FIGURES]
        most = (FIGURES_SECONDS - self.seconds(act)) / self.case_seconds
        cases = min(self.closed_cases, most)
        read = cases * self.usage.case_bytes
        standing = act.read_units.get(STANDING, 0) + read / READ_BLOCK / 2
        return replace(
            act,
            compute_ms=act.compute_ms + cases * self.usage.case_ms,
            calls={**act.calls, "dynamodb_page.Query": read / PAGE_BYTES},
            read_units={**act.read_units, STANDING: standing},
            stored_bytes={},  # each run puts its figures in the place of the last
        )

    def act(self, name: str) -> Act:
        """An act as it is at this load."""
        return self.figures if name == FIGURES else self.usage.acts[name]

    def _asks_who(self, name: str) -> bool:
        """Whether an act is a request that only an admitted person may make."""
        public = ("configuration", "vocabularies")
        return self.usage.acts[name].function == "api_handler" and name not in public

    @cached_property
    def invocations(self) -> Mapping[str, float]:
        """In a month, by function."""
        made = dict.fromkeys(self.usage.megabytes, 0.0)
        for name, times in self.acts.items():
            function = self.usage.acts[name].function
            if function is not None:
                made[function] += times
        return made

    @cached_property
    def cold_starts(self) -> Mapping[str, float]:
        """Containers started in a month, by function.

        An invocation meets no warm container when none came in the time that one is kept; in working
        hours they come at random (Poisson). The clock's functions stay warm.
        """
        started = {}
        for function, made in self.invocations.items():
            an_hour = made / (self.assumed.working_hours / 12)
            is_cold = exp(-an_hour * self.assumed.warm_minutes / 60)
            started[function] = 0.0 if function in ON_THE_CLOCK else made * is_cold
        return started

    def seconds(self, act: Act) -> float:
        """How long one invocation takes: our work on its share of a vCPU, and waiting for AWS."""
        if act.function is None:
            return 0.0
        waits = sum(
            times * self.assumed.milliseconds(call.partition(".")[0])
            for call, times in act.calls.items()
        )
        return (act.compute_ms / self._share(act.function) + waits) / 1000

    @cached_property
    def gigabyte_seconds(self) -> float:
        """Of all functions in a month, their starts included."""
        working = sum(
            times * self.seconds(self.act(name)) * self._gigabytes(self.act(name))
            for name, times in self.acts.items()
        )
        working += self.releases.seconds * self.usage.megabytes["build_release"] / 1024
        return working + sum(
            times * self.start_seconds(function) * self.usage.megabytes[function] / 1024
            for function, times in self.cold_starts.items()
        )

    def start_seconds(self, function: str) -> float:
        return self.usage.start_ms[function] / self._share(function) / 1000

    def _share(self, function: str) -> float:
        """Of a vCPU."""
        return min(1.0, self.usage.megabytes[function] / VCPU_MEGABYTES)

    def _gigabytes(self, act: Act) -> float:
        return self.usage.megabytes[act.function] / 1024 if act.function else 0.0

    def write_units(self, place: str = "") -> float:
        """In a month: of a table or `table.index`, or of all."""
        return sum(
            times * units
            for name, times in self.acts.items()
            for where, units in self.usage.acts[name].write_units.items()
            if place in ("", where)
        )

    def read_units(self, place: str = "") -> float:
        """The same for reads. The list of readers is as long as there are readers."""
        return sum(
            times * (self.listing_units if where == LISTING else units)
            for name, times in self.acts.items()
            for where, units in self.act(name).read_units.items()
            if place in ("", where)
        )

    @property
    def listing_units(self) -> float:
        """Read units of one search for readers: all experts, and all senior ones."""
        lists = ([round(n * self.usage.account_bytes)] for n in (self.readers, self.seniors))
        return sum(read_units(sizes, consistent=False) for sizes in lists)

    def calls_of(self, *operations: str) -> float:
        """In a month."""
        return sum(
            times * self.usage.acts[name].calls_of(*operations) for name, times in self.acts.items()
        )

    def stored_bytes(self, *, indexes: bool) -> float:
        """By how much the tables grow in a year, with or without their indexes."""
        return 12 * sum(
            times * grown
            for name, times in self.acts.items()
            for where, grown in self.act(name).stored_bytes.items()
            if indexes or "." not in where
        )

    @property
    def requests(self) -> float:
        """To the API in a month."""
        return self.invocations["api_handler"]

    @property
    def peak(self) -> float:
        """The busiest second of the year beside its mean second."""
        hours = DAYS_A_YEAR * 24 / self.assumed.working_hours
        return hours * self.assumed.busiest_hour * self.assumed.busiest_second

    def a_second(self, in_a_month: float, *, peak: bool = True) -> float:
        """A month's number as one of the busiest second (or of the mean one)."""
        return in_a_month * 12 / SECONDS_A_YEAR * (self.peak if peak else 1)
