"""RapidOCR behind the port. Imported in the studio's process only: its models take 0.6 GB."""

import logging
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image
from rapidocr_onnxruntime import RapidOCR

from backend.pictures import orientation
from backend.pictures.seen import Box, Line, Read

WIDE = 1.5  # times as tall as wide: a line that runs from top to bottom


class Rapid:
    def __init__(self) -> None:
        logging.getLogger("RapidOCR").setLevel(logging.ERROR)
        self._ocr: Any = RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1)

    def read(self, picture: bytes, side: int) -> Read:
        """See ``reader.Reader``. A picture that is turned is set upright before it is read."""
        with Image.open(BytesIO(picture)) as file:
            image = file.convert("RGB")
        width = image.width
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        boxes, crops = self._found(image)
        if not crops:
            return Read(size=image.size)
        tall = [_tall(box) for box in boxes]
        _turned, votes, _seconds = self._ocr.text_cls([crop.copy() for crop in crops])
        flipped = [label == "180" for label, _score in votes]
        turn = orientation.by_votes(tall, flipped)
        scale = width / image.width
        if turn:
            image = image.rotate(turn, expand=True)
            boxes, crops = self._found(image)
        words, _seconds = self._ocr.text_rec(crops)
        lines = [
            Line(text, float(score), _box(box, scale))
            for box, (text, score) in zip(boxes, words, strict=True)
            if text.strip()
        ]
        size = (round(image.width * scale), round(image.height * scale))
        return Read(tuple(lines), turn, size)

    def _found(self, image: Image.Image) -> tuple[list[Any], list[Any]]:
        pixels = np.asarray(image)[:, :, ::-1].copy()  # it wants blue first
        boxes, _seconds = self._ocr.text_det(pixels)
        if boxes is None or len(boxes) == 0:
            return [], []
        ordered = self._ocr.sorted_boxes(boxes)
        return list(ordered), self._ocr.get_crop_img_list(pixels, ordered)


def _tall(box: Any) -> bool:
    return bool(np.ptp(box[:, 1]) > np.ptp(box[:, 0]) * WIDE)


def _box(box: Any, scale: float) -> Box:
    left, top = box.min(axis=0)
    right, bottom = box.max(axis=0)
    return Box(*(round(float(it) * scale) for it in (left, top, right - left, bottom - top)))
