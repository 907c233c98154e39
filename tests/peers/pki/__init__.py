"""Certificate and time stamp authorities as a process of their own, for tests.

Nothing secret is in the repository: the process makes its keys when it starts.
"""

import subprocess
import sys
from pathlib import Path

from backend.documents.materials import SigningKey

ROOT = Path(__file__).parents[3]


class Pki:
    """``folder`` holds what it made; ``url`` is where it answers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.peers.pki", str(folder)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        self.url = self._process.stdout.readline().strip()
        assert self.url, "the authorities did not start"

    def certificate(self, name: str) -> Path:
        return self.folder / "certificates" / f"{name}.cert.pem"

    def key(self, name: str = "seal") -> SigningKey:
        """A seal of the university; the neighbour's is "other-seal"."""
        above = {"seal-crl": "lists", "seal-silent": "silent"}.get(name, "interm")
        chain = self.folder / f"{above}-chain.pem"
        if name == "other-seal":
            chain = self.certificate("other-root")
        return SigningKey(self.folder / "keys" / f"{name}.pem", self.certificate(name), chain)

    def tsa(self, name: str = "tsa", of: str = "stamps") -> str:
        return f"{self.url}/{of}/tsa/{name}"

    @property
    def root(self) -> Path:
        """That the seals lead to."""
        return self.certificate("root")

    @property
    def stamp_root(self) -> Path:
        """That the time stamps lead to."""
        return self.certificate("stamp-root")

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=10)
        if self._process.stdout:
            self._process.stdout.close()
