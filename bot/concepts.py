"""Words that say the same in the three languages, for what is asked most."""

from __future__ import annotations

from collections.abc import Set

_FOUNDED = (
    "founded established created creation born began fonde fondee cree creee origine origen creado fundado creation "
    "naissance nee fundo fundada creo creada creacion nacio"
)
FOUNDED = frozenset(_FOUNDED.split())
"""Words that tell of a founding."""

_DEATH = (
    "died die dies dead death deaths killed kills lives perished drowned fatalities toll mort morts morte "
    "mortes meurent mourir deces decede decedes tue tues tuees noyes perdu vie victimes muerto muertos "
    "muerta muertas muerte muertes murio murieron mueren morir fallecio fallecieron fallecidos "
    "fallecimientos ahogados vidas"
)
DEATH = frozenset(_DEATH.split())
"""Words that tell of a death, or ask for the dead."""

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
_EVENTS = (
    DEATH,
    *(
        frozenset(concept.split())
        for concept in (
            "job jobs post posts position positions emploi emplois poste postes empleo empleos puesto puestos plazas",
            "cut cuts cutting reduce reduces reducing reduction shed reduit reduire reduction supprime supprimer "
            "suppression recorta recortar recorte recortes suprime reducir reduccion",
            "fled flee fleeing flees fui fuit fuient fuir fuite huyo huyeron huyen huir huida huido",
            "cross crossed crosses crossing crossings traverse traverser traversent traversee traversees traversaient "
            "franchi franchir franchissent cruzo cruzan cruzaron cruzar cruce cruces atraveso atraviesan atravesaron "
            "atravesar",
            "return returned returns returning retour retours rentre rentres rentrer rentrees revenus regreso "
            "regresaron regresar retorno retornos retornaron volvieron volver vuelta",
        )
    ),
)


_MEMBERS, _COUNTRIES, _STATES, _PRESENCE = (
    frozenset(concept.split())
    for concept in (
        "member members membership membre membres miembro miembros",
        "country countries pays pais paises",
        "state states etat etats estado estados",
        "work works operate operates present presence office offices travaille travaillent opere intervient bureau "
        "bureaux trabaja trabajan opera presente presencia oficina oficinas",
    )
)
# Words that say the same beside another only: member countries are States, and who works in a country has an office.
_BESIDE = ((_MEMBERS, _COUNTRIES | _STATES), (_COUNTRIES, _PRESENCE))


def concepts_of(terms: Set[str], about_organisation: bool) -> tuple[frozenset[str], ...]:
    """The sets of like words, folded, that share a term with a question.

    Those about the organisation itself only where it is asked, others only beside another term.
    """
    beside = (concept for other, concept in _BESIDE if other & terms)
    known = (*_EVENTS, *(_ABOUT_ITSELF if about_organisation else ()), *beside)
    return tuple(concept for concept in known if concept & terms)
