"""Password hashes: argon2id with Django's costs (100 MiB, two rounds), of the same text however it was typed."""

import unicodedata

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """One keyboard sends „ä“ as one character, another as two: both are one password (NFKC, NIST 800-63B)."""

    def encode(self, password: str, salt: str) -> str:
        return super().encode(unicodedata.normalize("NFKC", password), salt)

    def verify(self, password: str, encoded: str) -> bool:
        return super().verify(unicodedata.normalize("NFKC", password), encoded)
