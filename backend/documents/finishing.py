"""What a signed document still needs from a time stamp authority. Light: the server's jobs do it."""

from hashlib import sha256

from asn1crypto import cms, parser

from backend.documents import archive
from backend.documents.container import named, stamped
from backend.documents.errors import NoEvidence, SigningRefused, Unstamped
from backend.documents.hole import Hole, fill
from backend.documents.materials import Authority, Evidence, Level, Made


def finish(made: Made, authority: Authority | None, evidence: Evidence | None = None) -> bytes:
    """The finished file: from B-T on with its time stamp, at B-LTA with one over everything too.

    ``evidence`` is what the document was made with. Never gives a file of a lower level: raises
    Unstamped, NoEvidence when somebody else stamps than the evidence is about, and SigningRefused
    when stamps are larger than their place.
    """
    if made.finished:
        return made.pdf
    if authority is None:
        raise SigningRefused(f"{made.level} needs a time stamp authority, and none is configured")
    token = authority.stamp(sha256(made.signature).digest())
    hole = Hole(*made.hole)
    raw = bytes.fromhex(made.pdf[hole.start + 1 : hole.end - 1].decode("ascii"))
    tokens = [token]
    try:
        pdf = fill(bytearray(made.pdf), hole, stamped(raw[: parser.peek(raw)], token))
        if made.level is Level.B_LTA:
            tokens.append(authority.stamp(archive.digest(pdf)))
            pdf += archive.tail(pdf, tokens[-1])
    except ValueError as error:
        raise SigningRefused(str(error)) from error
    if evidence is not None and any(stamper(one) not in evidence.certificates for one in tokens):
        raise NoEvidence("the time stamps have another signer than a moment ago")
    return pdf


def stamper(token: bytes) -> bytes:
    """The certificate of who signed a time stamp, in DER. Raises Unstamped when it is not there."""
    signed = cms.ContentInfo.load(token)["content"]
    (signer,) = signed["signer_infos"]
    found = named(signer["sid"], (one.chosen for one in signed["certificates"]))
    if found is None:
        raise Unstamped("the time stamp does not bring its certificate")
    der: bytes = found.dump()
    return der
