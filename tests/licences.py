"""The licences of all that is installed to run orgbot: `python -m tests.licences` writes docs/licences.md anew."""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, distribution, metadata, requires
from pathlib import Path

from boolean import Expression
from license_expression import ExpressionError, get_spdx_licensing
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LIST = Path(__file__).parent.parent / "docs" / "licences.md"
ALLOWED = frozenset({
    "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0",
    "CNRI-Python", "ISC", "LGPL-2.1-or-later", "MIT", "MIT-0", "MIT-CMU", "MPL-1.1", "MPL-2.0", "PSF-2.0", "Zlib",
})  # fmt: skip
"""By SPDX. Ours is Apache-2.0: libraries under the MPL or LGPL may be used as they are, beside it."""
_CLASSIFIED = {
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "Apache 2.0 License": "Apache-2.0",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
    "ISC License (ISCL)": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
"""What older packages say instead of an expression; a "BSD License" has three clauses or two: both are allowed."""


def needed(name: str = "orgbot") -> list[str]:
    """The installed packages that a package needs to run, with all that these need."""
    found: set[tuple[str, frozenset[str]]] = set()
    _walk(name, frozenset(), found)
    return sorted({one for one, _ in found})


def licence_of(name: str) -> str:
    """What a package says of its licence, as an expression of SPDX; empty when it says nothing that is known."""
    said = metadata(name)
    for expression in (said.get("License-Expression"), said.get("License")):
        with suppress(ExpressionError):  # the second may be a whole text
            if expression and get_spdx_licensing().parse(expression, validate=True) is not None:
                return str(expression)
    classified = [one.rpartition(" :: ")[2] for one in said.get_all("Classifier", []) if one.startswith("License ::")]
    known = [_CLASSIFIED.get(one, "") for one in classified or [str(said.get("License"))]]
    return " AND ".join(known) if all(known) else ""


def is_allowed(expression: str) -> bool:
    """Whether all that must be kept to is allowed; of alternatives, one suffices."""
    return bool(expression) and _allowed(get_spdx_licensing().parse(expression, validate=True))


def listed() -> str:
    """The list as it should be."""
    rows = [f"| {name} | {licence_of(name) or 'not said'} |" for name in needed()]
    return "\n".join([_HEAD, *rows, ""])


_HEAD = """# Licences of the libraries

What `pip install .` brings with it, by what each package says of itself (Linux, Python 3.11). Written by
`python -m tests.licences`; the tests hold it up to date, and hold that each licence is one of those in
`tests/licences.py`. Ours is Apache-2.0.

| package | licence (SPDX) |
|---|---|"""


def _allowed(part: Expression) -> bool:
    if part.isliteral:
        return str(part) in ALLOWED
    held = [_allowed(one) for one in part.args]
    return any(held) if part.operator.strip() in ("OR", "|") else all(held)


def _walk(name: str, extras: frozenset[str], found: set[tuple[str, frozenset[str]]]) -> None:
    for line in requires(name) or []:
        requirement = Requirement(line)
        marker, wanted = requirement.marker, frozenset(requirement.extras)
        if marker and not any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            continue
        key = canonicalize_name(requirement.name), wanted
        try:
            distribution(requirement.name)
        except PackageNotFoundError:  # an extra that is not installed
            continue
        if key not in found:
            found.add(key)
            _walk(requirement.name, wanted, found)


if __name__ == "__main__":
    LIST.write_text(listed(), "utf-8")
    sys.stdout.write(f"{LIST} written\n")
