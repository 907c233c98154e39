"""WeChat Pay (微信支付) APIv3 as a payment provider, for a merchant of its own, in public-key mode."""
