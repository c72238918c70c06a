"""What each signal of retrieval is worth: the same index searched with signals switched off.

Nothing is built anew: a signal is switched off by weighing nothing in fusion. What a switched-off signal brings into
the candidates stays among them, where the other signals rank it.

The weights that are left are not balanced anew, nor is the prior for the question's language: a variant may put another
language's edition first. `Success@1` counts that against it where only the own edition is judged, `Release Success@1`
does not; read them side by side. The prior for about pages is `bot.retrieve`'s and has no part in these figures.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.settings import IndexSettings

WHOLE = "whole"


def variants(settings: IndexSettings, signals: Sequence[str]) -> dict[str, IndexSettings]:
    """By name: the settings as they are, without each of the signals, and with each of them alone.

    Of two signals, one without the other is the other alone: it is given once.
    """
    found = {WHOLE: settings}
    if len(signals) > 2:
        found |= {f"without {signal}": _without(settings, [signal]) for signal in signals}
    if len(signals) > 1:
        found |= {
            f"{signal} alone": _without(settings, [other for other in signals if other != signal]) for signal in signals
        }
    return found


def _without(settings: IndexSettings, signals: Sequence[str]) -> IndexSettings:
    """The settings in which these signals weigh nothing, for any pair of languages; priors stay."""
    fusion, off = settings.fusion, dict.fromkeys(signals, 0.0)
    switched: dict[str, object] = {
        "same_language": fusion.same_language.model_copy(update=off),
        "across_languages": fusion.across_languages.model_copy(update=off),
        "pairs": {languages: weights.model_copy(update=off) for languages, weights in fusion.pairs.items()},
    }
    if "dense" in off:
        switched["sentence_encoder_dense"] = dict.fromkeys(fusion.sentence_encoder_dense, 0.0)
    return settings.model_copy(update={"fusion": fusion.model_copy(update=switched)})
