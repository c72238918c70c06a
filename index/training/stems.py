"""Stems that Snowball keeps apart though they are of one word: irregular verbs and plurals."""

from __future__ import annotations

import re
from functools import cache

import Stemmer

from corpus.document import Language
from index.lexical.analysis import fold

_SNOWBALL = {Language.ENGLISH: "english", Language.FRENCH: "french", Language.SPANISH: "spanish"}

# Folded stems of one word each; the first stands for all. What is also another word's stem is left out.
_ONE_WORD = {
    Language.ENGLISH: """flee fled|fall fell fallen|rise risen arose|give gave given|take took taken|go went gone
        win won|come came|make made|hold held|build built|send sent|lose lost|meet met|lead led|fight fought
        bring brought|sell sold|pay paid|speak spoken|write wrote written|drive drove driven|show shown|grow grew grown
        begin began begun|becom becam|feel felt|keep kept|say said|see seen|child children|man men|woman women
        teach taught|buy bought|think thought|draw drew drawn|know knew known|break broke broken|choos chose chosen
        steal stole stolen|catch caught|spend spent|stand stood|understand understood|hear heard|tell told|get got
        eat ate eaten|fli flew flown|forget forgot forgotten|hide hid hidden|seek sought|sleep slept|swim swam
        throw threw thrown|wear wore worn|wake woke|foot feet|tooth teeth|rebuild rebuilt""",
    Language.FRENCH: """mour mort meurt meurent mourut|fuir fuit fuient fui fuyant|naitr nait naissent naissanc naquit
        prend pris prennent|apprend appris apprennent|comprend compris comprennent|mettr mettent|permettr permis
        ven vient viennent venu venus vint|ten tient tiennent tenu tenus|deven devient deviennent devenu devint
        obten obtient obtenu|souten soutient soutenu|recevoir recoit recoivent recu recus|devoir doit doivent
        pouvoir peut peuvent|savoir sait savent|voir voit voient|vivr vecu vivent|ouvr ouvert|offrir offert offre
        fair fait font|dir disent|ecrir ecrit ecrivent|perd perdu|rend rendu|vend vendu|attend attendu
        croitr croissanc croissent|connaitr connait connu connaissent|elir elu elus|accueil accueillent
        detruir detruit|atteindr atteint atteignent|craindr craint craignent|yeux oeil|travail travaux
        nation nationaux""",
    Language.SPANISH: """mor muer muert mur|hu huy huid huir huyend|hac hag hech hic hiz|dec dic dich dij
        pon pong puest pus|ten teng tien tuv|pod pud pued|quer quier quis|ven vien vin|ped pid|serv sirv|segu sig sigu
        sent sient sint|dorm duerm durm|perd pierd|empez empiez|comenz comienz|volv vuelt vuelv|abri abiert abrir
        escrib escrit|cubr cubiert|descubr descubiert|romp rot|ver vieron vio vist|eleg elig|caer cay|leer ley
        encontr encuentr|mostr muestr|mov muev|promov promuev|resolv resuelv resuelt|entend entiend
        defend defiend|cerr cierr|pens piens|record recuerd|acord acuerd|devolv devuelv devuelt|nac nazc|conoc conozc
        manten mantien mantuv|obten obtien obtuv|reconoc reconozc|crec crezc|ofrec ofrezc""",
}
# -yeron and -jeron are left on by Snowball; produjo is of producir; French infinitives keep their r.
_REGULAR = {
    Language.ENGLISH: (),
    Language.FRENCH: ((re.compile(r"(?<=[aeiou]nd)r$"), ""), (re.compile(r"(?<=...ui)(?:r|s|t|sent)$"), "")),
    Language.SPANISH: ((re.compile(r"(?<=[jy])eron$"), ""), (re.compile(r"(?<=[dt]u)j$"), "c")),
}


def stem(word: str, language: Language) -> str:
    """The folded stem of a word that still has its accents, the same for all forms of the word."""
    stemmer, one_word = _rules(language)
    found = fold(stemmer.stemWord(word))
    for ending, plain in _REGULAR[language]:
        found = ending.sub(plain, found)
    return one_word.get(found, found)


@cache
def _rules(language: Language) -> tuple[Stemmer.Stemmer, dict[str, str]]:
    groups = [group.split() for group in re.split(r"[|\n]", _ONE_WORD[language])]
    return Stemmer.Stemmer(_SNOWBALL[language]), {other: first for first, *others in groups for other in others}
