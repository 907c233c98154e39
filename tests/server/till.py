"""WeChat Pay as its peer plays it, beside a server that is set up for it as for the real one."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import create_engine, text

from bot.demo_wechat import merchant
from tests.peers.wechatpay import Server


class Till(Server):
    """The peer in this process, where tests bring about what cannot happen by asking."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, control=True, allow_http=True)

    def settings(self) -> dict[str, str]:
        """Of the registrar, as an administrator would enter them."""
        given = merchant(self.platform.folder / "merchant", self.gateway)
        return {
            "REGISTRAR_WECHAT_PAY__MCHID": given.mchid,
            "REGISTRAR_WECHAT_PAY__APPID": given.appid,
            "REGISTRAR_WECHAT_PAY__MERCHANT_SERIAL": given.merchant_serial,
            "REGISTRAR_WECHAT_PAY__PRIVATE_KEY": str(given.private_key),
            "REGISTRAR_WECHAT_PAY__CERTIFICATE": str(given.certificate),
            "REGISTRAR_WECHAT_PAY__APIV3_KEY": given.apiv3_key.get_secret_value(),
            "REGISTRAR_WECHAT_PAY__PUBLIC_KEYS": json.dumps(
                {name: str(path) for name, path in given.public_keys.items()}
            ),
            "REGISTRAR_WECHAT_PAY__WAYS": json.dumps(given.ways),
            "REGISTRAR_WECHAT_PAY__GATEWAY": given.gateway,
            "REGISTRAR_WECHAT_PAY__SCAN_AT": given.scan_at,
        }


def charge_of(data: Path, order: str) -> str:
    """The number by which the peer knows the latest charge of an order."""
    engine = create_engine(f"sqlite:///{data / 'registrar.db'}")
    try:
        with engine.connect() as connection:
            found = connection.execute(
                text(
                    "SELECT charge.number FROM charge JOIN charge_order"
                    " ON charge_order.charge_id = charge.id JOIN order_"
                    " ON order_.id = charge_order.order_id"
                    " WHERE order_.number = :order ORDER BY charge.id DESC"
                ),
                {"order": order},
            )
            return str(found.scalars().first())
    finally:
        engine.dispose()
