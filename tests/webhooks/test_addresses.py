"""Events go to public addresses only, whatever a name or a number pretends to be."""

import os
from collections.abc import Sequence
from pathlib import Path
from threading import Event

import pytest
import yaml

from chalicelib.platform.resolver import Unresolved, addresses
from chalicelib.platform.settings import LOCAL_STAGES, Settings, SettingsError
from chalicelib.webhooks import address
from chalicelib.webhooks.address import BadAddress, Target, target
from chalicelib.webhooks.model import Fault
from infra import template
from infra.local.environment import local_settings
from infra.provision import setting_name
from tests.world import SOMEWHERE

INSIDE = [
    *("10.0.0.1", "172.16.0.1", "192.168.1.1", "127.0.0.1", "127.8.8.8", "100.64.0.1"),
    "0.0.0.0",  # noqa: S104 (nobody listens there)
    *("169.254.169.254", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
    *("224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:8.8.8.8", "::10.0.0.1", "::8.8.8.8"),
    *("64:ff9b::10.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808"),
    *("2002:a00:1::1", "2002:808:808::1", "2001:0:808:808::1", "fe80::1%eth0", "not-an-address"),
]


def refused(url: str, *found: str, to_loopback: bool = False) -> BadAddress:
    with pytest.raises(BadAddress) as caught:
        target(url, lambda _: list(found or (SOMEWHERE,)), to_loopback=to_loopback)
    return caught.value


def test_a_public_name_leads_to_its_address() -> None:
    found = target("https://Hooks.Clinic.example/a/b?c=d", lambda _: [SOMEWHERE])
    assert found == Target("hooks.clinic.example", SOMEWHERE, 443, "/a/b?c=d")
    assert target("https://clinic.example:443", lambda _: [SOMEWHERE]).path == "/"


@pytest.mark.parametrize("inside", INSIDE)
def test_a_name_that_leads_inside_is_refused(inside: str) -> None:
    assert refused("https://clinic.example/", inside).text is address.NOT_PUBLIC


@pytest.mark.parametrize("inside", INSIDE)
def test_one_address_inside_among_public_ones_is_enough(inside: str) -> None:
    for found in ((SOMEWHERE, inside), (inside, SOMEWHERE), ("2606:4700::1111", inside)):
        assert refused("https://clinic.example/", *found).fault is Fault.ADDRESS_REFUSED


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "[fd00:ec2::254]"),
        *("[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2606:4700::1111%25eth0]"),
        *("2130706433", "0x7f000001", "0x7f.1", "017700000001", "127.1", "0177.0.0.1", "1.2.3.4."),
        *("localhost", "clinic", "clinic.example.", "-clinic.example", "clinic..example"),
        *("клиника.рф", "clinic_1.example", "a" * 64 + ".example", "clinic.example%00.inside"),
    ],
)
def test_numbers_that_lead_inside_and_names_that_are_none_are_refused(host: str) -> None:
    assert refused(f"https://{host}/hook").text in (address.BAD, address.NOT_PUBLIC)


@pytest.mark.parametrize(
    "url",
    [
        *("http://clinic.example/", "ftp://clinic.example/", "clinic.example", "//clinic.example/"),
        *("https://clinic.example:8443/", "https://clinic.example:0/", "https://clinic.example:x/"),
        *(
            "https://user@clinic.example/",
            "https://user:word@clinic.example/",
            "https://@c.example/",
        ),
        *("https://clinic.example/#part", "https://clinic.example/#", "https:///hook", "https://"),
        *(
            "https://clinic.example/a b",
            "https://clinic.example/\r\nX: y",
            "https://cli\tnic.example/",
        ),
        *(
            "https://clinic.example\\@inside/",
            "https://clinic.example/é",
            " https://clinic.example/",
        ),
        *("https://[clinic.example/", "https://clinic.example/" + "a" * 500, "javascript:alert(1)"),
        *("http://127.0.0.1/", "http://127.0.0.1:9001/2018-06-01/runtime/invocation/next"),
    ],
)
def test_an_address_of_another_form_is_refused(url: str) -> None:
    refused(url)


def test_public_numbers_and_the_public_side_of_nat64_are_reached() -> None:
    assert target("https://8.8.8.8/", lambda _: []).address == "8.8.8.8"
    assert target("https://[2606:4700::1111]/", lambda _: []).named == "[2606:4700::1111]"
    found = target("https://clinic.example/", lambda _: ["64:ff9b::808:808"])
    assert found.address == "64:ff9b::808:808"


def test_of_several_addresses_the_first_of_the_older_kind_is_taken() -> None:
    found = target("https://clinic.example/", lambda _: ["2606:4700::1111", SOMEWHERE, "8.8.8.8"])
    assert found.address == SOMEWHERE


def test_a_name_that_nobody_knows_is_refused_with_a_word_of_its_own() -> None:
    def nobody(_: str) -> Sequence[str]:
        raise Unresolved

    with pytest.raises(BadAddress) as caught:
        target("https://clinic.example/", nobody)
    assert (caught.value.text, caught.value.fault) == (address.UNKNOWN, Fault.HOST_UNKNOWN)


# --- this machine, where it is allowed ---------------------------------------------------------------


def test_this_machine_is_reached_only_where_it_is_allowed_and_only_by_its_number() -> None:
    url = "http://127.0.0.1:8080/hook"
    found = target(url, lambda _: [], to_loopback=True)
    assert found == Target("127.0.0.1", "127.0.0.1", 8080, "/hook", tls=False)
    assert found.named == "127.0.0.1:8080"
    assert refused(url).text is address.NOT_HTTPS
    for other in (
        *("http://localhost:8080/", "http://127.0.0.2/", "http://[::1]/", "https://127.0.0.1/"),
        *("http://10.0.0.1/", "http://clinic.example/", "http://127.0.0.1@inside.example/"),
    ):
        refused(other, to_loopback=True)
    assert refused("https://clinic.example/", "127.0.0.1", to_loopback=True)


def test_no_stage_that_can_be_deployed_starts_with_this_machine_allowed() -> None:
    environment = dict(os.environ) | {"RODINKA_WEBHOOKS_TO_LOOPBACK": "true"}
    for stage in LOCAL_STAGES:
        assert Settings.load(environment | {"RODINKA_STAGE": stage}).webhooks_to_loopback
    for stage in ("dev", "prod", "locals"):
        with pytest.raises(SettingsError, match="WEBHOOKS_TO_LOOPBACK"):
            Settings.load(environment | {"RODINKA_STAGE": stage})
    del environment["RODINKA_WEBHOOKS_TO_LOOPBACK"]
    assert Settings.load(environment).webhooks_to_loopback is False


def test_nothing_that_a_deployment_reads_allows_this_machine() -> None:
    name = "RODINKA_WEBHOOKS_TO_LOOPBACK"
    assert name not in {setting_name(output) for output in template.load().outputs}
    root = Path(template.__file__).parents[1]
    for path in (root / ".chalice/config.json", root / "infra/stages.yaml"):
        assert "loopback" not in path.read_text("utf-8").lower()
    assert yaml.safe_load((root / "infra/stages.yaml").read_text("utf-8"))
    local = local_settings({"RODINKA_ISSUER": "https://issuer/pool"}, url="u", cloud_url="c")
    assert local[name] == "true"


# --- the system's own resolver -----------------------------------------------------------------------


def test_the_systems_resolver_knows_this_machine_and_not_what_is_no_name() -> None:
    assert "127.0.0.1" in addresses("localhost")
    for name in ("a" * 300, "no.such.name.invalid"):
        with pytest.raises(Unresolved):
            addresses(name)


def test_a_name_service_that_does_not_answer_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = Event()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: held.wait(5) and [])
    monkeypatch.setattr("chalicelib.platform.resolver.PATIENCE_SECONDS", 0.01)
    with pytest.raises(Unresolved):
        addresses("slow.example")
    held.set()
