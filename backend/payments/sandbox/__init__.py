"""A small bank for demonstrations, which behaves towards us like a real one."""

from backend.payments.sandbox.bank import Charge, ChargeState
from backend.payments.sandbox.provider import SandboxInProduction, SandboxProvider

__all__ = ["Charge", "ChargeState", "SandboxInProduction", "SandboxProvider"]
