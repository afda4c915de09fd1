"""Which licence a release may have, given those of the archives that it draws from.

After the table of compatible licences of Creative Commons (for derivatives of one work under another
licence): a release may ask more of its users than its sources do, and never less.
"""

import re
from itertools import pairwise
from typing import Final

from chalicelib.datasets.planning.plan import Licence

_FROM_FREE: Final = (
    Licence.CC0,
    Licence.CC_BY,
    Licence.CC_BY_NC,
    Licence.CC_BY_NC_ND,
    Licence.AGREEMENT,
)
"""From free to restricted; whoever may release under one may release under those after it."""
_WORDS: Final = re.compile(r"[a-z]+\d*")
_PUBLIC_DOMAIN: Final = frozenset({"cc0", "pd", "pdm", "publicdomain", "public domain"})
_CREATIVE_COMMONS: Final = frozenset({"cc", "creative commons", "creativecommons"})


def least(licence: str) -> Licence | None:
    """The freest licence that images under `licence`, in an archive's own words, may be released under.

    None where it is not known, or forbids that (share-alike binds a release to that very licence,
    which is none of ours). "By" counts in a licence of Creative Commons only, not in "by permission of".
    """
    told = _WORDS.findall(licence.lower())
    words = {*told, *(f"{one} {other}" for one, other in pairwise(told))}
    if words & _PUBLIC_DOMAIN and "not" not in words:
        return Licence.CC0
    words |= _spelled_out(words)
    if "by" not in words or "sa" in words or words.isdisjoint(_CREATIVE_COMMONS):
        return None
    if "nd" in words:
        return Licence.CC_BY_NC_ND if "nc" in words else None
    return Licence.CC_BY_NC if "nc" in words else Licence.CC_BY


def _spelled_out(words: set[str]) -> set[str]:
    """The abbreviations of what a name says in full: `Creative Commons Attribution-NonCommercial`."""
    full = {"attribution": "by", "noncommercial": "nc", "noderivatives": "nd", "noderivs": "nd"}
    full |= {"sharealike": "sa", "commercial": "nc", "derivatives": "nd", "alike": "sa"}
    return {short for word, short in full.items() if word in words}


def allows(source: str | None, release: Licence) -> bool:
    """Whether images of a source may be in a release under this licence; of our own clinics they may."""
    if source is None:
        return True
    freest = least(source)
    return freest is not None and _FROM_FREE.index(freest) <= _FROM_FREE.index(release)
