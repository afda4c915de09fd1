CLOSE = 0.8


def dice(one: object, other: object) -> float:
    return 1.0
