"""Headers of the web pages, in one place for the local front and the CDN."""

from collections.abc import Sequence


def page_headers(*, origins: Sequence[str] = (), tls: bool = False) -> dict[str, str]:
    """Security headers of a page. `origins` are those it may talk to and show images of, beside its
    own.

    On AWS these are the buckets and the sign-in endpoint; locally everything is one origin.
    """
    outside = "".join(f" {origin}" for origin in origins)
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self'",
        # data: and blob: are pictures the page makes itself: thumbnails before an upload, icons.
        "img-src": f"'self' data: blob:{outside}",
        "connect-src": f"'self'{outside}",
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        # The patient's page photographs a mole; nothing else of the device is needed.
        "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    }
    if tls:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return headers
