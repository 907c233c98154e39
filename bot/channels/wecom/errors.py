"""What WeCom's error codes mean for whoever called (developer.work.weixin.qq.com/document/path/90313)."""

from bot.channels.port import Blocked, Unreachable, Unsendable

OK = 0
BUSY = -1
STALE_TOKEN = frozenset({40014, 42001, 40001})  # invalid, expired, not of this secret
BAD_CODE = frozenset({40029, 42003})  # OAuth2: wrong or used, expired
CARD_CODE_OVER = frozenset({42014, 42015, 42016, 42017, 40058})  # the card cannot be changed by it
MEDIA_OVER = 40007

TOO_MUCH = {45009: 60.0, 45033: 5.0, 45047: 60.0}  # frequency, concurrency: seconds to wait
NOBODY = frozenset(
    {
        40003,  # invalid userid
        40031,
        46004,  # user does not exist
        60111,  # userid not found
        60121,
        81013,  # every receiver is outside the application's visible range
        82001,
        50002,  # member outside the visible range
    }
)
OURS_TO_MEND = frozenset(
    {
        40001,  # wrong secret
        40013,  # wrong corp id
        40014,
        40056,  # wrong agent id
        41001,
        42001,
        48002,  # the application may not call this
        50003,  # the application is switched off
        60011,
        60020,  # our address is not on the list of trusted IPs
        301002,
    }
)
MENDING = 300.0  # seconds until it is worth another try


class ApiError(Exception):
    """WeCom has refused; ``code`` is its errcode. Its message may quote ours, so it is not kept."""

    def __init__(self, path: str, code: int) -> None:
        super().__init__(f"{path}: errcode {code}")
        self.path = path
        self.code = code


def for_delivery(error: ApiError) -> Exception:
    """The same in the words of the port."""
    if error.code == BUSY:
        return Unreachable("busy")
    if error.code in TOO_MUCH:
        return Unreachable(f"errcode {error.code}", TOO_MUCH[error.code])
    if error.code in OURS_TO_MEND:
        return Unreachable(f"errcode {error.code}", MENDING)
    if error.code in NOBODY:
        return Blocked(f"errcode {error.code}")
    return Unsendable(f"errcode {error.code}")
