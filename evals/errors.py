"""What can go wrong with an evaluation, and how it is said.

    EvaluationError
    ├── SetError            a set of questions cannot be read
    │   ├── SetMissing      a folder or one of its files is not there
    │   ├── SetMalformed    a line is not what its file should hold
    │   └── SetEmpty        nothing is left to evaluate
    ├── RunError            a run file cannot be written
    ├── ResultError         a file of results cannot be written, read or compared
    ├── PlotError           a plot cannot be written
    └── FloorsError         the floors of the gate do not fit what was measured

Each message is one sentence that names the thing and the mend, fit to be shown to a user.
"""

from __future__ import annotations


class EvaluationError(Exception):
    """Base of all errors of the package."""


class SetError(EvaluationError):
    """A set of questions cannot be read."""


class SetMissing(SetError):
    """A folder or one of its files is not there."""


class SetMalformed(SetError):
    """A line is not what its file should hold."""


class SetEmpty(SetError):
    """Nothing is left to evaluate."""


class RunError(EvaluationError):
    """A run file cannot be written."""


class ResultError(EvaluationError):
    """A file of results cannot be written, read or compared."""


class PlotError(EvaluationError):
    """A plot cannot be written."""


class FloorsError(EvaluationError):
    """The floors of the gate do not fit what was measured."""
