"""Templates filled in: text is only ever text, and nothing that is not in the page is loaded or run."""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from alexandria_scan.bundled import folder
from alexandria_scan.report.html.controls import percent
from alexandria_scan.report.html.findings import anchor, parameters
from alexandria_scan.report.words import count, ended, listed, printable

# Inside a script element only this can end it, or begin what a browser reads as markup.
_IN_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_WORDS = {"pass": "pass", "fail": "fail", "unknown": "unknown", "waived": "waived", "not_applicable": "does not apply"}
_SIGNS = {"pass": "✓", "fail": "✗", "unknown": "?", "waived": "w", "not_applicable": "·"}


def page(**content: Any) -> str:
    """The page with its style and its script in it; a browser runs and applies these two only, by their hashes."""
    templates = folder("reports") / "templates" / "html"
    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )
    environment.filters |= {
        "percent": percent,
        "within_100": lambda score: max(0.0, min(score, 100.0)),
        "anchor": anchor,
        "count": count,
        "ended": ended,
        "listed": listed,
        "parameters": parameters,
        "word": lambda verdict: _WORDS.get(verdict, verdict),
        "sign": lambda verdict: _SIGNS.get(verdict, "·"),
        "number": lambda number: f"{number:,}",
        "is_link": lambda text: text.startswith(("https://", "http://")),
    }
    style = (templates / "style.css").read_text(encoding="utf-8")
    script = (templates / "script.js").read_text(encoding="utf-8")
    template = environment.get_template("page.html")
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'"
    return template.render(style=Markup(style), script=Markup(script), content_policy=policy, **content)


def embedded(data: Any) -> Markup:
    """Data as JSON that is safe inside a script element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign, escape in _IN_SCRIPT.items():
        text = text.replace(sign, escape)
    return Markup(text)


def _shown(value: Any) -> Any:
    """What an expression in a template shows: text without what a browser would obey instead of showing it."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
