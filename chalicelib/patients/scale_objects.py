"""Things of known size that are laid beside a mole to tell its size in a photograph: coins.

Diameters in millimetres: of Russian coins by the Bank of Russia's pages on coins of regular issue (since
1997), of euro coins by annex I to Council Regulation (EU) No 729/2014. Commemorative 10 roubles of two metals
have 27 mm, so the label tells the colour of the one that is meant.
"""

from typing import Final

from chalicelib.platform.labelled import Labelled
from chalicelib.platform.language import Text

_BANK_OF_RUSSIA: Final = Text(
    "Банк России, монеты регулярного чекана", "Bank of Russia, coins of regular issue"
)
_EURO: Final = Text(
    "Регламент Совета (ЕС) № 729/2014, приложение I",
    "Council Regulation (EU) No 729/2014, annex I",
)


class ScaleObject(Labelled):
    """A coin, by its key."""

    RUB_1 = "rub_1", "1 рубль", "1 rouble", _BANK_OF_RUSSIA
    RUB_2 = "rub_2", "2 рубля", "2 roubles", _BANK_OF_RUSSIA
    RUB_5 = "rub_5", "5 рублей", "5 roubles", _BANK_OF_RUSSIA
    RUB_10 = "rub_10", "10 рублей, жёлтая", "10 roubles, yellow", _BANK_OF_RUSSIA
    EUR_CENT_10 = "eur_cent_10", "10 евроцентов", "10 euro cents", _EURO
    EUR_CENT_20 = "eur_cent_20", "20 евроцентов", "20 euro cents", _EURO
    EUR_CENT_50 = "eur_cent_50", "50 евроцентов", "50 euro cents", _EURO
    EUR_1 = "eur_1", "1 евро", "1 euro", _EURO
    EUR_2 = "eur_2", "2 евро", "2 euros", _EURO

    @property
    def diameter_mm(self) -> float:
        return DIAMETERS_MM[self]


DIAMETERS_MM: Final = {
    ScaleObject.RUB_1: 20.5,
    ScaleObject.RUB_2: 23.0,
    ScaleObject.RUB_5: 25.0,
    ScaleObject.RUB_10: 22.0,
    ScaleObject.EUR_CENT_10: 19.75,
    ScaleObject.EUR_CENT_20: 22.25,
    ScaleObject.EUR_CENT_50: 24.25,
    ScaleObject.EUR_1: 23.25,
    ScaleObject.EUR_2: 25.75,
}
