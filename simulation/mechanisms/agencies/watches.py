"""The trail of watches: which tips were used, and by which event a watch began."""


class Watches:
    """What is remembered of watches.

    Attributes
    ----------
    used
        Event ids of received tips on which a watch has begun.
    ids
        Event id of the latest watch on a (sector, network).
    """

    no_state = frozenset({"ids"})

    def __init__(self) -> None:
        self.used: set[str] = set()
        self.ids: dict[tuple[int, int], str] = {}
