"""The code's words: every key that it says exists, and every key is said."""

import ast
import re
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

import riskmap
from riskmap import errors
from riskmap.i18n import LANGUAGES
from riskmap.i18n.catalogues import catalogue, domains, forms

PACKAGE = Path(riskmap.__file__).parent
ROOT = PACKAGE.parent
MODULES = sorted([*PACKAGE.rglob("*.py"), *ROOT.glob("scripts/*.py"), ROOT / "app.py"])
OTHER_TEXT = ("*.js", "*.html", "*.toml")
KEY = re.compile(r"[a-z_]+(\.\w+)+")
PREFIX = re.compile(r"[a-z_]+(\.\w+)*\.")
SAYING = {"label", "text", "plural"}
NAMING = {"named"}

# families that stand for a list: words.error, and tables that anyone may print
DECLARED = ("error.", "metric.")


def keys():
    return {
        message.id[0] if message.pluralizable else message.id
        for domain in domains("en")
        for message in catalogue("en", domain)
        if message.id
    }


@cache
def trees():
    return {
        path: ast.parse(path.read_text("utf-8")) for path in MODULES if path.is_file()
    }


def calls(tree, names):
    """Yield each call of a function or method of these names, with its first word."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and node.args):
            continue
        function = node.func
        name = getattr(function, "attr", getattr(function, "id", ""))
        if name in names:
            yield node.args[0]


def literal(node):
    return node.value if isinstance(node, ast.Constant) else None


def prefix(node):
    """The text before the first field of an f-string: a family of keys."""
    first = node.values[0] if isinstance(node, ast.JoinedStr) and node.values else None
    return literal(first) if first is not None else None


def families():
    """Every beginning of a key that some f-string, or ``named``, completes."""
    found = set(DECLARED)
    for tree in trees().values():
        for node in ast.walk(tree):
            text = prefix(node)
            if isinstance(text, str) and PREFIX.fullmatch(text):
                found.add(text)
        found |= {f"{literal(node)}." for node in calls(tree, NAMING) if literal(node)}
    return found


def said():
    """Every dotted word that stands between quotes, in whatever we ship."""
    found = set()
    for tree in trees().values():
        texts = (literal(node) for node in ast.walk(tree))
        found |= {text for text in texts if isinstance(text, str)}
    for pattern in OTHER_TEXT:
        for path in PACKAGE.rglob(pattern):
            if "vendor" not in path.parts:
                found |= set(
                    re.findall(r"""["'`]([\w.]+)["'`]""", path.read_text("utf-8"))
                )
    return found


def test_every_key_that_the_code_says_has_words():
    known = keys()
    for path, tree in trees().items():
        for node in calls(tree, SAYING):
            key = literal(node)
            if isinstance(key, str) and KEY.fullmatch(key):
                assert key in known, f"{path.name}:{node.lineno} says {key}"


def test_every_family_that_the_code_completes_has_words():
    known = keys()
    for path, tree in trees().items():
        for node in calls(tree, SAYING):
            text = prefix(node)
            if isinstance(text, str) and PREFIX.fullmatch(text):
                assert any(key.startswith(text) for key in known), (
                    f"{path.name}:{node.lineno} says {text}…"
                )


def test_every_key_is_said_somewhere():
    begun = tuple(families())
    uttered = said()
    idle = {key for key in keys() if key not in uttered and not key.startswith(begun)}
    assert idle == set()


def raises():
    """Yield each raise of one of our errors with the fields that it gives."""
    kinds = {
        name: kind for name, kind in vars(errors).items() if isinstance(kind, type)
    }
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in kinds:
                given = {word.arg: literal(word.value) for word in node.keywords}
                kind = kinds[node.func.id]
                if issubclass(kind, errors.RiskmapError) and None not in given:
                    yield f"{path.name}:{node.lineno}", kind, given


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_raise_gives_the_fields_that_its_sentence_names(language):
    lacking = {}
    for place, kind, given in raises():
        (text,) = forms(language, f"error.{kind.code}")
        wanted = {name for _, name, _, _ in Formatter().parse(text) if name}
        if wanted - given.keys():
            lacking[place] = wanted - given.keys()
    assert lacking == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_field_that_is_a_code_has_words_wherever_its_kin_has(language):
    coded = {key.rpartition(".")[0] for key in keys() if key.startswith("error.")}
    for place, kind, given in raises():
        for name, value in given.items():
            family = f"error.{kind.code}.{name}"
            if isinstance(value, str) and family in coded:
                assert forms(language, f"{family}.{value}"), f"{place}: {value}"
