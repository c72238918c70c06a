"""Whether an installation is as it should be, and what to do where it is not."""

from bot.doctor.examine import examine
from bot.doctor.finding import Finding, State

__all__ = ["Finding", "State", "examine"]
