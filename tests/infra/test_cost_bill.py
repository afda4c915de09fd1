"""The bill against one that was reckoned by hand, and what must hold of every bill."""

from dataclasses import fields, replace
from itertools import pairwise
from math import exp
from pathlib import Path

import pytest

from infra.cost import assumptions, figures
from infra.cost.assumptions import Assumptions
from infra.cost.bill import SERVICES, Line, bill, total
from infra.cost.prices import Prices
from infra.cost.tables import LOADS
from tests.infra.costing import WHOLE_CORE, act, load, sources, usage

PRICES = Prices.load()
POLLS = 4 * 5 * 730 * 3600 / 20
"""Of the queues of labelling, webhooks, builds and evaluations."""
NO_RELEASES = {"releases_a_year": 0, "tests_a_year": 0}


def lines_of(*, years: float = 1) -> dict[str, Line]:
    """A thousand images a month, each with two write units, one object and 100 ms of work."""
    classify = act(
        "classify",
        calls={"s3.PutObject images/clean": 1, "kms.GenerateMac": 1},
        write_units={"cases": 1, "cases.due": 1},
        stored_bytes={"cases": 500, "cases.due": 0},
        compute_ms=100.0,
    )
    made = bill(
        load(12_000, usage(classify=classify), s3_ms=40, kms_ms=10, **NO_RELEASES),
        PRICES,
        years=years,
    )
    return {f"{line.service}: {line.what}": line for line in made}


def test_a_small_bill_is_what_the_hand_reckons() -> None:
    lines = lines_of()

    def dollars(name: str) -> float:
        return lines[name].dollars

    assert dollars("DynamoDB: writes, with indexes") == pytest.approx(2_000 * 0.7625e-6)
    assert dollars("S3: objects put and copied") == pytest.approx(1_000 * 0.0054 / 1_000)
    # 12 doctors, 3 readers at least (24,000 readings are the work of 2.7), 1 senior, 2 others.
    assert dollars("Cognito: people who sign in") == pytest.approx(18 * 0.015)
    # 2,250 readings, 45 of them taken back and 45 declined; 250 images go to a senior. Messages: a case
    # for each image, a reader for each submission and declining, another for the declined, a verdict or
    # a senior for each round; of events, two for each verdict and each image for a senior.
    messages = 1_000 + (2_250 + 45 + 45) + 45 + (750 + 250 + 250) + 2 * (1_000 + 250)
    sent = 3 * messages + POLLS
    assert dollars("SQS: messages, empty polls") == pytest.approx(sent * 0.4e-6)
    # 100 ms of work on a whole core, and 50 ms of waiting, a thousand times; and figures of 12,000 cases,
    # 2,000 bytes each, a page in 50 ms: each hour, and in working hours at each tick after a case was
    # closed, of which there is half a one in five minutes.
    runs = 730 - 2_000 / 12 + 2_000 * (1 - exp(-0.5))
    pages = 12_000 * 2_000 / 1024**2
    seconds = 1_000 * (0.100 + 0.040 + 0.010) + runs * pages * 0.050
    memory = WHOLE_CORE / 1024
    assert lines["Lambda: memory × time"].amount == pytest.approx(seconds * memory)
    assert dollars("Lambda: memory × time") == pytest.approx(seconds * memory * 0.0000166667)
    # One image's 12,000 a year, at the end of the year: 500 bytes each in the table.
    stored = 12_000 * 500 / 1024**3
    assert dollars("DynamoDB: storage, with indexes") == pytest.approx(stored * 0.306)
    assert dollars("DynamoDB: recovery to a point in time") == pytest.approx(stored * 0.2448)
    # Kept for good, for 14 days, and two copies for 37, of a quarter of them a third.
    kept = 700_000 + 6_900 + 700_000 * (14 + 2.25 * 37) / 365.25
    assert dollars("S3: storage") == pytest.approx(12_000 * kept / 1024**3 * 0.0245)


def test_releases_cost_what_the_hand_reckons() -> None:
    """12,000 images a year, two releases of half of all, each chosen once and fetched three times; one
    test of 120 units a month."""
    told = {"releases_a_year": 2, "released_share": 0.5, "selections_a_release": 1}
    told |= {"fetched_a_release": 3, "tests_a_year": 12, "units_a_test": 120}
    told |= {"image_bytes": 1_000_000, "candidate_read_units": 2, "built_megabytes_s": 10}
    made = load(12_000, usage(), **told, candidate_ms=1)
    lines = {f"{each.service}: {each.what}": each for each in bill(made, PRICES, years=1)}
    # Of 3,000 images in the middle of the year, and of 6,000 at its end.
    assert lines["S3: storage of releases"].amount == pytest.approx(9_000e6 / 1024**3)
    out = (2 / 12 * 3 * 6_000 + 120) * 1e6 / 1024**3
    assert lines["Data transfer: releases and units of tests"].amount == pytest.approx(out)
    assert lines["DynamoDB: reads of selections"].amount == pytest.approx(2 / 12 * 12_000 * 2)
    assert made.releases.pictures_read == pytest.approx(2 / 12 * 6_000 + 120)
    shards = 2 / 12 * 6_000e6 / (256 * 1024**2)
    assert made.releases.shards_written == pytest.approx(shards)
    assert made.releases.messages == pytest.approx(shards + 2 / 12 * (3 + 1) + 1)
    seconds = 2 / 12 * (6_000e6 / (10 * 1024**2) + 12_000 * 0.001)
    assert made.releases.seconds == pytest.approx(seconds)


def test_releases_kept_grow_with_the_square_of_the_years() -> None:
    kept = [load(12_000, usage()).releases.stored_bytes]
    kept += [replace(load(12_000, usage()), years=10).releases.stored_bytes]
    # Four a year: of 1 + 2 + 3 + 4 quarters of a year's images, and of 1 + … + 40.
    assert kept[1] / kept[0] == pytest.approx(820 / 10)


def test_what_is_kept_for_good_grows_with_the_years_and_nothing_else_does() -> None:
    first, fifth = lines_of(), lines_of(years=5)
    grown = {name for name, line in fifth.items() if line.dollars > first[name].dollars}
    assert grown == {
        "DynamoDB: storage, with indexes",
        "DynamoDB: recovery to a point in time",
        "S3: storage",
        # The figures are made of all cases ever closed.
        "DynamoDB: reads",
        "Lambda: memory × time",
    }


def test_a_rotating_key_costs_more_after_its_first_two_rotations() -> None:
    own = usage()
    own = replace(own, standing=replace(own.standing, keys=3, rotating_keys=2))

    def keys(years: float) -> float:
        made = bill(load(12_000, own), PRICES, years=years)
        return next(line.dollars for line in made if line.what == "keys")

    assert [keys(years) for years in (1, 2, 3, 9)] == [3, 5, 7, 7]


def test_a_function_with_less_memory_takes_longer_for_the_same_work() -> None:
    own = usage(classify=act("classify", compute_ms=100.0))
    quarter = replace(own, megabytes={**own.megabytes, "classify": WHOLE_CORE // 4})
    double = replace(own, megabytes={**own.megabytes, "classify": 2 * WHOLE_CORE})
    seconds = [load(12_000, each).seconds(each.acts["classify"]) for each in (own, quarter, double)]
    assert seconds == pytest.approx([0.1, 0.4, 0.1], rel=0.01)


def test_a_rare_function_starts_cold_and_a_busy_one_hardly_ever() -> None:
    rare, busy = load(12, usage()), load(10_000_000, usage())
    assert rare.cold_starts["classify"] / rare.invocations["classify"] > 0.99
    assert busy.cold_starts["classify"] / busy.invocations["classify"] < 0.001
    assert rare.cold_starts["sweep"] == 0, "it comes each minute"


def test_the_clock_ticks_as_often_whatever_there_is_to_do() -> None:
    for images in LOADS:
        made = load(images, usage()).invocations
        assert made["sweep"] == pytest.approx(730 * 60)
        assert made["seal_audit"] == pytest.approx(730 * 12)
        assert made["measure_agreement"] == pytest.approx(730 * 12)
        assert made["compare_pictures"] == pytest.approx(730 * 12)


def test_figures_are_made_at_each_tick_of_a_busy_day_and_each_hour_of_a_quiet_one() -> None:
    computed = [load(images, usage()).acts["figures"] for images in (12, 10_000_000)]
    # 2,000 working hours a year, with twelve ticks each.
    assert computed == pytest.approx([730, 730 - 2_000 / 12 + 2_000], rel=0.01)


def test_figures_read_every_closed_case_until_their_time_is_over() -> None:
    """300 ms of a whole core a case: 3,000 cases in fifteen minutes."""
    own = replace(usage(), case_ms=300.0)
    few = load(1_000, own, dynamodb_page_ms=0)
    assert few.seconds(few.figures) == pytest.approx(300)
    assert few.figures.read_units["labelling.standing"] == pytest.approx(1_000 * 2_000 / 4096 / 2)
    two_years = replace(few, years=2)
    assert two_years.seconds(two_years.figures) == pytest.approx(600)
    many = replace(few, years=9)
    assert many.seconds(many.figures) == pytest.approx(900)
    assert many.figures.read_units["labelling.standing"] == pytest.approx(3_000 * 2_000 / 4096 / 2)


@pytest.mark.parametrize(
    ("name", "amount", "dollars"),
    [
        ("s3.storage", 51_200, 1_254.40),
        ("s3.storage", 60_000, 1_254.40 + 8_800 * 0.0235),
        ("s3.storage", 600_000, 1_254.40 + 460_800 * 0.0235 + 88_000 * 0.0225),
        ("s3.out", 20_480, 10_240 * 0.09 + 10_240 * 0.085),
        ("lambda.request", 3_000_000, 0.60),  # of an example on Lambda's price page
        ("kms.request", 10_000, 0.03),
    ],
)
def test_an_amount_is_charged_tier_by_tier(name: str, amount: float, dollars: float) -> None:
    assert PRICES.cost(name, amount) == pytest.approx(dollars)


def test_every_line_of_the_bill_has_a_price_a_unit_and_a_source_and_no_price_is_idle() -> None:
    made = sources().bill(LOADS[0])
    assert {line.service for line in made} == set(SERVICES)
    alternatives = {"lambda.gb_second_arm", "cognito.user_lite"}
    assert {line.price for line in made} | alternatives == set(PRICES.of)
    assert all(price.unit and price.source.startswith("aws.") for price in PRICES.of.values())


def test_more_images_and_more_years_never_cost_less_and_one_image_never_more() -> None:
    own = sources()
    grid = [10 ** (power / 4) for power in range(8, 33)]
    totals = [total(own.bill(images)) for images in grid]
    assert all(fewer <= more for fewer, more in pairwise(totals))
    # Beyond the largest load, the list of readers that each image reads outgrows all else.
    sane = zip(totals, grid, strict=True)
    pieces = [cost / images for cost, images in sane if images <= LOADS[-1]]
    assert all(more >= fewer for more, fewer in pairwise(pieces))
    for images in LOADS:
        years = [total(own.bill(images, year)) for year in range(1, 8)]
        assert all(sooner <= later for sooner, later in pairwise(years))


def test_assumptions_are_complete_and_each_has_its_reason(tmp_path: Path) -> None:
    entries = assumptions.stated()
    assert {entry.name for entry in entries} == {field.name for field in fields(Assumptions)}
    path = tmp_path / "assumptions.yaml"
    path.write_text("image_bytes: { value: 1 }\n")
    with pytest.raises(ValueError, match="reason"):
        assumptions.load(path)
    path.write_text("image_bytes: { value: 1, reason: so }\n")
    with pytest.raises(ValueError, match="missing"):
        assumptions.load(path)


def test_figures_show_no_more_digits_than_are_known() -> None:
    assert [figures.dollars(x) for x in (0.004, 0.0567, 9.5, 43.21, 1_234.5)] == [
        *("0", "0.06", "9.50", "43", "1,230"),
    ]
    assert [figures.a_piece(x) for x in (0.2, 0.00317, 1.26)] == ["0.20", "0.0032", "1.3"]
    assert [figures.count(x) for x in (0.0173, 44_123, 18_400_000, 2.1e9, float("inf"))] == [
        *("0.017", "44,000", "18 million", "2.1 billion", "never"),
    ]
    assert [figures.percent(x) for x in (0.00001, 0.0123, 0.5, 2.34)] == [
        *("< 0.01 %", "1.2 %", "50 %", "230 %"),
    ]
    assert [figures.price(x) for x in (0.2, 0.0000166667, 3)] == ["0.20", "0.0000166667", "3.00"]
