"""``registrar check``: whether money can be taken, by asking the provider something harmless."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from secrets import token_hex

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from backend.clock import Clock, SystemClock, local_text
from backend.payments.provider import (
    ChargeState,
    ProviderRefused,
    ProviderUnreachable,
    Way,
)
from backend.payments.wechat.provider import WechatPay
from bot.finding import Found, State
from bot.payment_sections import WechatPaySettings
from bot.settings import NotReady, Settings
from bot.wechat_pay import merchant_of, own_key, public_key, read

SOON = timedelta(days=60)
REFUSALS = {
    "SIGN_ERROR": (
        "微信支付不认我们的签名：请核对 mchid、merchant_serial、私钥和服务器时钟。",
        "WeChat Pay rejects our signature: check mchid, serial, private key and clock.",
    ),
    "APPID_MCHID_NOT_MATCH": (
        "appid 没有绑定到这个商户号。",
        "The appid is not bound to this merchant.",
    ),
    "MCH_NOT_EXISTS": ("没有这个商户号。", "There is no such merchant."),
    "NO_AUTH": ("商户号没有开通这项支付产品。", "The merchant has no contract for this."),
}


def payment(settings: Settings, clock: Clock | None = None) -> Iterator[Found]:
    """Nothing is changed, here or at the provider."""
    clock = clock or SystemClock()
    given = settings.wechat_pay
    if given is None:
        yield from _none(settings)
        return
    told = list(_keys(given, clock.now()))
    yield from told
    merchant = None if any(state is State.BAD for state, _, _ in told) else merchant_of(settings)
    if merchant is None:
        return
    yield from _addresses(settings, merchant.notify_url)
    yield from _in_wechat(settings, given)
    provider = WechatPay(merchant, clock)
    try:
        yield from _asked(provider)
    finally:
        provider.stop()


def _none(settings: Settings) -> Iterator[Found]:
    if settings.production:
        yield (
            State.BAD,
            "还没有支付渠道，正式运行会被拒绝：请设置 [wechat_pay]，见 docs/payments.md。",
            "No payment provider is set up, so production refuses to serve.",
        )
    else:
        yield (
            State.NOTE,
            "没有设置支付渠道：演示时由本机的程序扮演微信支付，不收真钱。",
            "No payment provider is set up: in the demo a program here plays one; no money flows.",
        )


def _keys(given: WechatPaySettings, now: datetime) -> Iterator[Found]:
    try:
        ours = own_key(given.private_key).public_key()
        theirs = {name: public_key(path) for name, path in given.public_keys.items()}
        certificate = read(given.certificate) if given.certificate else None
    except NotReady as missing:
        yield State.BAD, str(missing), ""
        return
    for name, key in theirs.items():
        if key.public_numbers() == ours.public_numbers():
            yield (
                State.BAD,
                f"{name} 的文件是我们自己的公钥，不是微信支付的。",
                "This is our own public key, not WeChat Pay's.",
            )
    if certificate is None:
        yield (
            State.NOTE,
            "没有给出商户证书（certificate），到期前不会提醒。",
            "Without the merchant's certificate nobody is warned before it expires.",
        )
    else:
        yield from _certificate(given, certificate, ours, now)


def _certificate(
    given: WechatPaySettings, pem: bytes, ours: RSAPublicKey, now: datetime
) -> Iterator[Found]:
    """Of the merchant: it goes with the key, has the serial, and lasts."""
    try:
        certificate = x509.load_pem_x509_certificate(pem)
    except ValueError:
        yield (
            State.BAD,
            f"{given.certificate} 不是商户证书（apiclient_cert.pem）。",
            "This is no certificate.",
        )
        return
    form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    if certificate.public_key().public_bytes(*form) != ours.public_bytes(*form):
        yield (
            State.BAD,
            "商户证书和商户私钥不是一对。",
            "The merchant's certificate and private key do not go together.",
        )
    if f"{certificate.serial_number:040X}" != given.merchant_serial:
        yield (
            State.BAD,
            f"merchant_serial 和商户证书不符，证书的是 {certificate.serial_number:040X}。",
            "The certificate has another serial.",
        )
    yield from _lasts(certificate.not_valid_after_utc.astimezone(UTC), now)


def _lasts(until: datetime, now: datetime) -> Iterator[Found]:
    when = local_text(until)
    if until <= now:
        yield State.BAD, f"商户证书已于 {when} 过期。", "The merchant's certificate has expired."
    elif until - now < SOON:
        yield (
            State.NOTE,
            f"商户证书 {when} 到期，请更换（docs/payments.md）。",
            "The merchant's certificate expires soon.",
        )


def _addresses(settings: Settings, notify_url: str) -> Iterator[Found]:
    given = settings.wechat_pay
    if given and not notify_url.startswith("https://"):
        bad = settings.production
        yield (
            State.BAD if bad else State.NOTE,
            f"微信支付送不到 {notify_url}：通知地址要 https。",
            "WeChat Pay notifies https addresses only.",
        )
    else:
        yield State.NOTE, f"微信支付会通知 {notify_url}。", "Where WeChat Pay sends notices."


def _in_wechat(settings: Settings, given: WechatPaySettings) -> Iterator[Found]:
    """Who pays there is known by WeCom's openid, which belongs to the enterprise."""
    if Way.JSAPI not in given.ways or given.scan_at:
        return
    if settings.wecom is None:
        yield (
            State.NOTE,
            "开通了 jsapi，但没有接企业微信：微信里会改用二维码。",
            "Without WeCom nobody can pay by jsapi; a QR code is shown instead.",
        )
    elif settings.wecom.corp_id != given.appid:
        yield (
            State.BAD,
            f"jsapi 要用企业 ID 作 appid：现在是 {given.appid}，企业微信是 {settings.wecom.corp_id}。"
            "请把企业 ID 绑定到商户号，或者从 ways 里去掉 jsapi。",
            "For jsapi the appid must be the corp id of WeCom.",
        )


def _asked(provider: WechatPay) -> Iterator[Found]:
    """After a charge that nobody has: the answer is signed by them, and the question by us."""
    try:
        found = provider.query(f"check-{token_hex(8)}")
    except ProviderRefused as refused:
        zh, en = REFUSALS.get(refused.code, ("微信支付拒绝了。", "WeChat Pay refused."))
        yield State.BAD, f"{zh.rstrip('。')}（{refused.code} {refused.words}）。", en
    except ProviderUnreachable as away:
        yield (
            State.BAD,
            f"微信支付没有可信的回答（{away}）：请看网络、代理、公钥和它的 ID、服务器时钟。",
            "WeChat Pay gave no answer that can be believed.",
        )
    else:
        good = found.state is ChargeState.UNKNOWN
        yield (
            State.GOOD if good else State.BAD,
            "微信支付认我们的签名，我们也认它的。" if good else "微信支付说有一笔没有过的付款。",
            "Signatures are good both ways." if good else "It knows a charge that never was.",
        )
        yield (
            State.NOTE,
            "APIv3 密钥要等第一条通知才能验证。",
            "The APIv3 key is proven by the first notice.",
        )
