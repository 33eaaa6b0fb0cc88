"""Text that tries to run, to fetch or to break, for every door of every surface."""

import json
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.looking import Looker
from tests.webmap.tiny import HOSTILE

RAN = "window.ran = 1"
AWAY = "http://elsewhere.example"
# what a shell or a template on the server would leave behind, as the list has it
LEFT_BEHIND = Path("/tmp/blns.fail")  # noqa: S108

NAUGHTY = tuple(
    json.loads(Path(__file__).with_name("naughty").joinpath("blns.json").read_text())
)

# as DOMPurify's own tests have them: markup that runs, or runs once it is parsed twice
MARKUP = (
    f"<img src=x onerror='{RAN}'>",
    f"<svg/onload={RAN}>",
    f"<svg><script>{RAN}</script></svg>",
    f"<math><mi//xlink:href='data:x,<script>{RAN}</script>'>",
    f"<iframe srcdoc='<script>parent.{RAN}</script>'>",
    f"<details open ontoggle='{RAN}'>",
    f"<style>@import '{AWAY}/a.css'; body {{background: url({AWAY}/b.png)}}</style>",
    f"<link rel=stylesheet href={AWAY}/c.css>",
    f"<form><math><mtext></form><form><mglyph><style></math><img src onerror={RAN}>",
    f"<noscript><p title='</noscript><img src=x onerror={RAN}>'>",
    (
        f"<math><mtext><table><mglyph><style><!--</style><img title='--><img src=1 "
        f"onerror={RAN}>'>"
    ),
    f"<svg></p><style><a id='</style><img src=1 onerror={RAN}>'>",
    f"<template><img src=x onerror='{RAN}'></template>",
    f"<xmp><p title='</xmp><img src=x onerror={RAN}>'>",
    f"<select><option><style></option></select><img src=x onerror={RAN}></style>",
    f"<input autofocus onfocus='{RAN}'><body onpageshow='{RAN}'>",
    f"<video><source onerror='{RAN}'></video><marquee onstart='{RAN}'>",
    f"<object data='javascript:{RAN}'><embed src='javascript:{RAN}'>",
    f"<base href='{AWAY}/'><meta http-equiv=refresh content='0;url={AWAY}/m'>",
    f'<img srcset="{AWAY}/e.png 1x"><video poster={AWAY}/f.png>',
    f"<a href='javascript:{RAN}'>x</a><a ping={AWAY} href=#>y</a>",
    # names that would stand in place of the page's own
    "<a id=riskmap><a id=riskmap name=face><form id=document><input name=body>",
    "<img name=cookie><form name=getElementById>",
)
DRAWINGS = (
    f"<svg><animate onbegin='{RAN}' attributeName=x dur=1s>",
    (
        f"<svg><use href=\"data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/"
        f"svg'><image href='1' onerror='{RAN}'/></svg>#x\"/></svg>"
    ),
    f"<svg><foreignObject><iframe srcdoc='<script>parent.{RAN}</script>'>",
    f"<svg><image href='{AWAY}/g.png'/><style>@font-face{{src:url({AWAY}/h)}}</style>",
    f"<svg><a xlink:href='javascript:{RAN}'><text y=9>x</text></a></svg>",
    (
        f"<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' "
        f"onload='parent.{RAN}'/>\">"
    ),
    (
        f"<?xml-stylesheet href='javascript:{RAN}'?><!DOCTYPE x [<!ENTITY e SYSTEM "
        f"'{AWAY}/i'>]>&e;"
    ),
)
MARKDOWN = (
    f"[x](javascript:{RAN})",
    f"![x]({AWAY}/d.png) :material/map: $\\href{{{AWAY}}}{{x}}$",
    f"[![x]({AWAY}/j.png)](javascript:{RAN}) <{AWAY}/k>",
    f"![x][r]\n\n[r]: {AWAY}/l.png\n\n# x\n\n```html\n<img src={AWAY}/m.png>\n```",
    f"$$\\includegraphics{{{AWAY}/n.png}}\\url{{javascript:{RAN}}}$$ :red[x]",
)
TEMPLATES = (
    f"${{{RAN}}} {{{{{RAN}}}}} `${{{RAN}}}` #{{{RAN}}} <%= {RAN} %>",
    f"`+({RAN})+`",
    f"{{{{constructor.constructor('{RAN}')()}}}} [[${{{RAN}}}]]",
    "{0.__class__.__mro__} {path} %(value)s %s %n {",
    f"';{RAN};//\\\";{RAN};//--></script><script>{RAN}</script>",
    "__proto__[ran]=1 constructor prototype __proto__",
    "\u202e\u2066\ufeff\u0000\u2028 \U0001f469\u200d\U0001f4bb \u0e47\u0e47\u0e47",
    "' OR 1=1; DROP TABLE incidents; -- ../../etc/passwd %s%n %00",
    f"=HYPERLINK(\"{AWAY}/o\") =cmd|' /C calc'!A0 @SUM(1)",
)
PAYLOADS = (*HOSTILE, *MARKUP, *DRAWINGS, *MARKDOWN, *TEMPLATES)
TEXTS = (*PAYLOADS, *NAUGHTY)


def joined(longest: int) -> list[str]:
    """Put all texts, each once, into as few as hold so many characters."""
    parts = [""]
    for text in TEXTS:
        # no browser sends a null character from a field
        plain = text.replace("\0", "")[:longest]
        if len(parts[-1]) + len(plain) >= longest:
            parts.append("")
        parts[-1] += f"{plain} "
    return parts


CLOSED = "window.ran === undefined && ({}).ran === undefined"
# no element has a handler or an address that a text could have brought
LOUD = """[...document.querySelectorAll("*")].filter((one) =>
  [...one.attributes].some(({ name, value }) => /^on/i.test(name) ||
    (/^(href|src|action|data|xlink:href)$/i.test(name) &&
      /^\\s*(javascript:|data:text)/i.test(value)))
  ).map((one) => one.outerHTML.slice(0, 200))"""
OURS = ".rm-shell, .rm-blocks, .rm-picker"
NEVER = "img, script, iframe, object, embed, link, meta, base, form, video, math"


def assert_nothing_ran(page: Page, looker: Looker) -> None:
    """No text ran, fetched, became an element or was left behind."""
    assert page.evaluate(CLOSED)
    assert page.evaluate(LOUD) == []
    inside = ", ".join(
        f"{box} {tag}" for box in OURS.split(", ") for tag in NEVER.split(", ")
    )
    assert page.locator(inside).count() == 0
    assert page.locator(f"[src*='elsewhere'], [href*='{AWAY}']").count() == 0
    assert not LEFT_BEHIND.exists()
    looker.assert_quiet()
