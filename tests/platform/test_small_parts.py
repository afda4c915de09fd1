"""Settings, ids, languages, cursors, limits and the due index."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.platform import limits
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.cursors import Cursors
from chalicelib.platform.due import due, overdue
from chalicelib.platform.errors import Invalid, TooMany
from chalicelib.platform.ids import Ids
from chalicelib.platform.language import Text, preferred
from chalicelib.platform.settings import Settings, SettingsError
from tests.world import START, World

IDS = Ids(b"a key of the tests, long enough.")


def test_settings_that_lack_something_say_what_and_where_to_read_about_it(world: World) -> None:
    incomplete = {**world.environment, "RODINKA_ISSUER": "not an address"}
    del incomplete["RODINKA_TABLE_CASES"]
    with pytest.raises(SettingsError) as refused:
        Settings.load(incomplete)
    sentence = str(refused.value)
    assert "RODINKA_TABLE_CASES" in sentence
    assert "RODINKA_ISSUER" in sentence
    assert "docs/running.md" in sentence


def test_settings_never_repeat_the_signing_key(world: World) -> None:
    environment = {**world.environment, "RODINKA_SIGNING_KEY": "too short but secret"}
    with pytest.raises(SettingsError) as refused:
        Settings.load(environment)
    assert "too short but secret" not in str(refused.value)
    assert world.environment["RODINKA_SIGNING_KEY"] not in repr(world.platform.settings)


@given(st.lists(st.text(max_size=8), max_size=4), st.lists(st.text(max_size=8), max_size=4))
def test_derived_ids_are_equal_only_for_equal_parts(one: list[str], other: list[str]) -> None:
    assert (IDS.derived(*one) == IDS.derived(*other)) == (one == other)


def test_new_ids_differ_and_are_safe_in_a_url() -> None:
    made = {IDS.new() for _ in range(500)}
    assert len(made) == 500
    assert all(text.isalnum() and text.islower() and text.isascii() for text in made)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "ru"),
        ("", "ru"),
        ("en", "en"),
        ("en-GB,ru;q=0.9", "en"),
        ("de,en;q=0.3", "en"),
        ("de", "ru"),
        ("ru;q=0.2, en;q=0.8", "en"),
        ("en;q=zero", "ru"),
        ("*", "ru"),
    ],
)
def test_the_preferred_language_is_chosen(header: str | None, language: str) -> None:
    assert preferred(header) == language


@given(st.datetimes())
def test_timestamps_sort_as_time_does(naive: object) -> None:
    earlier, later = START, START + timedelta(microseconds=1)
    assert timestamp(earlier) < timestamp(later)
    assert moment(timestamp(later)) == later


def test_a_cursor_opens_only_for_the_list_and_caller_it_was_made_for() -> None:
    cursors = Cursors(IDS)
    sealed = cursors.seal({"pk": "patient#1", "sk": "patient"}, scope="clinic1")
    assert sealed is not None
    assert cursors.open(sealed, scope="clinic1") == {"pk": "patient#1", "sk": "patient"}
    for scope, text in [("clinic2", sealed), ("clinic1", sealed[:-2] + "AA"), ("clinic1", "!")]:
        with pytest.raises(Invalid) as refused:
            cursors.open(text, scope=scope)
        assert list(refused.value.fields) == ["cursor"]


@given(st.text(max_size=80))
def test_no_text_opens_as_a_cursor_or_fails_otherwise(text: str) -> None:
    with pytest.raises(Invalid):
        Cursors(IDS).open(text, scope="clinic1")


def test_the_limit_holds_within_its_window_and_opens_with_the_next(world: World) -> None:
    limit = limits.Limit("lookup", 3, timedelta(hours=1), Text("Подождите.", "Wait."))
    for _ in range(3):
        limits.count(world.platform.people, world.clock, "doctor1", limit)
    with pytest.raises(TooMany) as refused:
        limits.count(world.platform.people, world.clock, "doctor1", limit)
    assert 0 < refused.value.retry_after <= 3600
    limits.count(world.platform.people, world.clock, "doctor2", limit)
    world.clock.advance(seconds=refused.value.retry_after)
    limits.count(world.platform.people, world.clock, "doctor1", limit)


def test_the_due_index_yields_what_is_overdue_and_nothing_else(world: World) -> None:
    table = world.platform.cases
    for n in range(500):
        key = (f"thing#{n}", "thing")
        table.insert(key, {"n": n, **due(key, START + timedelta(minutes=n))})
    world.clock.advance(minutes=299)
    found = [item["n"] for item in overdue(table, now=world.clock.now())]
    assert sorted(found) == list(range(300)), "more than a page of each shard"


def test_a_day_begins_with_the_easternmost_clinic(world: World) -> None:
    assert world.platform.settings.utc_offset_hours == 3
    world.clock.moment = START.replace(hour=20, minute=59)
    assert world.platform.today() == START.date()
    world.clock.advance(minutes=1)
    assert world.platform.today() == START.date() + timedelta(days=1)
