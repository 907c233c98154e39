"""What the manuals say is what there is: settings, files, commands, sentences and names."""

import ast
import re
import tomllib
from argparse import ArgumentParser
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any

import pytest

from backend import jobs, tasks
from backend.models import Application
from backend.payments import provider
from backend.policy.notices import OFFICES
from bot import app
from bot.cli import commands
from bot.settings import Settings
from dialogs.catalog import DIALOGS
from tools import translations

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
README = ROOT / "README.md"
MANUALS = [README, *sorted(DOCS.rglob("*.md"))]
STAFF = DOCS / "staff" / "transcripts.md"
EXAMPLE = DOCS / "adding-a-service.md"
EACH = pytest.mark.parametrize("page", MANUALS, ids=lambda page: str(page.relative_to(ROOT)))

FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
PATH = re.compile(r"(?:[\w.-]+/)*[\w.-]+\.(?:py|md|po|yml|sh|toml|txt|css|html)|(?:[\w.-]+/)+")
PLACES = ("backend", "bot", "dialogs", "nlu", "tests", "tools", "docs", "locks", "benchmarks")
# The worked example makes these; they are not there.
EXAMPLES = (
    "backend/policy/enrolment.py",
    "backend/enrolment.py",
    "dialogs/enrolment.py",
    "nlu/rasa/data/nlu/enrolment.yml",
    "tests/conversations/enrolment.md",
)


def prose(page: Path) -> str:
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def blocks(page: Path, *languages: str) -> list[str]:
    found = FENCE.findall(page.read_text(encoding="utf-8"))
    return [body for language, body in found if language in languages]


def spans(page: Path) -> list[str]:
    return re.findall(r"`([^`\n]+)`", prose(page))


def shell(page: Path) -> list[str]:
    """Every line that a reader might type: code spans, and blocks that are not of a language."""
    lines = [line for block in blocks(page, "", "sh") for line in block.splitlines()]
    return [*spans(page), *lines]


def blanked(sentence: str) -> str:
    """A sentence as a manual quotes it: what varies is “…”."""
    return re.sub(r"\{\w+\}", "…", sentence)


# --- for whoever runs it --------------------------------------------------------------------


def settings_table() -> dict[str, str]:
    text = (DOCS / "operations.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| `REGISTRAR_(\w+)` \| ([^|]+) \|", text, re.MULTILINE))


def test_an_administrator_finds_every_setting_with_its_default_and_no_other() -> None:
    words = {"": "empty", "None": "none", "True": "true", "False": "false"}
    defaults = {
        name.upper(): "none"
        if field.default_factory
        else words.get(str(field.default), f"{field.default}")
        for name, field in Settings.model_fields.items()
    }
    written = {name: value.strip().strip("`") for name, value in settings_table().items()}
    assert written == defaults


@EACH
def test_no_manual_names_a_setting_that_does_not_exist(page: Path) -> None:
    named = set(re.findall(r"REGISTRAR_([A-Z][A-Z_]*)", page.read_text(encoding="utf-8")))
    outer = {name.partition("__")[0].removesuffix("_FILE") for name in named} - {"CONFIG"}
    assert outer <= {name.upper() for name in Settings.model_fields}


def options(parser: ArgumentParser) -> set[str]:
    """Of a command, and of the commands below it."""
    choices = [action.choices for action in parser._actions]
    below = [one for each in choices if isinstance(each, dict) for one in each.values()]
    parsers = [one for one in below if isinstance(one, ArgumentParser)]
    return set(parser._option_string_actions).union(*map(options, parsers))


@EACH
def test_every_registrar_command_in_a_manual_exists_with_its_options(page: Path) -> None:
    (action,) = (one for one in commands()._actions if one.choices)
    known = {name: options(parser) for name, parser in dict(action.choices or {}).items()}
    for line in shell(page):
        for name, rest in re.findall(
            r"(?:^|[\s/])registrar ([a-z]+(?:-[a-z]+)*)\b([^`#|;]*)", line
        ):
            assert name in known, line
            for option in re.findall(r"(?<=\s)--[a-z-]+", rest):
                assert option in known[name], line


def test_the_operations_manual_lists_every_command() -> None:
    (action,) = (one for one in commands()._actions if one.choices)
    text = (DOCS / "operations.md").read_text(encoding="utf-8")
    assert [name for name in dict(action.choices or {}) if f"registrar {name}" not in text] == []


@EACH
def test_every_make_target_and_module_in_a_manual_can_be_run(page: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for line in shell(page):
        for target in re.findall(r"^make ([a-z-]+)", line):
            assert target in targets, line
        for module in re.findall(r"python -m ([\w.]+)", line):
            path = ROOT / module.replace(".", "/")
            assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), line


def test_every_log_message_an_administrator_is_told_to_look_for_is_written() -> None:
    text = (DOCS / "operations.md").read_text(encoding="utf-8")
    table = text.split("| message | meaning |")[1].split("\n\n")[0]
    code = "".join(
        path.read_text()
        for folder in ("bot", "backend", "nlu")
        for path in (ROOT / folder).rglob("*.py")
    )
    messages = [one for row in table.splitlines() for one in re.findall(r"`([^`]+)`", row)]
    assert len(messages) >= 6
    for message in messages:
        for piece in re.split(r" … |\(\w{8}\)|… | …", message):
            assert piece.strip() in code, message


def test_what_runs_by_itself_runs_as_often_as_the_manual_says() -> None:
    text = (DOCS / "operations.md").read_text(encoding="utf-8")
    assert jobs.HOUSEKEEPING == "* * * * *"
    assert "| every minute |" in text
    assert f"| every {app.SWEEP_SECONDS:.0f} seconds |" in text
    assert f"| every {jobs.BEAT_SECONDS:.0f} seconds |" in text
    assert f"not seen for {jobs.DEAD_AFTER.seconds} seconds" in text
    assert f"| every {jobs.CLEANING_BEATS * jobs.BEAT_SECONDS / 60:.0f} minutes |" in text
    assert (jobs.KEPT_AFTER.days, tasks.PREVIEW_KEPT.days) == (7, 7)  # "a week"
    assert jobs.ATTEMPTS == 6  # "tried six times"
    assert f"more than {provider.TOLERANCE.seconds} seconds off" in text


# --- for whoever reads the code -------------------------------------------------------------


@EACH
def test_every_path_in_a_manual_is_there(page: Path) -> None:
    lost = []
    for span in spans(page):
        path = span.split("::")[0]
        if not PATH.fullmatch(path) or path in EXAMPLES:
            continue
        first = path.split("/")[0]
        if first in PLACES or (ROOT / first).exists():
            lost += [] if (ROOT / path).exists() else [path]
    assert lost == []


@EACH
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    links = [link for link in LINK.findall(prose(page)) if not re.match(r"[a-z]+:", link)]
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_map_of_the_house_has_every_folder() -> None:
    packed = tomllib.loads((ROOT / "pyproject.toml").read_text())
    shipped = packed["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    packages = {path.split("/")[0] for path in shipped}
    ignored = {line.strip("/\n") for line in (ROOT / ".gitignore").read_text().splitlines()}
    folders = {
        path.name
        for path in ROOT.iterdir()
        if path.is_dir() and not path.name.startswith(".") and path.name not in ignored
    }
    assert folders >= packages
    rows = re.findall(r"^\| (`\w+/`.*?) \|", README.read_text(encoding="utf-8"), re.MULTILINE)
    mapped = {name for row in rows for name in re.findall(r"`(\w+)/`", row)}
    assert mapped >= folders
    assert [name for name in mapped - folders if not (ROOT / name).exists()] == []


def test_the_index_of_decisions_has_every_decision_by_its_title() -> None:
    index = (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| \[(\d+)\]\(([\w.-]+)\) \|", index, re.MULTILINE)
    files = sorted(path.name for path in (DOCS / "decisions").glob("[0-9]*.md"))
    assert [name for _number, name in listed] == files
    for number, name in listed:
        title = (DOCS / "decisions" / name).read_text(encoding="utf-8").splitlines()[0]
        assert title.startswith(f"# {number}. ")
        assert int(name[:4]) == int(number)


def test_every_term_of_the_glossary_is_at_home_where_it_says() -> None:
    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([a-z -]+) \| ([^|]+) \| ([^|]+) \| (.+) \|$", text, re.MULTILINE)
    terms = [row[0] for row in rows if row[0] != "term"]
    assert len(terms) == len(set(terms)) >= 40
    for term, chinese, _meaning, home in rows:
        if term == "term" or set(term) == {"-"}:
            continue
        assert re.search("[\u4e00-\u9fff]", chinese), term
        path, name = re.findall(r"`([^`]+)`", home)
        assert re.search(rf"\b{re.escape(name)}\b", (ROOT / path).read_text(encoding="utf-8")), term


# --- the worked example ---------------------------------------------------------------------

# What it calls, and where that is.
HOMES = {
    "Field": ("pydantic", "Field"),
    "NotSet": ("backend.policy.transcript", "NotSet"),
    "_load": ("backend.policy.store", "_load"),
    "store.version_in_force": ("backend.policy.store", "version_in_force"),
    "Edge": ("backend.workflow", "Edge"),
    "WORKFLOW.take": ("backend.workflow", "Workflow.take"),
    "students.find": ("backend.registry.students", "find"),
    "numbering.next_number": ("backend.numbering", "next_number"),
    "authority.require": ("backend.authority", "require"),
    "keep": ("backend.consents", "keep"),
    "fixed": ("dialogs.engine.slots", "fixed"),
    "text": ("dialogs.engine.slots", "text"),
    "number": ("dialogs.engine.slots", "number"),
    "chat.ask": ("dialogs.engine.chat", "Chat.ask"),
    "chat.confirm": ("dialogs.engine.chat", "Chat.confirm"),
    "chat.card": ("dialogs.engine.chat", "Chat.card"),
    "chat.agreed": ("dialogs.engine.chat", "Chat.agreed"),
    "chat.say": ("dialogs.engine.chat", "Chat.say"),
    "plain": ("dialogs.engine.words", "plain"),
    "Dialog": ("dialogs.engine.running", "Dialog"),
    "pick": ("dialogs.refusals", "pick"),
}


def called(call: ast.Call) -> str:
    return ast.unparse(call.func)


def test_the_code_of_the_worked_example_is_python() -> None:
    code = blocks(EXAMPLE, "python")
    assert len(code) >= 8
    for block in code:
        ast.parse(block)


def test_the_worked_example_only_calls_what_the_house_has() -> None:
    calls = [
        node
        for block in blocks(EXAMPLE, "python")
        for node in ast.walk(ast.parse(block))
        if isinstance(node, ast.Call)
    ]
    seen = set()
    for call in calls:
        home, name = HOMES.get(called(call), ("", ""))
        if not home:
            continue
        seen.add(called(call))
        owner: Any = import_module(home)
        for part in name.split("."):
            owner = getattr(owner, part)
        given = {one.arg for one in call.keywords}
        parameters = signature(owner).parameters.values()
        if any(one.kind is one.VAR_KEYWORD for one in parameters):
            continue
        assert given <= {one.name for one in parameters}, called(call)
    assert seen == set(HOMES)


def test_the_worked_example_fills_every_column_of_an_application() -> None:
    (made,) = (
        node
        for block in blocks(EXAMPLE, "python")
        for node in ast.walk(ast.parse(block))
        if isinstance(node, ast.Call) and called(node) == "Application"
    )
    columns = Application.__table__.columns
    needed = {
        column.name
        for column in columns
        if not (column.nullable or column.primary_key or column.default)
    }
    given = {one.arg for one in made.keywords}
    assert needed - {"version"} <= given <= set(columns.keys())  # which the mapper counts


# --- for staff ------------------------------------------------------------------------------


def test_staff_find_every_dialog_that_is_theirs_in_its_section() -> None:
    sections = re.split(r"^## ", STAFF.read_text(encoding="utf-8"), flags=re.MULTILINE)
    by_module = {
        "dialogs.staff.approvals": ("审批", "成绩单卡住了"),
        "dialogs.policies.publishing": ("发布新规定",),
    }
    missing = []
    for name, dialog in DIALOGS.items():
        for start in by_module.get(dialog.run.__module__, ()):
            if any(one.startswith(start) and dialog.title.msgid in one for one in sections):
                break
        else:
            if dialog.run.__module__ in by_module:
                missing.append(name)
    assert missing == []


def test_every_button_and_message_quoted_for_staff_is_really_said() -> None:
    said = {blanked(sentence) for sentence in translations.said()}
    page = prose(STAFF)
    buttons = re.findall(r"\[([^\]]+)\](?!\()", page)
    assert [label for label in buttons if label not in said] == []
    received = re.findall(r"^\| ((?:成绩单|学号) [^|]+) \|", page, re.MULTILINE)
    assert len(received) == 3
    assert [one for one in received if not any(sentence.startswith(one) for sentence in said)] == []
    states = re.search(r"^(等待审批 → .+)。$", page, re.MULTILINE)
    assert states
    named = re.split(" → |、|；另有：", states[1])
    assert [state for state in named if state not in said] == []


def test_the_example_of_publishing_is_a_conversation_that_is_played() -> None:
    (example,) = blocks(STAFF, "text")
    played = (ROOT / "tests/conversations/policy.md").read_text(encoding="utf-8").splitlines()
    for line in example.splitlines():
        assert any(one.startswith(line.removesuffix("…").strip()) for one in played), line


def test_staff_are_given_the_numbers_of_the_published_offices() -> None:
    page = STAFF.read_text(encoding="utf-8")
    for office in OFFICES["offices"].values():
        for part in ("name_zh", "contact", "phone", "email"):
            assert office.get(part, "") in page
