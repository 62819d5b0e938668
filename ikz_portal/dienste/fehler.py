"""The one error of this package."""


class DiensteFehler(Exception):
    """Something a user can act on, told in one German sentence."""
