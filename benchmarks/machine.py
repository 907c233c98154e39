"""What the figures were taken on."""

import os
import platform
import sqlite3
from pathlib import Path


def description() -> str:
    """Processor, cores, memory and versions; nothing that names the machine."""
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return (
        f"{processor()}, {os.cpu_count()} cores, {memory()}; {platform.system()},"
        f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version};"
        f" load at the start {load}"
    )


def processor() -> str:
    found = _entry(Path("/proc/cpuinfo"), "model name")
    return found or platform.processor() or platform.machine()


def memory() -> str:
    found = _entry(Path("/proc/meminfo"), "MemTotal")
    return f"{int(found.split()[0]) / 1024**2:.0f} GiB" if found else "memory unknown"


def _entry(path: Path, name: str) -> str:
    if not path.exists():
        return ""
    for line in path.read_text().splitlines():
        key, _colon, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return ""
