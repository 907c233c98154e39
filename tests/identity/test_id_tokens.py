"""An ID token that is not exactly the provider's answer to our request signs nobody in."""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from bot.sections import OidcSettings
from bot.signin.oidc import Oidc
from bot.signin.provider import NotProved, Unavailable

ISSUER = "https://sso.example.edu.cn"
BACK = "https://registrar.example.edu.cn/sign-in/back/oidc"
CLIENT = "registrar"
KEPT = {"nonce": "the nonce", "verifier": "v" * 43}
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
OTHER = RSAKey.generate_key(2048, {"kid": "two", "use": "sig", "alg": "RS256"})


class World:
    """The provider as it is on the wire; whatever is in it can be changed."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {
            "iss": ISSUER,
            "sub": "s",
            "aud": CLIENT,
            "iat": int(time.time()),
            "exp": int(time.time()) + 300,
            "nonce": KEPT["nonce"],
            "number": "2023001",
        }
        self.about: dict[str, Any] = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/auth",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/jwks",
        }
        self.key = KEY
        self.published = [KEY]
        self.header = {"alg": "RS256", "kid": "one"}
        self.token: str | None = None
        self.status = 200

    def __call__(self, request: httpx.Request) -> httpx.Response:
        match request.url.path:
            case "/.well-known/openid-configuration":
                return httpx.Response(self.status, json=self.about)
            case "/jwks":
                keys = [key.as_dict(private=False) for key in self.published]
                return httpx.Response(200, json={"keys": keys})
            case "/token":
                token = self.token or jwt.encode(
                    self.header, self.claims, self.key, algorithms=[self.header["alg"]]
                )
                return httpx.Response(200, json={"access_token": "at", "id_token": token})
        return httpx.Response(404)

    def oidc(self) -> Oidc:
        settings = OidcSettings(issuer=ISSUER, client_id=CLIENT, claim="number")
        return Oidc(settings, lambda: datetime.now(UTC), httpx.MockTransport(self))

    def who(self, *, fresh: bool = False, oidc: Oidc | None = None) -> str | int:
        answer = {"code": "c", "state": "s"}
        return asyncio.run((oidc or self.oidc()).who(answer, BACK, KEPT, fresh=fresh))


Change = Callable[[World], None]


def set_claims(**changed: Any) -> Change:
    return lambda world: world.claims.update(changed)


def without(name: str) -> Change:
    return lambda world: world.claims.pop(name)


def signed_by_somebody_else(world: World) -> None:
    world.key = OTHER


def signed_by_nobody(world: World) -> None:
    world.token = f"{part({'alg': 'none'})}.{part(world.claims)}."


def signed_with_the_public_key_as_a_secret(world: World) -> None:
    signed = f"{part({'alg': 'HS256', 'kid': 'one'})}.{part(world.claims)}"
    mark = hmac.digest(KEY.as_pem(private=False), signed.encode(), "sha256")
    world.token = f"{signed}.{base64url(mark)}"


def part(data: dict[str, Any]) -> str:
    return base64url(json.dumps(data).encode())


def base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def changed_after_signing(world: World) -> None:
    token = jwt.encode(world.header, world.claims, KEY)
    head, body, mark = token.split(".")
    world.token = f"{head}.{body[:-4]}AAAA.{mark}"


def no_token(world: World) -> None:
    world.token = "not a token"


FORGERIES: dict[str, Change] = {
    "another issuer": set_claims(iss="https://evil.example"),
    "another audience": set_claims(aud="another client"),
    "two audiences, no party": set_claims(aud=[CLIENT, "another"]),
    "another party": set_claims(azp="another"),
    "another nonce": set_claims(nonce="another"),
    "no nonce": without("nonce"),
    "expired": set_claims(exp=int(time.time()) - 86_400),
    "no end": without("exp"),
    "from the future": set_claims(iat=int(time.time()) + 86_400),
    "no beginning": without("iat"),
    "another access token": set_claims(at_hash="x" * 22),
    "no number": without("number"),
    "an empty number": set_claims(number=" "),
    "a number that is none": set_claims(number=["2023001"]),
    "signed by somebody else": signed_by_somebody_else,
    "signed by nobody": signed_by_nobody,
    "signed with the public key": signed_with_the_public_key_as_a_secret,
    "changed after signing": changed_after_signing,
    "no token": no_token,
}


def test_answer_as_it_should_be_names_the_person() -> None:
    assert World().who() == "2023001"


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
def test_forged_token_signs_nobody_in(forge: Change) -> None:
    world = World()
    forge(world)
    with pytest.raises(NotProved):
        world.who()


def test_sign_in_of_yesterday_is_no_fresh_one() -> None:
    world = World()
    with pytest.raises(NotProved):
        world.who(fresh=True)
    world.claims["auth_time"] = int(time.time()) - 86400
    with pytest.raises(NotProved):
        world.who(fresh=True)
    world.claims["auth_time"] = int(time.time())
    assert world.who(fresh=True) == "2023001"


def test_provider_may_change_its_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    oidc = world.oidc()
    assert world.who(oidc=oidc) == "2023001"
    world.key, world.published, world.header = OTHER, [OTHER], {"alg": "RS256", "kid": "two"}
    monkeypatch.setattr("bot.signin.oidc.LOOK_AGAIN", 0.0)
    assert world.who(oidc=oidc) == "2023001"


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "https://evil.example"},
        {"issuer": ISSUER + "/"},
        {"token_endpoint": "http://sso.example.edu.cn/token"},
        {"jwks_uri": None},
    ],
)
def test_description_that_is_not_the_providers_is_not_used(changed: dict[str, Any]) -> None:
    world = World()
    world.about |= changed
    with pytest.raises(Unavailable):
        world.who()


def test_issuer_is_asked_over_an_encrypted_line_only() -> None:
    with pytest.raises(ValueError, match="https"):
        OidcSettings(issuer="http://sso.example.edu.cn", client_id="c")
