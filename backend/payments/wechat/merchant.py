"""Whom WeChat Pay knows us as, and whom we know it by."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from backend.payments.provider import Payee, Way

GATEWAY = "https://api.mch.weixin.qq.com"
OFFICIAL = frozenset({GATEWAY, "https://api2.mch.weixin.qq.com"})  # 主域名, 备域名


@dataclass(frozen=True, slots=True)
class Merchant:
    """What the merchant platform gives out; keys as PEM.

    ``public_keys`` are WeChat Pay's by their ids (PUB_KEY_ID_…): the first is the one it is asked
    to sign with, any of them is believed, so that one can take the other's place.
    """

    mchid: str
    appid: str
    certificate_serial: str  # of our certificate, 40 hexadecimal digits
    private_key: str = field(repr=False)  # of our certificate, PKCS#8
    apiv3_key: str = field(repr=False)  # 32 characters; notices are encrypted with it
    public_keys: Mapping[str, str]
    notify_url: str  # https and no query
    ways: frozenset[Way] = frozenset({Way.NATIVE})
    gateway: str = GATEWAY
    scan_at: str = ""  # of a peer: what a code is put behind, so that any browser can follow it

    @property
    def payee(self) -> Payee:
        return Payee(self.mchid, self.appid)
