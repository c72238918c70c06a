"""What of a visitor's words is masked before anything is stored, and what must not be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.feedback import FeedbackLog, Vote
from bot.masking import Personal, mask, personal, reaches_a_person
from corpus.bundled import bundled_folder
from corpus.document import Language
from tests.bot.web.standin import not_found

SETS = Path(__file__).parent.parent.parent / "evals" / "sets"
# Made up: example domains, numbers reserved for fiction or out of use, documents of specimens.
PERSONAL = """\
Mon adresse est jean.exemple+oim@courrier.example, répondez-moi
write me at someone@mail.example.org please
mi correo: persona.prueba@correo.example.com.
someone (at) mail.example.org
someone [arobase] courrier.example
O’Exemple@mail.example
Appelez-moi au 06 12 34 56 78
06.12.34.56.78
mon numéro est 0612345678
+33 6 12 34 56 78
0033 6 12 34 56 78
+41 22 717 91 11 c'est vous ?
call me on 079 123 45 67 tomorrow
my phone is (202) 555-0143
202-555-0143
+1 202 555 0143
Call +44 20 7946 0958
020 7946 0958
llámame al 612 345 678
612 345 678
mi móvil es 612345678
+34 612 34 56 78 gracias
55 1234 5678 es mi teléfono
teléfono 2234-5678
+504 2234-5678
+221 77 123 45 67
WhatsApp: 99887766
passport A1234567
my passport number is 123456789
passeport n° 12AB34567
Mi pasaporte es XDA123456
passport no. GB 987654
IBAN FR14 2004 1010 0505 0001 3M02 606 dans mon compte
fr1420041010050500013m02606
CH93 0076 2011 6238 5295 7
ES91 2100 0418 4502 0005 1332
FR76 3000 6000 0112 3456 7890 189x
DNI 12345678Z
12345678Z
X1234567L
NIE: X-1234567-L
mon numéro de sécurité sociale 2 55 08 14 168 025 38
255081416802538
756.9217.0769.85
SSN 078-05-1120
carte 4111 1111 1111 1111
4111111111111111
dossier n° 123456
case number 2024-00123456
UNHCR case 123-45C67890
expediente 12345/2023
QQ 12 34 56 C
BOXW310820HNERXN09
mon numéro : 022 717 91 11.
call 2023 then 202-555-0143
Tel.: 0800 123 456
je suis au 07 11 22 33 44 depuis 2019
en 2019 j'ai perdu le 06 12 34 56 78
2019 06 12 34 56 78
06-12-34-56-78
(06) 12 34 56 78
0 612 345 678
teléfono fijo 91 123 45 67
912 34 56 78
+1-202-555-0143 / +41 22 717 91 11
número de teléfono: 55-1234-5678
RCCMNL83S18D969H
mon dossier 987654321
""".splitlines()

KEPT = """\
Combien de migrants en 2023 ? 8 938
8 938 personnes sont mortes en 2024
8,938 people died in 2024 and 8.541 in 2023
entre 2015-2020, 2021/2022
2019 2020 2021 2022
281 000 000 migrants dans le monde
281 millions, 3,6 % de la population
281 598 105 personas migrantes
612 345 678 personas
USD 831 000 000
$1,234,567.89
1.234.567,89 euros
831000000 USD
resolution 2254 (2015), A/RES/70/1, S/2024/123, C/106/54
le 15/01/2024 et 15.01.2024 et 2024-01-15
2024-01-15 12:30
du 01.02.2024 au 03.04.2024
https://www.coast.example/news/123456789/0612345678
www.coast.example/2024/01/15/987654321
ISBN 978-92-9068-789-4
9789290687894
DTM round 45, 120 000 IDPs in 2023
46.2276, 6.1432
46.22761 2.21375
passports 120 000
120000 passeports délivrés
visas : 150 000
10 000 visa
visa 120000
COVID-19, CO2, G20, B2B, 4Mi, L.2024
Objectif 10.7 des ODD, ODD 16
174 États membres, 590 bureaux, 171 pays
Article 13(2)
Quel budget 2022-2023 : 1 200 000 000 de dollars ?
How many of 1,000,000,000?
page 12, 13, 14, 15, 16, 17
24/7
+20 %
-15 000
+ 8 938
from 8,938 to 9,123 in 2023-2024
2 276 en 2023, 3 105 en 2022 et 2 062 en 2021
2014, 2015, 2016, 2017, 2018
50,000-60,000 people
120 000 - 150 000 personnes
de 1 500 000 a 2 000 000 de personas
call for USD 7 900 000 in 2024
l'appel 2024 de 7 900 000 000 dollars
llamamiento de 2024 por 3 300 millones
el llamado de 120.000.000 de dólares
appel de 2 000 000 de dollars
Why did 1951 matter? 1951-2021
73 000 (2019), 89 000 (2020)
8 938 (2024) 8 541 (2023)
10h30-12h45
10:30 12:45
population 8 000 000 000
número de personas: 8.938
numéro 1 en 2023
number of returns: 1 234 567
In case 2023 figures differ
en caso de 120.000 personas
en el caso de 2023, 12 345 personas
le dossier 2024 sur 12 345 migrants
What is the file of 12,345 people
call 2023
call 2023 2024
appel 2022-2023
IOM/2024/12
64 586 persons; 1 512 missing
Missing Migrants 63 285 since 2014
20 000 000 - 25 000 000
3 105 – 8 938
100 000 000 IDPs + 40 000 000 refugees
Entre 01/2023 et 12/2023
1 January 2014 - 31 December 2023
2014 - 2023 63 285
Accord 2023 (1 234 / 5 678)
13,000 identity cards, 25,000 in 2020
identity 25000
appel : 7 900 000 dollars
2 276, 3 105, 2 062
63 285 / 72 000
1 234 567 – 2 345 678
phone penetration 2023: 1 234 567 users
Call for 1 234 567 dollars
12 345 678 migrants
12.345.678 migrantes
12345678 migrants
117.3 million, 6.1 millones
2,5-3,5
IOM 2024-2028
100 000 (2014-2020)
DTM 20240115
S/RES/2240(2015)
1.2.3.4
0,5 % ; 0.25
000 000
0 en 2023
Is the appeal 2023 at 1,900,000?
""".splitlines()


@pytest.mark.parametrize("text", PERSONAL)
def test_what_is_personal_is_masked(text: str) -> None:
    masked = mask(text)
    kinds = {one.kind for one in personal(text)}
    assert kinds
    for kind in kinds:
        masked = masked.replace(f"[{kind}]", "")
    # A year beside it may stay; no number that could lead to someone does.
    assert "@" not in masked
    assert sum(character.isdigit() for character in masked) <= 4


@pytest.mark.parametrize("text", KEPT)
def test_figures_dates_and_references_stay(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize("mark", ["\u00a0", "\u202f", "\u2009", " "])
def test_every_kind_of_space_may_stand_between_digits(mark: str) -> None:
    count = f"Combien\u00a0? 8{mark}938 et 281{mark}598{mark}105 personnes en 2023"
    assert mask(count) == count
    assert mask(f"06{mark}12{mark}34{mark}56{mark}78") == "[phone]"


def test_one_text_may_hold_several() -> None:
    text = "I am A1234567, mail someone@mail.example.org or call +41 22 717 91 11: were there 8,938 deaths in 2024?"
    assert mask(text) == "I am [number], mail [e-mail] or call [phone]: were there 8,938 deaths in 2024?"
    assert [one.kind for one in reaches_a_person(text)] == [Personal.EMAIL, Personal.PHONE]


def test_masking_twice_changes_nothing_more() -> None:
    for text in PERSONAL:
        assert mask(mask(text)) == mask(text)


def test_long_hostile_texts_are_read_to_their_end() -> None:
    for piece in ("1 ", "a@", "12-", "FR76", "call ", "A1", "0", "numéro ", "1.", "((", "a", "a.", "06 12 34 56 78, "):
        mask(piece * (16_000 // len(piece)))


def test_neither_question_nor_comment_is_in_any_file_unmasked(tmp_path: Path) -> None:
    with FeedbackLog.open(tmp_path / "feedback.sqlite3") as log:
        asked = "I am someone@mail.example.org, passport A1234567: how many died in 2024, 8 938?"
        public_id = log.record(not_found(asked, Language.ENGLISH))
        assert log.vote(public_id, Vote.DOWN, comment="Call me: +41 22 717 91 11")
        logged = log.find(public_id)
        assert logged is not None
        assert logged.question == "I am [e-mail], passport [number]: how many died in 2024, 8 938?"
        assert logged.voted is not None
        assert logged.voted.comment == "Call me: [phone]"
        written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"8 938" in written
    for piece in (b"someone@", b"a1234567", b"A1234567", b"717 91"):
        assert piece not in written


def test_a_mask_is_never_cut_by_the_length_of_a_comment(tmp_path: Path) -> None:
    with FeedbackLog.open(tmp_path / "feedback.sqlite3") as log:
        public_id = log.record(not_found("?", Language.ENGLISH))
        log.vote(public_id, Vote.UP, comment="x" * 980 + " someone@mail.example.org")
        logged = log.find(public_id)
    assert logged is not None
    assert logged.voted is not None
    assert "someone" not in logged.voted.comment


def test_nothing_of_the_bundled_questions_and_documents_is_taken_for_personal() -> None:
    questions = [
        json.loads(line)["text"]
        for path in SETS.glob("*/queries.jsonl")
        for line in path.read_text("utf-8").splitlines()
    ]
    assert len(questions) > 100
    assert not [question for question in questions if mask(question) != question]
    paragraphs = [line for path in bundled_folder().glob("*.md") for line in path.read_text("utf-8").splitlines()]
    assert len(paragraphs) > 100
    assert not [paragraph for paragraph in paragraphs if reaches_a_person(paragraph)]
