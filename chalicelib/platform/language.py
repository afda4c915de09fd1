"""Two languages wherever a person reads."""

from typing import Final, Literal, NamedTuple

Language = Literal["ru", "en"]
DEFAULT: Final[Language] = "ru"
LANGUAGES: Final[tuple[Language, ...]] = ("ru", "en")


class Text(NamedTuple):
    """One sentence or label in both languages."""

    ru: str
    en: str

    def in_language(self, language: Language) -> str:
        return self.ru if language == "ru" else self.en

    def filled(self, **values: object) -> "Text":
        return Text(self.ru.format(**values), self.en.format(**values))


def preferred(accept_language: str | None) -> Language:
    """The best of our languages for an `Accept-Language` header (RFC 9110, 12.5.4); Russian by default."""
    best: Language = DEFAULT
    best_quality = 0.0
    for entry in (accept_language or "").split(","):
        tag, _, parameters = entry.strip().partition(";")
        primary = tag.strip().lower().partition("-")[0]
        try:
            quality = float(parameters.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        for language in LANGUAGES:
            if primary == language and quality > best_quality:
                best, best_quality = language, quality
    return best
