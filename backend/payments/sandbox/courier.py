"""Carries the bank's notices to the program until they are acknowledged."""

import json
import logging
import threading

import httpx

from backend.clock import Clock
from backend.payments.sandbox.bank import Bank, Charge
from backend.payments.sandbox.signature import Signer

LONGEST_NAP = 60.0  # another process may have taken a payment meanwhile
SHORTEST_NAP = 0.1
log = logging.getLogger(__name__)


class Courier:
    """Posts every due notice; what was not acknowledged before a restart goes on after it."""

    def __init__(
        self,
        bank: Bank,
        signer: Signer,
        notify_url: str,
        clock: Clock,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._bank = bank
        self._signer = signer
        self._notify_url = notify_url
        self._clock = clock
        self._transport = transport
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def deliver_due(self) -> int:
        """One round; returns how many notices were acknowledged."""
        due = self._bank.claim_due(self._clock.now())
        if not due:
            return 0
        # Never through a proxy: the notice goes to this very program.
        with httpx.Client(timeout=5.0, trust_env=False, transport=self._transport) as client:
            return sum(self._deliver(client, charge) for charge in due)

    def start(self) -> None:
        if self._thread is None:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._run, name="sandbox-courier", daemon=True)
            self._thread.start()

    def wake(self) -> None:
        self._wake.set()

    def stop(self) -> None:
        if self._thread is not None:
            self._stopping.set()
            self._wake.set()
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            nap = LONGEST_NAP
            try:
                self.deliver_due()
                if (due := self._bank.next_due()) is not None:
                    nap = due - self._clock.now().timestamp()
            except Exception:
                log.exception("sandbox bank: a round of notices has failed")
            self._wake.wait(min(max(nap, SHORTEST_NAP), LONGEST_NAP))

    def _deliver(self, client: httpx.Client, charge: Charge) -> bool:
        body = notice_body(charge)
        headers = self._signer.headers(body, self._clock.now())
        headers["content-type"] = "application/json"
        try:
            answer = client.post(self._notify_url, content=body, headers=headers)
        except httpx.HTTPError as error:
            log.info("sandbox bank: notice not delivered: %s", type(error).__name__)
            return False
        if not answer.is_success:
            log.warning("sandbox bank: notice refused with %d", answer.status_code)
            return False
        self._bank.acknowledge(str(charge.transaction_id), self._clock.now())
        return True


def notice_body(charge: Charge) -> bytes:
    """What is signed and sent. Raises ValueError when nothing has been paid."""
    if charge.paid_at is None:
        raise ValueError(f"{charge.order_number} is not paid")
    return json.dumps(
        {
            "merchant": charge.merchant,
            "transaction_id": charge.transaction_id,
            "order_number": charge.order_number,
            "amount_fen": charge.amount_fen,
            "currency": charge.currency,
            "paid_at": charge.paid_at.isoformat(),
        },
        separators=(",", ":"),
    ).encode()
