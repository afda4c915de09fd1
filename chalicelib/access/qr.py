"""An address as a QR code (ISO/IEC 18004), drawn as SVG."""

from io import BytesIO


def svg(address: str) -> str:
    """An `<svg>` element for a page to show; its colours are the page's own."""
    import segno

    out = BytesIO()
    # M: a crease or a shadow over a seventh of it does no harm.
    segno.make(address, error="m", micro=False).save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        nl=False,
        omitsize=True,
        border=4,
        dark="#000",
        light="#fff",
    )
    return out.getvalue().decode()
