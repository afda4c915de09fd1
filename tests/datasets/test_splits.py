"""Nobody stands in two splits, nor do patients whose images are nearly the same; classes are shared out."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.datasets.planning.plan import Split
from chalicelib.datasets.selection.splits import Member, split, summary

THREE = [
    Split(name=name, share=share)
    for name, share in (("train", 0.7), ("validation", 0.15), ("test", 0.15))
]
members = st.lists(
    st.builds(
        lambda image, patient, key: Member(f"i{image}", f"p{patient}", key),
        st.integers(0, 200),
        st.integers(0, 20),
        st.sampled_from(["nevus", "melanoma"]),
    ),
    unique_by=lambda member: member.image_id,
    max_size=60,
)
links = st.lists(st.sets(st.sampled_from([f"p{n}" for n in range(21)]), min_size=2), max_size=6)


@given(members, links)
@settings(max_examples=50, deadline=None)
def test_patients_and_those_linked_to_them_stay_together(
    several: list[Member], linked: list[set[str]]
) -> None:
    parts = split(several, linked, THREE, "seed")
    assert set(parts) == {member.image_id for member in several}
    of_patient: dict[str, set[str]] = {}
    for member in several:
        of_patient.setdefault(member.patient_id, set()).add(parts[member.image_id])
    assert all(len(each) == 1 for each in of_patient.values())
    for patients in linked:
        assert len(set().union(*(of_patient.get(each, set()) for each in patients))) <= 1


@given(st.integers(0, 80), st.integers(0, 80), st.integers())
@settings(max_examples=25, deadline=None)
def test_where_each_patient_has_one_unit_every_class_is_shared_out_as_planned(
    nevi: int, melanomas: int, seed: int
) -> None:
    several = [Member(f"n{n}", f"n{n}", "nevus") for n in range(nevi)]
    several += [Member(f"m{n}", f"m{n}", "melanoma") for n in range(melanomas)]
    parts = split(several, [], THREE, str(seed))
    found = Counter((parts[member.image_id], member.class_key) for member in several)
    for each in THREE:
        for key, number in (("nevus", nevi), ("melanoma", melanomas)):
            assert abs(found[each.name, key] - each.share * number) <= 1


def test_a_plan_without_splits_has_one() -> None:
    several = [Member("a", "p1", "nevus"), Member("b", "p1", "melanoma")]
    parts = split(several, [], [], "seed")
    assert summary(several, parts) == {
        "all": {"units": 2, "patients": 1, "classes": {"melanoma": 1, "nevus": 1}}
    }
