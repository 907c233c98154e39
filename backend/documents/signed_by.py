"""Which certificate one of our own files was signed with. It trusts the file: only its hash is checked."""

import re
from hashlib import sha256

from asn1crypto import cms
from cryptography import x509

from backend.documents import keys
from backend.documents.container import named
from backend.documents.materials import KeyInfo

NAME = "files"  # of keys that are known by their documents only
_CONTENTS = re.compile(rb"/Contents\s*<([0-9a-fA-F]{512,})>")


def certificate(pdf: bytes, digest: str) -> KeyInfo:
    """Raises ValueError when these are not the bytes with this SHA-256, or hold no signature."""
    if sha256(pdf).hexdigest() != digest:
        raise ValueError("this is not the file on record")
    found = _CONTENTS.search(pdf)
    if found is None:
        raise ValueError("the file holds no signature")
    signed = cms.ContentInfo.load(bytes.fromhex(found[1].decode()))["content"]
    every = [one.chosen for one in signed["certificates"]]
    own = named(signed["signer_infos"][0]["sid"], every)
    if own is None:
        raise ValueError("the signature does not come with its certificate")
    others = [x509.load_der_x509_certificate(one.dump()) for one in every if one is not own]
    mine = x509.load_der_x509_certificate(own.dump())
    return keys.told(NAME, "files", None, mine, tuple(others))
