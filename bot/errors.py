"""What can go wrong around answering, and how it is said.

    BotError
    ├── SettingsError       a setting has a value that is not allowed
    ├── FeedbackError       the log of questions cannot be opened or written
    │   └── FeedbackDamaged     a logged answer is not the one that was written
    ├── StaffError          the users of the staff desk cannot be read or changed
    ├── BackupError         the state cannot be backed up, or a back-up cannot be restored
    ├── MetricsError        the figures for Prometheus cannot be served
    ├── WorkerLost          the processes that answer have ended
    └── BatchError          a line of a batch file is not what it should be

A question without an answer is no error: see `AnswerStatus`.
Each message is one sentence that names the thing and the mend, fit to be shown to a user.
"""

from __future__ import annotations


class BotError(Exception):
    """Base of all errors of the package."""


class SettingsError(BotError):
    """A setting has a value that is not allowed."""


class FeedbackError(BotError):
    """The log of questions cannot be opened, read or written."""


class FeedbackDamaged(FeedbackError):
    """A logged answer is not the one that was written."""


class StaffError(BotError):
    """The users of the staff desk cannot be read or changed."""


class BackupError(BotError):
    """The state cannot be backed up, or a back-up cannot be restored."""


class MetricsError(BotError):
    """The figures for Prometheus cannot be served."""


class WorkerLost(BotError):
    """The processes that answer have ended, and new ones too."""


class BatchError(BotError):
    """A line of a batch file is not what it should be."""
