"""The notice of 10 October 2024 on graduation photos and R14, R15 as the first policy, and its demo."""

from datetime import date, timedelta
from typing import Any

PHOTO: dict[str, Any] = {
    "fee_fen": 2000,
    "fee_collected": "on_site",
    "keep_months": 24,
    "code_ways": ["wechat", "app", "web"],
    "dress": ["formal", "light_blue", "patterns", "lenses", "jewellery", "hair"],
    "no_photo_warning": True,
    "makeup": {
        "school_code": "14430",
        "school_name": "中国科学院大学",
        "code_digits": 4,
        "until": "2025-04-30",
        "address_zh": "北京市西城区宣武门外大街甲1号环球财讯中心A座一层中国图片社"
        "（宣武门十字路口西南角，地铁2号、4号线及公交车宣武门站下车）",
        "address_en": "China Photo Service, ground floor, tower A, Global Financial News Centre, "
        "1A Xuanwumenwai Street, Xicheng, Beijing (metro lines 2 and 4, Xuanwumen)",
        "phones": ["010-63072281", "63182787", "63076145"],
    },
    "file": {
        "width": 480,
        "height": 640,
        "least_dpi": 300,
        "bits": 24,
        "least_bytes": 18_000,
        "most_bytes": 40_960,
        "sure_least_bytes": 18_432,
        "sure_most_bytes": 40_000,
    },
    "background": {"hue": [195, 250], "least_saturation": 0.25, "least_share": 0.85},
    "face": {"least_height": 0.25, "most_height": 0.75, "off_centre": 0.12},
    # What no document says, and only works where it is set: how the file is measured.
    "demo": ["background", "face"],
}


def with_demo(today: date) -> dict[str, Any]:
    """The same, with what the notice leaves open, and a make-up time that is still to come."""
    until = (today + timedelta(days=60)).isoformat()
    return PHOTO | {
        "makeup": PHOTO["makeup"] | {"until": until},
        "remind_evening_at": "18:00",
        "remind_hours_before": 2,
        "fee_order_hours": 24,
        "demo": [
            *PHOTO["demo"],
            *("makeup.until", "remind_evening_at", "remind_hours_before", "fee_order_hours"),
        ],
    }
