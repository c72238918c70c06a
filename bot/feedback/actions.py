"""What staff did: who, when, what."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.feedback.database import Using
from bot.feedback.records import Action, StaffAction
from bot.feedback.sealing import is_sound


class StaffActions:
    """Keeps the actions of staff; part of a FeedbackLog, and raises what it raises."""

    def __init__(self, using: Using) -> None:
        """Write through the connection of the log."""
        self._using = using

    def note(self, user: str, action: Action, about: str = "") -> None:
        """Keep one action."""
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        with self._using() as connection:
            connection.execute(
                "INSERT INTO staff_action (at, user, action, about) VALUES (?, ?, ?, ?)", (moment, user, action, about)
            )

    def recent(self, limit: int = 50, offset: int = 0) -> list[StaffAction]:
        """The latest actions that are not damaged, newest first."""
        with self._using() as connection:
            rows = connection.execute(
                f"SELECT at, user, action, about FROM staff_action WHERE {is_sound('staff_action')}"
                " ORDER BY id DESC LIMIT ? OFFSET ?",
                (limit, offset),
            ).fetchall()
        return [
            StaffAction(datetime.fromisoformat(at), user, Action(action), about) for at, user, action, about in rows
        ]
