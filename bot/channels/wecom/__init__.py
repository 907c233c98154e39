"""WeCom (企业微信): messages come in by callback and go out through its API."""
