"""The CDN serves pages and API as the local front does."""

import json
import subprocess
from typing import Any

import boto3
import pytest
from moto import mock_aws
from werkzeug.test import Client

from chalicelib.platform.clock import SystemClock
from chalicelib.platform.ids import Ids
from chalicelib.platform.runtime import Platform
from chalicelib.platform.settings import Settings
from infra.provision import ACCOUNT_ID, provision
from infra.web_headers import page_headers
from tests.infra import chalice_names
from tests.infra.resolving import REGION, STAGE, Resolved
from tests.world import World

CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
ALL_VIEWER_EXCEPT_HOST_HEADER = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
CERTIFICATE = f"arn:aws:acm:us-east-1:{ACCOUNT_ID}:certificate/c"
S3 = f"https://s3.{REGION}.amazonaws.com"
ORIGINS = (
    f"{S3}/rodinka-test-uploads-{ACCOUNT_ID}",
    f"{S3}/rodinka-test-images-{ACCOUNT_ID}/",
    f"{S3}/rodinka-test-releases-{ACCOUNT_ID}/",
    f"https://cognito-idp.{REGION}.amazonaws.com",
)


def distribution(**parameters: Any) -> dict[str, Any]:
    config: dict[str, Any] = Resolved(**parameters).properties("Distribution")["DistributionConfig"]
    return config


def headers() -> dict[str, str]:
    """What the response headers policy adds, as CloudFront writes it."""
    config = Resolved().properties("PageHeaders")["ResponseHeadersPolicyConfig"]
    security = config["SecurityHeadersConfig"]
    custom = config["CustomHeadersConfig"]["Items"]
    assert all(each["Override"] is True for each in (*security.values(), *custom))
    transport = security.pop("StrictTransportSecurity")
    assert transport["IncludeSubdomains"] is True
    assert security.pop("ContentTypeOptions").keys() == {"Override"}
    return {
        "Strict-Transport-Security": (
            f"max-age={transport['AccessControlMaxAgeSec']}; includeSubDomains"
        ),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": security.pop("ContentSecurityPolicy")["ContentSecurityPolicy"],
        "X-Frame-Options": security.pop("FrameOptions")["FrameOption"],
        "Referrer-Policy": security.pop("ReferrerPolicy")["ReferrerPolicy"],
        **{each["Header"]: each["Value"] for each in custom},
        **security,
    }


def test_the_pages_have_the_headers_of_the_local_front_and_tls() -> None:
    assert headers() == page_headers(tls=True, origins=ORIGINS)


def allows(directive: str, url: str) -> bool:
    """Whether the pages' policy lets a request to another origin through (CSP 3, 6.7.2).

    A source without a path allows its origin; one that ends in a slash, what is below; any other,
    that address alone. The query does not count.
    """
    policy = dict(part.split(" ", 1) for part in headers()["Content-Security-Policy"].split("; "))
    address = url.partition("?")[0]
    origin = "/".join(address.split("/")[:3])
    return any(
        source in (origin, address) or (source.endswith("/") and address.startswith(source))
        for source in policy[directive].split()
    )


@mock_aws
def test_the_policy_lets_pages_reach_our_buckets_and_the_sign_in_and_nobody_else() -> None:
    session = boto3.Session("key", "secret", region_name=REGION)
    settings = Settings.load(provision(session, secret=lambda n: "s" * n, stage=STAGE))
    platform = Platform(settings, SystemClock(), Ids(settings.signing_key.encode()))
    platform.__dict__["_session"] = session
    form = platform.uploads.upload_form("uploads/image1", fields={}, max_bytes=1, seconds=60)
    link = platform.images.link("clean/image1.jpg", seconds=60)
    assert allows("connect-src", form.url)
    assert allows("connect-src", link), "the reading room fetches images"
    assert allows("img-src", link)
    assert allows("connect-src", settings.auth_endpoint)
    for url in (
        f"{S3}/somebody-elses-bucket",
        f"{S3}/somebody-elses-bucket/key",
        f"{form.url}-of-another/key",
        f"https://cognito-idp.{REGION}.amazonaws.com.example/",
    ):
        assert not allows("connect-src", url)
        assert not allows("img-src", url)
    assert not allows("script-src", link)


ADDRESSES = [
    "/",
    "/patients",
    "/patients/k4zq",
    "/patients/k4zq/",
    "/reading.room/case",
    "/index.html",
    "/icon.svg",
    "/favicon.ico",
    "/missing.js",
    "/.well-known/security.txt",
    "/api",
    "/patients.",
]


def test_an_address_of_the_pages_router_gets_the_page_where_the_local_front_gives_it(
    client: Client,
) -> None:
    code = Resolved().properties("PagesFunction")["FunctionCode"]
    asked = f"{json.dumps(ADDRESSES)}.map(uri => handler({{request: {{uri}}}}).uri)"
    ran = subprocess.run(
        ["node", "--eval", f"{code}\nconsole.log(JSON.stringify({asked}))"],
        capture_output=True,
        check=True,
        text=True,
    )
    rewritten = dict(zip(ADDRESSES, json.loads(ran.stdout), strict=True))
    # The API's own address without a path is the one difference: the local front leaves it to the API.
    assert rewritten.pop("/api") == "/index.html"
    for address, uri in rewritten.items():
        front = client.get(address)
        is_page = front.status_code == 200 and front.mimetype == "text/html"
        assert (uri == "/index.html") is is_page, address
        assert uri in ("/index.html", address)


def test_pages_come_from_their_bucket_by_signed_requests_over_tls() -> None:
    config = distribution()
    pages, api = config["Origins"]
    assert pages["DomainName"] == "<PagesBucket.RegionalDomainName>"
    assert pages["OriginAccessControlId"] == "<OriginAccessControl.Id>"
    control = Resolved().properties("OriginAccessControl")["OriginAccessControlConfig"]
    assert control["SigningBehavior"] == "always"
    assert (control["SigningProtocol"], control["OriginAccessControlOriginType"]) == ("sigv4", "s3")
    assets, _ = config["CacheBehaviors"]
    for behaviour in (config["DefaultCacheBehavior"], assets):
        assert behaviour["TargetOriginId"] == pages["Id"] != api["Id"]
        assert behaviour["ViewerProtocolPolicy"] == "redirect-to-https"
        assert behaviour["AllowedMethods"] == ["GET", "HEAD"]
        assert behaviour["CachePolicyId"] == CACHING_OPTIMIZED
        assert behaviour["ResponseHeadersPolicyId"] == "<PageHeaders>"
        assert behaviour["Compress"] is True
    assert assets["PathPattern"] == "/assets/*"
    (association,) = config["DefaultCacheBehavior"]["FunctionAssociations"]
    assert association["EventType"] == "viewer-request"
    assert association["FunctionARN"].startswith("<PagesFunction.")
    assert "FunctionAssociations" not in assets, "a built file has a dot in its name"


def test_the_api_is_behind_the_same_name_with_every_method_and_nothing_kept() -> None:
    config = distribution(ApiDomain="abc123.execute-api.eu-central-1.amazonaws.com")
    _, origin = config["Origins"]
    assert origin["DomainName"] == "abc123.execute-api.eu-central-1.amazonaws.com"
    assert "OriginPath" not in origin
    assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert origin["CustomOriginConfig"]["OriginSSLProtocols"] == ["TLSv1.2"]
    assert origin["CustomOriginConfig"]["OriginReadTimeout"] > 29, "API Gateway's own limit"
    _, behaviour = config["CacheBehaviors"]
    # Without a path at the origin, the first part of the address must be API Gateway's stage.
    assert behaviour["PathPattern"] == f"/{chalice_names.api_stage()}/*"
    assert behaviour["TargetOriginId"] == origin["Id"]
    assert behaviour["ViewerProtocolPolicy"] == "https-only"
    assert set(behaviour["AllowedMethods"]) == {
        *("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE")
    }
    assert behaviour["CachePolicyId"] == CACHING_DISABLED
    assert behaviour["OriginRequestPolicyId"] == ALL_VIEWER_EXCEPT_HOST_HEADER
    assert "CustomErrorResponses" not in config, "they would turn the API's 404 into a page"


def test_the_distribution_is_modern_and_small_unless_more_is_asked_for() -> None:
    config = distribution()
    assert (config["Enabled"], config["IPV6Enabled"]) == (True, True)
    assert (config["HttpVersion"], config["PriceClass"]) == ("http2and3", "PriceClass_100")
    assert config["DefaultRootObject"] == "index.html"
    assert config["ViewerCertificate"] == {"CloudFrontDefaultCertificate": True}
    assert not {"Aliases", "WebACLId", "Logging"} & config.keys()
    assert config["Origins"][1]["DomainName"].endswith(".example.com"), "nobody can own it"
    assert Resolved().output("WebUrl") == "https://<Distribution.DomainName>"


def test_an_own_domain_brings_its_certificate_and_the_lowest_tls() -> None:
    named = {"WebDomain": "rodinka.example", "CertificateArn": CERTIFICATE}
    config = distribution(**named)
    assert config["Aliases"] == ["rodinka.example"]
    assert config["ViewerCertificate"] == {
        "AcmCertificateArn": CERTIFICATE,
        "SslSupportMethod": "sni-only",
        "MinimumProtocolVersion": "TLSv1.2_2021",
    }
    assert Resolved(**named).output("WebUrl") == "https://rodinka.example"


def test_a_firewall_stands_before_pages_and_api_where_one_is_named() -> None:
    arn = f"arn:aws:wafv2:us-east-1:{ACCOUNT_ID}:global/webacl/w/1"
    assert distribution(WebAclArn=arn)["WebACLId"] == arn


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_pages_take_no_other_method_here_or_there(client: Client, method: str) -> None:
    assert client.open("/patients", method=method).status_code == 405
    assert method not in distribution()["DefaultCacheBehavior"]["AllowedMethods"]


@pytest.mark.parametrize("region", ["eu-central-1", "us-east-1"])
def test_links_and_forms_of_a_function_are_where_the_pages_may_go_in_any_region(
    monkeypatch: pytest.MonkeyPatch, world: World, region: str
) -> None:
    config = json.loads((chalice_names.ROOT / ".chalice" / "config.json").read_bytes())
    for name, value in config["environment_variables"].items():
        monkeypatch.setenv(name, value)
    session = boto3.Session("key", "secret", region_name=region)
    platform = Platform(world.platform.settings, world.clock, world.platform.ids)
    platform.__dict__["_session"] = session
    form = platform.uploads.upload_form("uploads/x", fields={}, max_bytes=1, seconds=1)
    for address in (
        form.url,
        platform.images.link("clean/x", seconds=1),
        platform.releases.link("files/x", seconds=1),
    ):
        assert address.startswith(f"https://s3.{region}.amazonaws.com/")
