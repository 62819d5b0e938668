"""What the library of the accounts knows of the identity provider: what the environment says, and nothing else."""

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.conf import settings
from django.http import HttpRequest

from kommunen.oidc.anbieter import ANBIETER, Anbieter


class EinmalanmeldungAdapter(DefaultSocialAccountAdapter):
    """One provider or none: a row in the library's table of providers would be a second way in, and is ignored."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        if not settings.OIDC_ISSUER or provider not in {None, Anbieter.id, ANBIETER}:
            return []
        if client_id not in {None, settings.OIDC_CLIENT_ID}:
            return []
        return [
            SocialApp(
                provider=Anbieter.id,
                provider_id=ANBIETER,
                name=settings.OIDC_NAME,
                client_id=settings.OIDC_CLIENT_ID,
                secret=settings.OIDC_CLIENT_SECRET,
                settings={"server_url": settings.OIDC_ISSUER},
            )
        ]

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Anbieter:
        return Anbieter(request, app=self.get_app(request, provider=provider, client_id=client_id))
