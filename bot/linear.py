"""A small logistic model, kept as readable JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True, slots=True)
class LogisticModel:
    """`P(true) = 1 / (1 + exp(-(bias + Σ weight · feature)))`, with a weight for each named feature."""

    bias: float
    weights: Mapping[str, float]

    @classmethod
    def load(cls, name: str) -> LogisticModel:
        """Read `models/<name>.json` of this package."""
        record = json.loads((resources.files("bot") / "models" / f"{name}.json").read_text("utf-8"))
        return cls(record["bias"], record["weights"])

    def log_odds(self, features: Mapping[str, float]) -> float:
        """`bias + Σ weight · feature`; a feature without a weight counts nothing."""
        return self.bias + sum(weight * features[name] for name, weight in self.weights.items())

    def probability(self, features: Mapping[str, float]) -> float:
        """The probability, 0 to 1."""
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, self.log_odds(features)))))
