"""What a file is by its first bytes, whatever it is called."""

TAKEN = ("png", "jpeg")  # E5, E6: 凭证 are sent as PNG or JPG
MEDIA_TYPES = {"png": "image/png", "jpeg": "image/jpeg"}

_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"%PDF-", "pdf"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"),
)
_HEIF = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")


def kind_of(data: bytes) -> str:
    """ "png", "jpeg", or the name of what is not taken; "" for what is unknown."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF:
        return "heic"
    return next((kind for magic, kind in _BEGINNINGS if data.startswith(magic)), "")
