"""OpenID Connect: authorization code with PKCE, state and nonce; the ID token checked (Core 1.0, 3.1.3.7)."""

import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from urllib.parse import quote, urlencode

import httpx
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bot.sections import OidcSettings, encrypted
from bot.signin.provider import Departure, NotProved, Unavailable

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
LEEWAY = 60  # seconds between two clocks
FRESH = 300  # seconds that a sign-in may lie back where a fresh one was asked for
KEPT_FOR = 3600.0  # seconds that the provider's description and keys are kept
LOOK_AGAIN = 60.0  # seconds before keys are fetched anew for a key that is not known
TIMEOUT = httpx.Timeout(10)
MOST = 256 * 1024  # bytes of any answer


class Oidc:
    name = "oidc"
    title_zh = "学校统一身份认证"
    title_en = "University single sign-on"
    can_renew = True

    def __init__(
        self,
        settings: OidcSettings,
        now: Callable[[], datetime],
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._settings = settings
        self._now = now
        self._transport = transport
        self._about: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None

    async def depart(self, back: str, state: str, *, fresh: bool) -> Departure:
        about = await self._description()
        nonce, verifier = token_urlsafe(24), token_urlsafe(48)
        query = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": back,
            "scope": self._settings.scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge(verifier),
            "code_challenge_method": "S256",
        }
        if fresh:
            query |= {"prompt": "login", "max_age": "0"}
        joint = "&" if "?" in about["authorization_endpoint"] else "?"
        url = f"{about['authorization_endpoint']}{joint}{urlencode(query)}"
        return Departure(url, {"nonce": nonce, "verifier": verifier})

    async def who(
        self, answer: Mapping[str, str], back: str, kept: Mapping[str, Any], *, fresh: bool
    ) -> str | int:
        if "error" in answer:
            raise NotProved(f"the provider says {answer['error'][:60]!r}")
        about = await self._description()
        issuer = answer.get("iss")  # RFC 9207: an answer of another provider
        if issuer is None and about.get("authorization_response_iss_parameter_supported"):
            raise NotProved("the answer does not name its issuer")
        if issuer is not None and issuer != about["issuer"]:
            raise NotProved("the answer is another provider's")
        if not answer.get("code"):
            raise NotProved("there is no code")
        tokens = await self._exchange(about, answer["code"], back, str(kept["verifier"]))
        claims = check(
            await self._genuine(about, tokens),
            about["issuer"],
            self._settings.client_id,
            str(kept["nonce"]),
            str(tokens.get("access_token", "")),
            self._now(),
        )
        if fresh:
            since = claims.get("auth_time")
            if not isinstance(since, int | float) or self._now().timestamp() - since > FRESH:
                raise NotProved("the sign-in is not a fresh one")
        number = claims.get(self._settings.claim)
        if not isinstance(number, str) or not number.strip():
            raise NotProved(f"the claim {self._settings.claim!r} holds no number")
        return number.strip()

    async def _exchange(
        self, about: dict[str, Any], code: str, back: str, verifier: str
    ) -> dict[str, Any]:
        """RFC 6749, 4.1.3, with RFC 7636."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": verifier,
        }
        secret = self._settings.client_secret
        methods = about.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        headers = {"Accept": "application/json"}
        auth: httpx.BasicAuth | None = None
        if secret is None:
            form["client_id"] = self._settings.client_id
        elif "client_secret_basic" in methods:  # RFC 6749, 2.3.1: both are form-encoded first
            name, value = self._settings.client_id, secret.get_secret_value()
            auth = httpx.BasicAuth(quote(name, safe=""), quote(value, safe=""))
        else:
            form |= {
                "client_id": self._settings.client_id,
                "client_secret": secret.get_secret_value(),
            }
        status, body = await self._ask(
            "POST", about["token_endpoint"], data=form, headers=headers, auth=auth
        )
        if status != 200:
            raise NotProved(f"the code was not taken: {str(body.get('error', status))[:60]}")
        return body

    async def _genuine(self, about: dict[str, Any], tokens: dict[str, Any]) -> jwt.Token:
        """The ID token, once its signature is known to be the provider's."""
        token = tokens.get("id_token")
        if not isinstance(token, str):
            raise NotProved("there is no ID token")
        try:
            return await self._decode(about, token)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise NotProved(f"the ID token is not genuine ({type(error).__name__})") from None

    async def _decode(self, about: dict[str, Any], token: str) -> jwt.Token:
        """With keys fetched anew where the provider has changed them."""
        keys = await self._key_set(about, KEPT_FOR)
        try:
            return jwt.decode(token, keys, algorithms=list(ALGORITHMS))
        except (JoseError, ValueError):
            newer = await self._key_set(about, LOOK_AGAIN)
            if newer is keys:
                raise
            return jwt.decode(token, newer, algorithms=list(ALGORITHMS))

    async def _description(self) -> dict[str, Any]:
        """OpenID Connect Discovery 1.0; its issuer must be the configured one, to the letter."""
        if self._about and time.monotonic() - self._about[0] < KEPT_FOR:
            return self._about[1]
        base = self._settings.issuer.rstrip("/")
        status, about = await self._ask("GET", f"{base}/.well-known/openid-configuration")
        if status != 200 or about.get("issuer") != self._settings.issuer:
            raise Unavailable("the description is another issuer's")
        try:
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                encrypted(str(about[name]))
        except (KeyError, ValueError):
            raise Unavailable("the description names no safe addresses") from None
        self._about = (time.monotonic(), about)
        return about

    async def _key_set(self, about: dict[str, Any], kept_for: float) -> KeySet:
        if self._keys and time.monotonic() - self._keys[0] < kept_for:
            return self._keys[1]
        status, found = await self._ask("GET", about["jwks_uri"])
        try:
            if status != 200:
                raise ValueError(status)
            signing = [key for key in found["keys"] if key.get("use", "sig") == "sig"]
            keys = KeySet.import_key_set({"keys": signing})
        except (JoseError, ValueError, KeyError, TypeError):
            raise Unavailable("the provider's keys cannot be read") from None
        self._keys = (time.monotonic(), keys)
        return keys

    async def _ask(self, method: str, url: str, **more: Any) -> tuple[int, dict[str, Any]]:
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT, transport=self._transport) as client:
                answer = await client.request(method, url, **more)
            found = answer.json() if len(answer.content) <= MOST else None
        except (httpx.HTTPError, ValueError) as error:
            raise Unavailable(type(error).__name__) from None
        if not isinstance(found, dict):
            raise Unavailable("what came is no JSON object")
        return answer.status_code, found


def challenge(verifier: str) -> str:
    """RFC 7636, S256."""
    digest = sha256(verifier.encode("ascii")).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def check(
    token: jwt.Token, issuer: str, client: str, nonce: str, access_token: str, now: datetime
) -> dict[str, Any]:
    """OpenID Connect Core 1.0, 3.1.3.7; returns the claims. Raises NotProved."""
    claims = CodeIDToken(
        token.claims,
        token.header,
        options={
            "iss": {"essential": True, "value": issuer},
            "aud": {"essential": True, "value": client},
            "nonce": {"essential": True, "value": nonce},
        },
        params={"client_id": client, "nonce": nonce, "access_token": access_token},
    )
    try:
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
    except (JoseError, ValueError, TypeError) as error:
        raise NotProved(f"the ID token does not hold: {error}"[:120]) from None
    return dict(claims)
