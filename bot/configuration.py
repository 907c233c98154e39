"""Where settings are read from, and what is wrong with them, in words."""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, EnvSettingsSource, InitSettingsSource

PREFIX = "REGISTRAR_"
CONFIG = "registrar.toml"
NAMES_CONFIG = "REGISTRAR_CONFIG"
FILE = "_file"
WORDS = {
    "missing": ("没有填。", "It is missing."),
    "too_short": ("不能空着。", "It must not be empty."),
    "string_too_short": ("不能空着。", "It must not be empty."),
    "string_type": ("要填文字，加上引号。", "Text is needed, in quotation marks."),
    "path_type": ("要填路径，加上引号。", "A path is needed, in quotation marks."),
    "int_type": ("要填整数。", "A whole number is needed."),
    "int_parsing": ("要填整数。", "A whole number is needed."),
    "int_from_float": ("要填整数。", "A whole number is needed."),
    "bool_type": ("要填 true 或 false。", "It must be true or false."),
    "bool_parsing": ("要填 true 或 false。", "It must be true or false."),
    "enum": ("只能是 {expected}。", "It must be {expected}."),
    "greater_than_equal": ("不能小于 {ge}。", "It must be at least {ge}."),
    "less_than_equal": ("不能大于 {le}。", "It must be at most {le}."),
    "model_type": ("要写成一节，里面逐项写。", "It must be a section with entries in it."),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong; never what is in it, which may be secret."""

    path: tuple[str, ...]  # ("wecom", "secret"); empty where it is not about one entry
    zh: str
    en: str
    name: str = ""  # as it is written in the environment and in the file

    def __str__(self) -> str:
        where = f"{self.name}：" if self.name else ""
        return f"{where}{self.zh} {self.en}".strip()


class Misconfigured(RuntimeError):
    """Nothing can be read of the settings; the message is a problem in words."""


# --- where they come from ---------------------------------------------------------------------


class Environment(EnvSettingsSource):
    """Variables, also those that end in ``_FILE``."""

    def __call__(self) -> dict[str, Any]:
        given = super().__call__()
        for name in self.settings_cls.model_fields:
            path = self.env_vars.get(f"{PREFIX}{name}{FILE}".lower())
            if path is not None:
                given[f"{name}{FILE}"] = path
        return kept(self.settings_cls, given)

    def prepare_field_value(
        self, field_name: str, field: FieldInfo, value: Any, value_is_complex: bool
    ) -> Any:
        try:
            return super().prepare_field_value(field_name, field, value, value_is_complex)
        except ValueError:  # a section that is no JSON: told with all else that is wrong
            return value


class ConfigurationFile(InitSettingsSource):
    """``registrar.toml``; raises Misconfigured for one that cannot be read."""

    def __init__(self, settings_cls: type[BaseSettings]) -> None:
        super().__init__(settings_cls, kept(settings_cls, read_toml()))


def kept(settings_cls: type[BaseSettings], given: dict[str, Any]) -> dict[str, Any]:
    """Without the entries that are left out for being wrong, and files as files."""
    left_out: frozenset[str] = getattr(settings_cls, "left_out", frozenset())
    own = {name: value for name, value in given.items() if name not in left_out}
    return {
        name: value for name, value in with_files(settings_cls, own).items() if name not in left_out
    }


def read_toml() -> dict[str, Any]:
    """What the configuration file says; nothing where none is named and none is there."""
    named = os.environ.get(NAMES_CONFIG, "")
    path = Path(named or CONFIG)
    if not named and not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"))
    except FileNotFoundError:
        zh, en = f"没有 {NAMES_CONFIG} 指的这个文件。", f"{NAMES_CONFIG} names no file."
    except OSError as error:
        zh, en = f"读不了（{error.strerror}）。", "The file cannot be read."
    except UnicodeDecodeError:
        zh, en = "不是 UTF-8 编码。", "It is not in UTF-8."
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        where = f"第 {line[1]} 行" if line else "末尾"
        zh, en = f"{where}不合 TOML 的写法。", f"Not TOML: {error}."
    raise Misconfigured(f"{path}：{zh} {en}")


# --- entries that stand in files of their own -------------------------------------------------


@dataclass(frozen=True, slots=True)
class InFile:
    """An entry whose value a file holds; it is read when the entry is looked at."""

    path: object
    twice: bool  # the value itself is given beside it

    def read(self) -> str:
        """Raises PydanticCustomError."""
        if self.twice:
            raise no_value("这一项和它的值只能写一个。", "Give this or the value itself, not both.")
        if not isinstance(self.path, str | Path) or not str(self.path):
            raise no_value("要填文件的路径。", "The path of a file is needed.")
        try:
            text = Path(self.path).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            raise no_value(f"没有文件 {self.path}。", "There is no such file.") from None
        except (OSError, ValueError):
            raise no_value(f"读不了文件 {self.path}。", "The file cannot be read.") from None
        if not text:
            raise no_value(f"文件 {self.path} 是空的。", "The file is empty.")
        return text


def no_value(zh: str, en: str) -> PydanticCustomError:
    return PydanticCustomError(FILE, "{zh} {en}", {"zh": zh, "en": en})


def with_files(model: type[BaseModel], given: Mapping[str, Any]) -> dict[str, Any]:
    """``token_file`` as ``token``, section by section."""
    found: dict[str, Any] = {}
    for name, value in given.items():
        entry = name.removesuffix(FILE)
        if name != entry and name not in model.model_fields and may_be_file(model, entry):
            found[entry] = InFile(value, twice=entry in given)
        elif isinstance(value, dict) and (section := section_of(model, name)):
            found[name] = with_files(section, value)
        else:
            found.setdefault(name, value)
    return found


def opened(value: Any) -> Any:
    """What a validator of every entry does first."""
    return value.read() if isinstance(value, InFile) else value


def kinds(model: type[BaseModel], name: str) -> list[Any]:
    """Everything an entry may be."""
    field = model.model_fields.get(name)
    found = [field.annotation] if field else []
    for kind in found:
        found += get_args(kind)
    return found


def may_be_file(model: type[BaseModel], name: str) -> bool:
    """What is text; a path is not read for another path."""
    return any(kind in (str, SecretStr, int) for kind in kinds(model, name))


def section_of(model: type[BaseModel], name: str) -> type[BaseModel] | None:
    for kind in kinds(model, name):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind
    return None


# --- what is wrong ----------------------------------------------------------------------------


def problems(wrong: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Every entry that cannot be so, in the order of the settings."""
    return [problem(one, model) for one in wrong.errors(include_url=False)]


def problem(one: ErrorDetails, model: type[BaseModel]) -> Problem:
    path = tuple(str(part) for part in one["loc"])
    context = one.get("ctx", {})
    match one["type"]:
        case "value_error":
            words = one["msg"].removeprefix("Value error, "), ""
        case "extra_forbidden":
            return unknown(path, model, section=isinstance(one["input"], dict))
        case kind if kind == FILE:
            path = (*path[:-1], path[-1] + FILE)
            words = context["zh"], context["en"]
        case kind:
            zh, en = WORDS.get(kind, ("填得不对。", one["msg"]))
            words = zh.format(**context), en.format(**context)
    return Problem(path, *words, name=named(path, section=bool(model_at(model, path))))


def unknown(path: tuple[str, ...], model: type[BaseModel], *, section: bool) -> Problem:
    """An entry that means nothing, with the nearest one that does."""
    of = model_at(model, path[:-1]) or model
    name = named(path, section=section) if len(path) > 1 else in_file(path, section=section)
    zh, en = "没有这一节。" if section else "没有这一项。", "There is no such entry."
    if near := nearest(path[-1], of):
        whole = (*path[:-1], near)
        meant = in_file(whole, section=model_at(model, whole) is not None)
        zh, en = f"{zh}是不是 {meant}？", f"{en} Is {meant} meant?"
    return Problem(path, zh, en, name=name)


def nearest(name: str, model: type[BaseModel]) -> str:
    files = [one + FILE for one in model.model_fields if may_be_file(model, one)]
    found = get_close_matches(name.lower(), [*model.model_fields, *files], n=1)
    return found[0] if found else ""


def model_at(model: type[BaseModel], path: tuple[str, ...]) -> type[BaseModel] | None:
    """The section with this path; None where it is an entry, or nothing."""
    here: type[BaseModel] | None = model
    for name in path:
        here = section_of(here, name) if here else None
    return here


def named(path: tuple[str, ...], *, section: bool) -> str:
    """``REGISTRAR_WECOM__SECRET / [wecom] secret``."""
    if not path:
        return ""
    return f"{variable(path)} / {in_file(path, section=section)}"


def variable(path: tuple[str, ...]) -> str:
    return PREFIX + "__".join(path).upper()


def in_file(path: tuple[str, ...], *, section: bool) -> str:
    if section:
        return f"[{'.'.join(path)}]"
    *sections, entry = path
    return f"[{'.'.join(sections)}] {entry}" if sections else entry


def unknown_variables(model: type[BaseModel]) -> Iterator[Problem]:
    """Variables with our prefix that mean nothing: other programs may have put them there."""
    for name in sorted(os.environ):
        if not name.upper().startswith(PREFIX) or name.upper() == NAMES_CONFIG:
            continue
        entry = name[len(PREFIX) :].lower().partition("__")[0]
        plain = entry.removesuffix(FILE)
        if entry in model.model_fields or (plain != entry and may_be_file(model, plain)):
            continue
        near = nearest(entry, model)
        zh, en = "没有这个设置，不起作用。", "There is no such setting."
        if near:
            meant = variable((near,))
            zh, en = f"{zh}是不是 {meant}？", f"{en} Is {meant} meant?"
        yield Problem((entry,), zh, en, name=name)
