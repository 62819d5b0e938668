"""Secrets that the database keeps, encrypted with a key made of SECRET_KEY: a copy of the database is not enough.

After a change of SECRET_KEY the former ones in SECRET_KEY_FALLBACKS still read what they wrote.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unlesbar(Exception):
    """Written with a key that is no longer known, or not by us."""


def verschluesseln(text: str) -> str:
    return _schluessel().encrypt(text.encode()).decode()


def entschluesseln(geheimtext: str) -> str:
    try:
        return _schluessel().decrypt(geheimtext.encode()).decode()
    except InvalidToken as fehler:
        raise Unlesbar from fehler


def _schluessel() -> MultiFernet:
    return MultiFernet([_fernet(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _fernet(key: str) -> Fernet:
    # SECRET_KEY is long and random, so that one round of a hash is enough; the prefix keeps this use apart.
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"ikz-geheim:{key}".encode()).digest()))
