"""``python -m tests.peers.pki FOLDER [--port N]``: make keys, certify them, and serve what one asks for.

certomancer (by pyHanko's author, MIT) is the authority: a TSA (RFC 3161), an OCSP responder and CRLs.
In FOLDER it leaves ``keys/``, ``certificates/`` and, for the seals, ``interm-chain.pem``; the address is
said on standard output.
"""

import argparse
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import CertomancerConfig
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Response

PLAN = Path(__file__).with_name("certomancer.yml")
YEAR = timedelta(days=365)
LATER = timedelta(days=30)  # from now, until the last of the seals is revoked


class Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        pass


def planned(url: str, now: datetime) -> str:
    def at(moment: datetime) -> str:
        return f"{moment:%Y-%m-%dT00:00:00+0000}"

    filled = {
        "URL": url,
        "PAST": at(now - 8 * YEAR),
        "START": at(now - YEAR),
        "END": at(now + 10 * YEAR),
        "REVOKED": at(now - timedelta(days=20)),
        "LATER": at(now + LATER),
    }
    text = PLAN.read_text(encoding="utf-8")
    for name, value in filled.items():
        text = text.replace("{" + name + "}", value)
    labels = [
        label
        for arch in yaml.safe_load(text.replace("{KEYS}", "{}"))["pki-architectures"].values()
        for label in arch["entities"]
    ]
    keys = ", ".join(f"{label}: {{path: {label}.pem}}" for label in labels)
    return text.replace("{KEYS}", "{" + keys + "}")


def make_keys(folder: Path, labels: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for label in labels:
        file = folder / f"{label}.pem"
        if file.exists():
            continue  # what was signed with them before stays valid
        private = (
            rsa.generate_private_key(65537, 2048)
            if label.endswith("-rsa")
            else ec.generate_private_key(ec.SECP256R1())
        )
        file.touch(mode=0o600)
        file.write_bytes(
            private.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )


def main() -> None:
    reading = argparse.ArgumentParser(prog="python -m tests.peers.pki")
    reading.add_argument("folder", type=Path)
    reading.add_argument("--port", type=int, default=0)
    given = reading.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server(
        "127.0.0.1", given.port, Response(status=503), threaded=True, request_handler=Quiet
    )
    url = f"http://127.0.0.1:{server.server_port}"
    plan = yaml.safe_load(planned(url, datetime.now(UTC)))
    folder: Path = given.folder.resolve()
    make_keys(folder / "keys", list(plan["keysets"]["test"]["keys"]))
    config = CertomancerConfig(plan, key_search_dir=str(folder))
    certificates = folder / "certificates"
    for architecture in config.pki_archs.values():
        architecture.dump_certs(str(certificates), flat=True)
    for above in ("interm", "lists", "silent"):
        (folder / f"{above}-chain.pem").write_bytes(
            b"".join((certificates / f"{one}.cert.pem").read_bytes() for one in (above, "root"))
        )
    server.app = Animator(AnimatorArchStore(config.pki_archs), with_web_ui=False)
    print(url, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
