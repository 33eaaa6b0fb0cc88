"""Write docs/cli.md: the help of every command, in both languages."""

import os
import sys
from pathlib import Path

from riskmap.cli.program import COMMANDS, help_text
from riskmap.i18n import LANGUAGES, Words

COLUMNS = "80"
NOTICE = "<!-- written by scripts/write_cli_reference.py: change the catalogues -->"
REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "cli.md"


def reference() -> str:
    """Lay out the whole reference, which is what the program itself says."""
    os.environ["COLUMNS"] = COLUMNS
    parts = [
        "# Command line · Línea de comandos",
        NOTICE,
        " · ".join(
            f"[{Words(lang).text('cli.reference.language')}](#{_anchor(lang)})"
            for lang in LANGUAGES
        ),
    ]
    for lang in LANGUAGES:
        words = Words(lang)
        parts.append(f"## {words.text('cli.reference.language')}")
        parts.append(words.text("cli.reference.introduction"))
        parts.append(_fenced(help_text(words)))
        for name in COMMANDS:
            parts += [f"### riskmap {name}", _fenced(help_text(words, name))]
    return "\n\n".join(parts) + "\n"


def _anchor(lang: str) -> str:
    """Name the heading of a language as the page's links do."""
    return Words(lang).text("cli.reference.language").lower()


def _fenced(text: str) -> str:
    """Show text as the terminal does."""
    return f"```text\n{text.rstrip()}\n```"


def main() -> int:
    """Write the reference; with ``--check`` only tell whether it is current."""
    current = REFERENCE.is_file() and REFERENCE.read_text("utf-8") == reference()
    if "--check" not in sys.argv[1:]:
        REFERENCE.write_text(reference(), encoding="utf-8")
    elif not current:
        print(f"{REFERENCE.name} is out of date: run {Path(__file__).name}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
