"""Words that say the same in the three languages, for what is asked most."""

from __future__ import annotations

from collections.abc import Set

_FOUNDED = (
    "founded established created creation born began fonde fondee cree creee origine origen creado fundado creation "
    "naissance nee fundo fundada creo creada creacion nacio"
)
FOUNDED = frozenset(_FOUNDED.split())
"""Words that tell of a founding."""

# What every organisation is asked about itself, in words that its pages seldom repeat.
_ABOUT_ITSELF = (
    FOUNDED,
    *(
        frozenset(concept.split())
        for concept in (
            "heads head leads leader boss runs dirige diriger dirigee chef tete lidera encabeza jefe jefa "
            "director directora directeur directrice",
            "headquarters headquartered seat siege sede",
            "mission mision tasks taches tareas assists aide ayuda mandate mandat mandato",
        )
    ),
)

# What the public asks most about migration, in words that are seldom learnt from general text.
_EVENTS = tuple(
    frozenset(concept.split())
    for concept in (
        "died die dies dead death deaths killed kills lives perished drowned fatalities toll mort morts morte "
        "mortes meurent mourir deces decede decedes tue tues tuees noyes perdu vie victimes muerto muertos "
        "muerta muertas muerte muertes murio murieron mueren morir fallecio fallecieron fallecidos "
        "fallecimientos ahogados vidas",
        "job jobs post posts position positions emploi emplois poste postes empleo empleos puesto puestos plazas",
        "cut cuts cutting reduce reduces reducing reduction shed reduit reduire reduction supprime supprimer "
        "suppression recorta recortar recorte recortes suprime reducir reduccion",
        "fled flee fleeing flees fui fuit fuient fuir fuite huyo huyeron huyen huir huida huido",
        "cross crossed crosses crossing crossings traverse traverser traversent traversee traversees traversaient "
        "franchi franchir franchissent cruzo cruzan cruzaron cruzar cruce cruces atraveso atraviesan atravesaron "
        "atravesar",
        "work works operate operates active present presence office offices travaille travaillent opere intervient "
        "presente bureau bureaux trabaja trabajan opera presencia oficina oficinas",
        "country countries state states nation nations pays etat etats pais paises estado estados nacion naciones",
        "return returned returns returning retour retours rentre rentres rentrer rentrees revenus regreso "
        "regresaron regresar retorno retornos retornaron volvieron volver vuelta",
    )
)


def concepts_of(terms: Set[str], about_organisation: bool) -> tuple[frozenset[str], ...]:
    """The sets of like words, folded, that share a term with a question; those about itself only where it is asked."""
    known = (*_EVENTS, *(_ABOUT_ITSELF if about_organisation else ()))
    return tuple(concept for concept in known if concept & terms)
