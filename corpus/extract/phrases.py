"""The words by which the lines around a page's body are known, in French, English and Spanish.

Each table holds regular expressions for whole lines, read without regard to case.
"""

from __future__ import annotations

# fmt: off
_SOCIAL = (
    r"(?:facebook|twitter|x|linked ?in|whats ?app|instagram|you ?tube|telegram|flickr|tik ?tok|rss"
    r"|e-?mail|courriel|correo(?: electrónico)?|copy link|copier le lien|copiar enlace)"
)

LANGUAGES = (
    r"english", r"fran[cç]ais", r"espa[nñ]ol", r"العربية", r"عربي", r"русский", r"中文", r"简体中文", r"deutsch",
    r"portugu[eê]s", r"italiano", r"arabic", r"french", r"spanish", r"anglais", r"espagnol", r"inglés", r"francés",
    r"arabe", r"árabe", r"t[uü]rkçe", r"en", r"fr", r"es", r"ar", r"ru", r"zh",
)
"""A language switch, as it names the languages."""

CLUTTER = (
    r"tweet", r"tweeter", r"twittear", r"retweet",
    (rf"(?:share|partager|compartir|print|imprimer|imprimir|listen|écouter|escuchar|download|télécharger|descargar"
     rf"|save|like|j[’']aime|me gusta|pdf)(?: (?:this|on|sur|en|this (?:page|article|story)|cette page|cet article"
     rf"|esta página|este artículo|pdf|page)(?: {_SOCIAL})?)?"),
    rf"{_SOCIAL}(?:[\s,|/·•]+{_SOCIAL})*", r"(?:read|learn|see|view|show|load) (?:more|all|less)",
    r"lire (?:la suite|plus)", r"en savoir plus", r"voir (?:plus|tout|la suite)", r"afficher plus",
    r"(?:leer|ver|saber|mostrar) (?:más|todo)", r"seguir leyendo", r"continue reading", r"continuer la lecture",
    r"advertisement", r"publicité", r"publicidad", r"(?:click|cliquez|haga clic) .{0,40}", r"photo", r"image",
    r"video", r"vidéo", r"gallery", r"galerie", r"galería",
    (r"(?:download|télécharger|descargar) (?:the |le |la |les |el |los )?(?:full )?(?:report|rapport|informe"
     r"|document|documento|pdf|press release|communiqué|comunicado)"),
    r"\W*(?:ends?|fin|fin du communiqué|fin del comunicado|30)\W*",
)
"""What may stand even between paragraphs of the body, and is never part of it."""

MENU = (
    r"(?:skip|jump|go) to (?:the )?(?:main )?(?:content|navigation).*",
    r"(?:aller|passer|accéder) (?:au|directement au) (?:contenu|menu).*",
    r"(?:pasar|ir|saltar) al (?:contenido|menú).*",
    r"(?:toggle|open|close|main|top|mobile) (?:navigation|menu|search)", r"menu(?: principal)?",
    r"menú(?: principal)?", r"(?:ouvrir|fermer|abrir|cerrar) (?:le |el )?men[uú]",
    r"(?:navigation|navegación)(?: principale?)?", r"home(?: ?page)?", r"accueil", r"inicio",
    r"search(?: (?:form|box|site|here|results|(?:this|the|our) (?:site|website)|by keyword|for))?[\s.…:]*",
    r"rechercher?(?: (?:sur|dans) (?:le|ce) site| par mots?[- ]clés?)?[\s.…:]*",
    r"recherche",
    r"buscar(?: en (?:el|este) sitio| por palabras? claves?)?[\s.…:]*",
    r"búsqueda",
    r"go",
    r"ok", r"submit", r"envoyer", r"enviar", r"apply", r"log ?in", r"sign (?:in|up)", r"connexion", r"se connecter",
    r"iniciar sesión", r"register", r"s[’']inscrire", r"donate(?: now)?", r"faire un don", r"donar?", r"dona ahora",
    r"je donne", r"who we are", r"about us", r"our work", r"what we do", r"where we work", r"take action",
    r"get involved", r"work with us", r"careers?", r"jobs", r"vacancies", r"data and research", r"data & research",
    r"resources", r"publications", r"media", r"events", r"contact us", r"qui sommes[- ]nous ?\??", r"notre travail",
    r"nos actions", r"ce que nous faisons", r"où travaillons[- ]nous ?\??", r"où nous travaillons", r"agir",
    r"engagez-vous", r"travailler avec nous", r"carrières", r"emplois", r"données et recherche", r"ressources",
    r"médias", r"événements", r"contactez-nous", r"partenariats", r"¿?quiénes somos\??", r"nuestro trabajo",
    r"(?:lo )?qué hacemos", r"dónde trabajamos", r"participe", r"actúe", r"trabaje con nosotros", r"empleos?",
    r"datos e investigación", r"recursos", r"publicaciones", r"medios", r"eventos", r"contáctenos", r"alianzas",
    r"partnerships", r"structure", r"estructura", r"back to (?:the )?top", r"retour en haut", r"haut de page",
    r"volver arriba", r"arriba", r"(?:previous|next)(?: (?:article|page|story|post))?",
    r"(?:article |page )?(?:précédente?|suivante?)", r"(?:artículo |página )?(?:anterior|siguiente)",
    r"(?:select|choose) (?:your )?(?:language|country)", r"(?:choisir|choisissez) (?:la |votre )?langue",
    r"(?:seleccione|elija) (?:su )?idioma", r"languages?", r"langues?", r"idiomas?", r"translate",
    r"share this .{0,20}", r"follow us.{0,20}", r"print this page", r"text size", r"a a a", r"a\+", r"a-",
    r"(?:accept|reject|decline|manage)(?: all)?(?: cookies)?",
    r"(?:tout )?(?:accepter|refuser|rejeter)(?: tout| les cookies)?",
    r"(?:aceptar|rechazar)(?: todo| todas| cookies)?", r"cookies?.{0,30}", r"close", r"fermer", r"cerrar", r"×",
    r"you are here.{0,80}", r"vous êtes ici.{0,80}", r"(?:usted )?está aquí.{0,80}", r"breadcrumb",
    r"fil d[’']ariane", r"2030 agenda",
)
"""Entries of menus, search boxes, dialogs."""

FOOTER = (
    r"related|latest|more|trending|recommended|popular|most read",
    (r"(?:related|latest|recent|more|other|similar|recommended|popular|trending|top)(?: \w+)?"
     r" (?:news|stories|articles?|releases?|content|documents?|links?|publications?|posts?|topics?|pages?"
     r"|resources|reading)"
     r"(?: .{0,25})?"),
    r"you (?:may|might) also (?:like|be interested).{0,20}", r"(?:see|read) also.{0,20}", r"also read", r"read next",
    r"more (?:on|from|about) .{0,50}", r"in this section", r"on this page",
    (r"(?:actualités|articles?|communiqués?|contenus?|documents?|liens|publications|nouvelles|pages?)(?: de presse)?"
     r" (?:connexes?|liée?s?|associée?s?|similaires?|récente?s?|recommandée?s?|apparentée?s?)"),
    r"(?:dernières|autres|plus d[’'e]\s?)\s?(?:actualités|nouvelles|articles|communiqués|publications)",
    r"(?:à lire|lire|voir|à voir) (?:aussi|également|ensuite)", r"sur le même (?:sujet|thème)",
    r"dans la même (?:rubrique|section).{0,10}", r"à découvrir(?: aussi)?", r"vous (?:aimerez|pourriez) aussi.{0,30}",
    (r"(?:noticias|artículos?|comunicados?|contenidos?|documentos?|enlaces|publicaciones|historias)(?: de prensa)?"
     r" (?:relacionad[oa]s?|similares?|recientes|recomendad[oa]s)"),
    r"(?:últimas|otras|más) (?:noticias|historias|publicaciones)", r"(?:otros|más) (?:artículos|comunicados)",
    r"(?:ver|lea|leer) (?:también|además)", r"también (?:le|te) puede interesar", r"temas relacionados",
    r"relacionad[oa]s", r"sdgs?(?: ?\d.{0,40})?", r"odd(?: ?\d.{0,40})?", r"ods(?: ?\d.{0,40})?",
    r"sustainable development goals?", r"objectifs? de développement durable", r"objetivos? de desarrollo sostenible",
    r"share(?: (?:this|on|via|to|with)\b.{0,30})?",
    r"partager(?: (?:sur|cette?|via|par|la page|l[’']article)\b.{0,30})?",
    r"compartir(?: (?:en|esta|este|por|vía|con)\b.{0,30})?",
    r"(?:subscribe|newsletter|abonnez-vous|s[’']abonner|inscrivez-vous|suscr[ií]b(?:ase|ete|irse)|boletín)\b.{0,80}",
    (r"(?:follow us|suivez-nous|nous suivre|s[ií]ganos|síguenos|find us|stay connected|restez (?:connecté|informé)e?s?)"
     r"\b.{0,60}"),
    r"follow @.{1,40}", r"(?:©|\(c\)|copyright\b).{0,120}",
    r"(?:all rights reserved|tous droits réservés|todos los derechos reservados).{0,60}",
    (r"(?:tags?|topics?|themes?|thèmes?|étiquettes?|mots[- ]clés|etiquetas|temas|categor(?:y|ies|ías?)|catégories?"
     r"|filed under|country|countries|regions?|pays|régions?|países?|regiones)\s*:.{0,120}"),
    r"tags?", r"étiquettes", r"etiquetas", r"mots-clés",
    (r"(?:privacy(?: (?:policy|notice|statement|settings))?|cookies?(?: (?:policy|notice|settings|preferences))?"
     r"|terms(?: (?:of (?:use|service)|(?:and|&) conditions))?|legal(?: (?:notice|information|disclaimer))?"
     r"|accessibility(?: statement)?|disclaimer|site ?map|politique de (?:confidentialité|cookies)|mentions légales"
     r"|conditions (?:générales )?d[’']utilisation|plan du site|protection des données|accessibilité"
     r"|política de (?:privacidad|cookies)|aviso legal|mapa del sitio|términos(?: y condiciones| de uso)?"
     r"|condiciones de uso|accesibilidad)(?:\s*[|·•/–-]\s*.{1,80})?"),
    r"back to (?:the )?top", r"retour en haut.{0,20}", r"haut de page", r"volver arriba", r"leave a comment",
    r"comments?(?: \(\d+\))?", r"commentaires", r"comentarios", r"laisser un commentaire",
    r"was this page (?:useful|helpful).{0,10}", r"cette page vous a-t-elle .{0,20}", r"footer", r"pied de page",
    r"pie de página", r"about this site", r"(?:previous|next)(?: (?:article|page|story|post|news))?",
    (r"(?:retour|return|volver|back) (?:aux? |à l[a’'] ?|to (?:the )?|a (?:la |las )?)"
     r"(?:actualités|accueil|liste|sommaire|list|news|home|overview|noticias|inicio|lista|portada|index).{0,20}"),
)
"""What opens the part of a page below its text."""

NOTICES = (
    (r"\bcookies?\b.*\b(?:site|sitio|web|website|browser|navigat\w+|naveg\w+|experience|expérience|experiencia"
     r"|consent\w*|accept\w*|acept\w*)\b"),
    r"\b(?:site|sitio|website|browser)\b.*\bcookies?\b",
    r"\b(?:enable|activer|activez|active|habilite) (?:le )?javascript", r"all rights reserved",
    r"tous droits réservés", r"todos los derechos reservados", r"official website of",
    r"site officiel d", r"sitio oficial de",
)
"""Notices of a site; looked for anywhere in a line."""

CAPTIONS = (
    (r"(?:photo|foto|fotos|photos|image|imagen|crédits?|credits?|créditos?|caption|légende|video|vidéo"
     r"|vídeo)(?: (?:credit"
     r"|crédit|by|de|par|por))?\s*[:©/].*"),
    r".*(?:©|\(c\)\s).*", r".*\((?:photo|foto|image)\s?[:/].*\)\.?",
)
"""Captions and credits of pictures."""

AUTHORS = (
    (r"(?:(?:written|delivered) by|rédigée? par|prononcée? par|escrit[oa] por|pronunciad[oa] por|author"
     r"|auteure?|autora?|speaker"
     r"|source|fuente)\b.{1,80}"),
    # A name: "Par mer et par terre" is none.
    (r"(?:by|par|por)\s(?:(?:le|la|the|el)\s(?:\S+\s){0,2}?(?:service|bureau|équipe|office|team|equipo"
     r"|oficina)\b.{0,40}"
     r"|(?:(?:the|le|la|el|los)\s|l[’'])?(?-i:[A-ZÀ-Þ])\S*(?:\s(?:(?-i:[A-ZÀ-Þ])\S*|de|del|la|du|des|van"
     r"|von|y|et|and|of|the|&)){0,6})"),
    r"\d+ (?:min(?:ute)?s?|minutos?)(?: (?:read|de lecture|de lectura))?",
    r".{0,20}(?:reading time|temps de lecture|tiempo de lectura).{0,20}",
)
"""Who wrote a page, and how long it takes to read."""

SECTIONS = (
    r"stor(?:y|ies)", r"features?", r"blog", r"opinion", r"opinión", r"reportages?", r"récits", r"historias",
    r"portraits?", r"interviews?", r"entrevistas?", r"global", r"regional", r"régional", r"local", r"national",
    r"world", r"topics?", r"themes?", r"thèmes?", r"thématiques?", r"temas?", r"tags?", r"country", r"countries",
    r"pays", r"país(?:es)?", r"regions?", r"régions?", r"regi[oó]n(?:es)?", r"archives?", r"archivos?", r"all",
    r"tous", r"todos", r"latest", r"featured", r"à la une", r"destacad[oa]s?",
)
"""Names of sections that stand by a headline."""
