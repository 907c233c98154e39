"""WeChat Pay API v3 for one merchant of the Chinese mainland, in public-key mode (微信支付公钥模式).

Written from its documentation (https://pay.weixin.qq.com/doc/v3/merchant/4012062524), without a
line of the program that it is a peer of: it takes charges, lets them be paid on a phone of its own
without any money, sends notices, pays back and writes bills. It refuses what the platform refuses,
in its words. ``python -m tests.peers.wechatpay`` serves it for the demonstration.
"""

from tests.peers.wechatpay.merchant import Merchant
from tests.peers.wechatpay.server import NotInProduction, Server

__all__ = ["Merchant", "NotInProduction", "Server"]
