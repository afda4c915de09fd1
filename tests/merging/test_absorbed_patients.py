"""What a patient who absorbs another knows afterwards."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.merging.model import absorbed
from chalicelib.patients.choices import Sex
from chalicelib.patients.model import Consent, Merged, Patient
from tests.merging.clinic import REASON
from tests.world import START

CONSENTS = st.builds(
    Consent,
    research=st.just(True),
    publication=st.booleans(),
    given_at=st.integers(0, 50).map(lambda n: START + timedelta(hours=n)),
    recorded_by=st.sampled_from(["doctor1", "doctor2"]),
)


def _patient(patient_id: str, consents: list[Consent], days: list[int]) -> Patient:
    *past, last = sorted(consents, key=lambda consent: consent.given_at)
    return Patient(
        patient_id=patient_id,
        clinic_id="clinic1",
        sex=Sex.FEMALE,
        birth_year=1975,
        first_visit=date(2026, 1, min(days)),
        last_visit=date(2026, 1, max(days)),
        consent=last,
        confirmed_at=last.given_at,
        past_consents=tuple(past),
        codes=frozenset({f"code of {patient_id}"}),
        revision=1,
    )


@given(
    st.lists(CONSENTS, min_size=1, max_size=4),
    st.lists(CONSENTS, min_size=1, max_size=4),
    st.lists(st.integers(1, 28), min_size=2, max_size=2),
)
def test_no_consent_is_lost_and_the_last_word_holds(
    ours: list[Consent], theirs: list[Consent], days: list[int]
) -> None:
    merged = Merged(at=START, by="doctor1", duplicate_id="b", reason=REASON)
    kept, duplicate = _patient("a", ours, days), _patient("b", theirs, [1, 28])
    after = absorbed(kept, duplicate, merged)
    assert {after.consent, *after.past_consents} == {*ours, *theirs}
    assert after.confirmed_at == max(consent.given_at for consent in (*ours, *theirs))
    assert after.consent.given_at == after.confirmed_at
    assert list(after.past_consents) == sorted(after.past_consents, key=lambda c: c.given_at)
    assert (after.first_visit, after.last_visit) == (date(2026, 1, 1), date(2026, 1, 28))
    assert after.codes == {"code of a", "code of b"}
    assert after.merges == (merged,)
