"""How requests to the Bot API are written: query, form, JSON or multipart."""

import json
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl


@dataclass
class Upload:
    name: str
    media_type: str
    data: bytes


Fields = dict[str, Any]


def fields_of(content_type: str, body: bytes, query: str) -> tuple[Fields, dict[str, Upload]]:
    """Plain fields (nested values are JSON in strings) and files."""
    fields: Fields = dict(parse_qsl(query))
    files: dict[str, Upload] = {}
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        fields |= json.loads(body or b"{}")
    elif kind == "multipart/form-data":
        head = f"Content-Type: {content_type}\r\nMIME-Version: 1.0\r\n\r\n".encode()
        for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts():
            data = part.get_payload(decode=True)
            assert isinstance(data, bytes)
            name = str(part.get_param("name", header="content-disposition"))
            if part.get_filename() is None:
                fields[name] = data.decode()
            else:
                files[name] = Upload(str(part.get_filename()), part.get_content_type(), data)
    else:
        fields |= dict(parse_qsl(body.decode(), keep_blank_values=True))
    return {name: opened(value) for name, value in fields.items()}, files


def opened(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
