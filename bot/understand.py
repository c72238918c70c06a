"""The visitor's words → what is looked for: language, search text, the kind of answer expected.

Everything that is known about how people ask in the three languages stands in this module.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Set
from dataclasses import dataclass
from enum import StrEnum

from bot.answer import Question
from bot.concepts import concepts_of
from bot.observe.stages import stage
from bot.speech import OFFICE
from corpus.document import Language
from index.lexical.analysis import fold, stop_words, words
from index.query import query_language


class Expected(StrEnum):
    """The kind of thing that a question asks for."""

    CONTACT = "contact"
    MONEY = "money"
    SHARE = "share"
    DURATION = "duration"
    NUMBER = "number"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"
    OPINION = "opinion"
    DEFINITION = "definition"
    REASON = "reason"
    ANYTHING = "anything"


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a question is taken to mean."""

    text: str
    """The question, cleaned and, for a follow-up, completed from the questions before it."""
    language: Language
    expected: Expected
    terms: tuple[str, ...]
    """Its telling words, folded, without stop words and without the organisation's names; in order, no doubles."""
    names: frozenset[str]
    """Those of `terms` that the visitor wrote as names: they must be met, or nothing is answered."""
    years: frozenset[str]
    """The years it states."""
    concepts: tuple[frozenset[str], ...]
    """Folded words that say the same as one of `terms`, a set for each such term's meaning."""
    organisation: frozenset[str]
    """The folded words of the organisation's names."""
    names_organisation: bool
    """The question names the organisation."""
    about_organisation: bool
    """The question is about the organisation itself, not about some event: it names it and little else."""
    person: frozenset[str]
    """The terms, when it asks who someone is and names that one by them ("Who is Jane Doe?"); else empty."""
    focus: str
    """For a number: the telling word that says of what ("how many *houses*"); else empty."""

    @property
    def search_text(self) -> str:
        """What is sent to search: the question, with other words for what it asks of the organisation itself.

        Other questions are left as they are: search has its own ways to other words, and more would blur names.
        """
        if not self.about_organisation:
            return self.text
        return " ".join([self.text, *sorted(frozenset().union(*self.concepts) - set(self.terms))])


class Unreadable(StrEnum):
    """Why a question is not looked for at all."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NO_WORDS = "no_words"
    INSTRUCTION = "instruction"


_EXPECTED = {
    Expected.CONTACT: r"""\b((numero|numeros) de (telephone|portable|telefono|celular|movil)|(phone|mobile|cell|telephone|fax) number|(telephone|telefono|phone number|celular) (de|du|of|for|del)
        |e ?mail|courriel|(adresse|direccion|address) (mail|electronique|electronica|de correo)|correo electronico|whatsapp)\b""",
    Expected.MONEY: r"""\b(combien (d argent|coute\w*|de (dollars|fonds|millions))|(quel(le)?s?|le) (montant|somme|budget|cout|financement)|somme d argent|a combien s eleve l appel
        |how much (money|funding|aid)|what (amount|budget|sum)|(amount|budget|funding|cost) (of|for)|money (needed|asked|requested|for|from)|\w+ money\b.*\b(19|20)\d\d
        |cuanto (dinero|cuesta|costo|pidio|pide|solicit\w*|aporto|dio|necesita)|que (monto|presupuesto|suma|dinero|cantidad de dinero)|cuantos (dolares|euros|fondos|millones)|dinero (que|para|de))\b""",
    Expected.SHARE: r"\b((quel )?pourcentage|quelle (est la |etait la )?(part|proportion)|taux|what (share|percentage|proportion|per ?cent)|(share|percentage|proportion) of|que (porcentaje|parte|proporcion)|porcentaje)\b",
    Expected.DURATION: r"\b(combien de (temps|jours|mois|semaines|annees|ans)|quel(le)? (delai|duree|age)|sous quel delai|how (long|old)|age limit|(minimum|maximum) age|cuanto (tiempo|dura|tarda\w*)|cuantos (dias|meses|anos)|edad|plazo)\b",
    Expected.NUMBER: r"""\b(combien|quel (est le |etait le |fut le )?(nombre|montant|budget|pourcentage|taux|bilan|cout)|quelle (somme|part|proportion)|a combien
        |how (many|much|big|large)|what (is |was |were )?(the )?(number|amount|share|percentage|budget|toll|cost|total)|number of|death toll
        |how (long|old|far)|combien de temps|quel(le)? (delai|duree|age)|edad|share of|nombre (total )?(de|d) (morts|victimes|personnes|migrants|deplaces|refugies|retours|deces|pays)|(cifra|total|money|dinero) (de|for|needed|que)
        |(morts|muertes|muertos|deaths|dead|arrivals|arrivees|llegadas|desplazados|deplaces|displaced)\W+([\w\W]{0,40}\W)?(19|20)\d\d$|number$
        |cuant[oa]s?|que (cantidad|numero|porcentaje|presupuesto|parte|proporcion|monto|suma)|numero de|cual (es|fue|era) el (numero|monto|presupuesto|porcentaje|total))\b""",
    Expected.DATE: r"""\b(quand|a quelle date|depuis quand|en quelle annee|quelle annee|quel jour|quel mois|date de
        |when|what (year|date|day|month)|which (year|date|day|month)|since when
        |cuando|en que (ano|fecha|mes|dia)|que (ano|fecha|dia)|desde cuando|fecha de)\b""",
    Expected.PERSON: r"""(^\W*(de |a |par |avec )?qui |\b(qui (est|dirige|etait|fut|sera|etaient|preside|represente)|quels? (ministres?|directeurs?|directrices?|responsables?)
        |who|whom|whose|which (senior |iom |un )*(official|deputy|minister|director|head)|quien(es)?|que ministr[oa]|que director[a]?)\b)""",
    Expected.PLACE: r"""\b(ou (est|se|a|ont|sont|etait|la|le|les|en|va)|d ou|dans quel(le)?s? (pays|ville|villes|region|regions)|quels? pays|quelle ville|vers quel
        |where|in (which|what) (country|countries|city|town|place|region)|which (country|countries|city)|what (country|countries|city)
        |donde|adonde|en que (pais|paises|ciudad|lugar|region)|que (pais|paises|ciudad)|cuales paises)\b""",
    Expected.OPINION: r"""\b(que pense|que dit|qu a dit|qu en pense|opinion|avis|position|que (demande|reclame|declare|a declare|recommande)|reagi\w*|point de vue
        |think|thinks|opinion|view|views|position|stance|say|says|said|react\w*|call for|calls for|urge\w*|recommend\w*
        |opina|opinion|piensa|postura|posicion|dice|dijo|reaccion\w*|pide|pidio|recomienda)\b""",
    Expected.DEFINITION: r"(^\W*|\b)(qu est ce qu[e ]|c est quoi|que signifie|que veut dire|a quoi sert|que fait|quel est le role|what (is|are) (the |an? )?\w+( \w+)?(?=\W*$)|what does [\w ]+ (do|mean)|que (es|son|significa|hace)|a que se dedica|para que sirve)\b",
    Expected.REASON: r"\b(pourquoi|pour quelle raison|why|for what reason|what (caused|causes)|por que|por cual razon|a que se debe|causas?)\b",
}
_PATTERNS = {expected: re.compile(re.sub(r"\s*\n\s*", "", pattern)) for expected, pattern in _EXPECTED.items()}
# A question may match several: what stands first here decides.
_ORDER = (
    Expected.CONTACT,
    Expected.MONEY,
    Expected.SHARE,
    Expected.DURATION,
    Expected.NUMBER,
    Expected.DATE,
    Expected.REASON,
    Expected.PERSON,
    Expected.PLACE,
    Expected.OPINION,
    Expected.DEFINITION,
)

_COUNTING = re.compile(
    r"\b(combien|nombre|pourcentage|part|proportion|how many|how much|number|share|percentage|proportion|cuant[oa]s?|numero|cantidad|porcentaje)\b(?P<rest>.*)"
)

_WHO_IS = re.compile(r"^\W*(and |et |y )?(who( is| s| was)|qui (est|etait)|quien (es|era|fue))\b")
_NAME_TERMS = range(2, 5)
_MISSION = "mission"

_INSTRUCTION = re.compile(
    r"\b(ignore[zrs]?|oublie[zrs]?|disregard|forget|bypass|override|olvid[ae]|olvidate|ignora|omite|desobede\w*)\b.{0,60}"
    r"\b(instruc\w*|consign\w*|regles?|rules?|reglas?|prompts?|indicacion\w*|directives?|directrices|above|previous|prior|precedent\w*|anterior\w*|filters?)\b"
    r"|\b(system|systeme|sistema|developer|hidden|initial)\W{1,3}(prompt|message|mensaje|invite|instruc\w*)\b"
    r"|\bprompt (systeme?|del? sistema|du systeme|initial|inicial)\b|\bjailbreak\b|\b(dan|developer|debug|admin|god) mode\b|\bmode (dan|debug|admin)\b"
    r"|\b(you are now|from now on,? you|act as|pretend (to be|you|that you)|role ?play|tu es (maintenant|desormais)|a partir de maintenant|fais comme si|fais semblant|comporte-toi"
    r"|joue le role|agis comme|a partir de ahora|ahora eres|actua como|finge|haz como si|comportate)\b"
    r"|^\W*(please |can you |could you |peux tu |pouvez vous |puedes |podrias |s il te plait |por favor )*"
    r"(write|draft|compose|generate|invent|translate|summari[sz]e this|repeat|print|output|reveal|say that|tell me that|announce"
    r"|ecri[st]?|ecrivez|redige[zr]?|compose[zr]?|invente[zr]?|genere[zr]?|tradui[st]|traduisez|repete[zr]?|affiche[zr]?|revele[zr]?|dis que|dites que|annonce[zr]? que"
    r"|escribe|escriba|escribeme|redacta|redacte|inventa|genera|traduce|traduzca|repite|repita|muestra tu|revela|di que|diga que|anuncia que|publica)\b"
)

_ELLIPTIC = re.compile(
    r"^\W*(et|mais|alors|and|but|so|y|e|pero|entonces|what about|how about|qu en est il|que hay de|que pasa con)\b"
)
_PREPOSITION = re.compile(r"^\W*(pour|dans|en|au|aux|a|depuis|for|in|at|since|para|desde|hasta)\b")
_THERE_IS = re.compile(r"\bil y (a|avait)\b|\by (a|avait)\W(t\W)?il\b|\b(is|are|was|were) there\b")
"""Its words point to nothing that was said before."""
_LEANING = re.compile(
    r"\b(y (a|avait|ont|sont)|la-?bas|cela|ca|celui|celle|ceux|celles|ils?|elles?|lui|leur|ce (chiffre|nombre|plan|projet|pays|rapport)|cette|cet"
    r"|there|it|its|that|those|these|this|they|them|their|he|she|his|her"
    r"|alli|ahi|eso|esa|ese|esos|esas|esto|ellos|ellas|su|sus)\b"
)
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_CAPITALISED = re.compile(r"[^\W\d_][\w’'-]*")
_FEW_TERMS = 3
_FEW_ABOUT = 1


def clean(text: str) -> str:
    """The visitor's words without control characters and doubled white space."""
    visible = "".join(
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", text)
        if character.isspace() or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    return " ".join(visible.split())


def unreadable(text: str, max_characters: int) -> Unreadable | None:
    """Why a cleaned question is not looked for, or None when it is."""
    if not text:
        return Unreadable.EMPTY
    if len(text) > max_characters:
        return Unreadable.TOO_LONG
    if not words(text):
        return Unreadable.NO_WORDS
    if _INSTRUCTION.search(_plain(text)):
        return Unreadable.INSTRUCTION
    return None


@stage("understand")
def understand(question: Question, organisation: frozenset[str]) -> Understanding:
    """Read a question that is not `unreadable`; `organisation` holds the folded words of the organisation's names."""
    text = clean(question.text)
    for earlier in reversed(question.earlier):
        if not _leans(text, organisation) or _names_person(text, organisation):
            break
        text = _complete(text, clean(earlier))
    language = query_language(clean(question.text))
    if text != clean(question.text):
        # A follow-up of two words says little about its language; with the question before it, more.
        language = query_language(text)
    telling = _telling(text, language, organisation)
    if not telling:  # "What does IOM do?": the organisation is what is asked about
        telling = {_MISSION: None}
    names = {name for name in _names(text) if name in telling}
    about = _is_about(text, telling.keys() - organisation, organisation)
    return Understanding(
        text=text,
        language=language,
        expected=_expected(text),
        terms=tuple(telling),
        names=frozenset(names),
        years=frozenset(_YEAR.findall(text)),
        concepts=concepts_of(telling.keys() - names, about),
        organisation=organisation,
        names_organisation=bool(set(words(text)) & organisation),
        about_organisation=about,
        person=frozenset(telling) if _asks_who_is(text, telling) else frozenset(),
        focus=_focus(text, telling),
    )


def _plain(text: str) -> str:
    return re.sub(r"[’'`]", " ", fold(text))


def _expected(text: str) -> Expected:
    plain = re.sub(r"[-\s]+", " ", _plain(text))
    return next((expected for expected in _ORDER if _PATTERNS[expected].search(plain)), Expected.ANYTHING)


def _is_about(text: str, telling: Set[str], organisation: frozenset[str]) -> bool:
    names_it = bool(set(words(text)) & organisation)
    return names_it and len(telling) <= _FEW_ABOUT and not _YEAR.search(text) and not _names(text) & telling


def _names_person(text: str, organisation: frozenset[str]) -> bool:
    return _asks_who_is(text, _telling(text, query_language(text), organisation))


def _asks_who_is(text: str, telling: Iterable[str]) -> bool:
    """Whether a question asks who someone is, and goes on with a name and nothing else: with telling words alone."""
    telling = tuple(telling)
    plain = _plain(text)
    found = _WHO_IS.search(plain)
    if found is None or len(telling) not in _NAME_TERMS or OFFICE.search(text):
        return False
    return words(plain[found.end() :]) == list(telling) and not any(word.isdigit() for word in telling)


def _focus(text: str, telling: dict[str, None]) -> str:
    """The first telling word after the word that asks for a number."""
    found = _COUNTING.search(_plain(text))
    if found is None:
        return ""
    return next((word for word in words(found.group("rest")) if word in telling and not word.isdigit()), "")


def _telling(text: str, language: Language, organisation: frozenset[str]) -> dict[str, None]:
    stop = stop_words(language)
    return {
        word: None
        for word in words(text)
        if word not in stop and word not in organisation and (len(word) > 1 or word.isdigit())
    }


def _names(text: str) -> set[str]:
    """The words of capitalised names; the first word counts only when all is not written in capitals."""
    found = [match.group() for match in _CAPITALISED.finditer(text)]
    if sum(word.isupper() for word in found) > len(found) / 2:
        return set()
    names = set()
    for position, word in enumerate(found):
        bare = re.split(r"[’']", word)[-1]
        if bare[:1].isupper() and (position > 0 or bare.isupper()):
            names.update(words(bare))
    return names


def _leans(text: str, organisation: frozenset[str]) -> bool:
    """Whether a question needs the one before it to be understood."""
    plain = _plain(text)
    terms = _telling(text, query_language(text), organisation)
    if len(terms) > _FEW_TERMS:
        return False
    if _ELLIPTIC.search(plain) or _LEANING.search(_THERE_IS.sub(" ", plain)) or not terms:
        return True
    return bool(_PREPOSITION.search(plain)) and _expected(text) is Expected.ANYTHING


def _complete(text: str, earlier: str) -> str:
    """A leaning question with what it leans on: the earlier one, less what the new one replaces."""
    kept = earlier
    if _YEAR.search(text):
        kept = _YEAR.sub("", kept)
    if _names(text):
        replaced = _names(kept)
        kept = " ".join(word for word in kept.split() if not (set(words(word)) & replaced) or _is_acronym(word))
    return clean(f"{kept.rstrip(' ?!.…')} {text}")


def _is_acronym(word: str) -> bool:
    bare = re.sub(r"\W", "", re.split(r"[’']", word)[-1])
    return len(bare) > 1 and bare.isupper()
