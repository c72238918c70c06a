"""`make audit`: known vulnerabilities of all pinned libraries, by pip-audit, or plainly that none could be looked up.

pip-audit alone ends with success when its service knows no package at all, as behind a mirror of packages.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

PINNED = Path(__file__).parent.parent / "constraints.txt"
_AUDIT = [
    "--requirement", str(PINNED), "--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off",
    "--timeout", "10",
]  # fmt: skip
_SECONDS = 300


def verdict(report: dict[str, Any] | None) -> tuple[str, int]:
    """What is said of a report of pip-audit (None: it made none), and the exit status: 1 for a known vulnerability."""
    dependencies = report["dependencies"] if report else []
    audited = [one for one in dependencies if "skip_reason" not in one]
    if not audited:
        return "NOT AUDITED: the vulnerability service could not be reached, or knows none of the libraries.", 0
    lines = [
        f"{one['name']} {one['version']}: {found['id']} (mended in {', '.join(found['fix_versions']) or 'no release'})"
        for one in audited
        for found in one["vulns"]
    ]
    unknown = [one["name"] for one in dependencies if "skip_reason" in one]
    said = f"{len(audited)} libraries audited, {len(lines)} known vulnerabilities"
    if unknown:
        said += f"; NOT audited, since the service does not know them: {', '.join(unknown)}"
    return "\n".join([*lines, said + "."]), int(bool(lines))


def report() -> dict[str, Any] | None:
    """What pip-audit finds; None when it found out nothing."""
    try:
        done = subprocess.run([sys.executable, "-m", "pip_audit", *_AUDIT], capture_output=True, timeout=_SECONDS)
        made: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return None
    return made


if __name__ == "__main__":
    said, status = verdict(report())
    print(said)
    sys.exit(status)
