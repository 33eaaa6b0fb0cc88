"""Write the list in docs/layers.md: every layer, as the code has it."""

import sys
from pathlib import Path

from riskmap.features.catalogue import LAYERS
from riskmap.features.layer import Layer
from riskmap.i18n import LANGUAGES, Words

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "docs" / "layers.md"
MARK = (
    "<!-- from here on written by scripts/write_layer_catalogue.py: change the code "
    "instead -->"
)
HEADINGS = ("layer", "en", "es", "unit", "purpose", "made from")


def catalogue() -> str:
    """Lay out the whole page: the methods as they stand, then a list of layers."""
    methods, mark, _ = CATALOGUE.read_text(encoding="utf-8").partition(MARK)
    entries = [_entry(layer) for layer in LAYERS]
    return methods + "\n\n".join([mark, "## The list", _table(), *entries]) + "\n"


def _table() -> str:
    """List all layers, a line each."""
    lines = [HEADINGS, ("---",) * len(HEADINGS)]
    lines += [
        (
            f"[`{layer.name}`](#{layer.name})",
            *(Words(lang).text(f"layer.{layer.name}") for lang in LANGUAGES),
            Words("en").text(layer.unit_key),
            Words("en").text(f"purpose.{layer.purpose}"),
            ", ".join(layer.reads),
        )
        for layer in LAYERS
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _entry(layer: Layer) -> str:
    """Describe one layer."""
    facts = [
        ("measures", layer.column.meaning),
        *((lang, Words(lang).text(f"layer.{layer.name}.help")) for lang in LANGUAGES),
        ("unit", Words("en").text(layer.unit_key)),
        ("range", _range(layer)),
        ("missing", layer.missing_rule),
        ("purpose", f"`{layer.purpose}`"),
        ("source", f"{layer.source.cite()}."),
    ]
    if layer.from_incidents:
        facts.append(("folds", "Made from incidents: remade inside each fold."))
    lines = [f"- **{name}**: {said}" for name, said in facts]
    return "\n".join([f"### {layer.name}", "", *lines])


def _range(layer: Layer) -> str:
    """Say which values are possible."""
    low, high = layer.column.lowest, layer.column.highest
    return f"{low:g} or more" if high == float("inf") else f"{low:g} to {high:g}"


def main() -> int:
    """Write the catalogue; with ``--check`` only tell whether it is current."""
    if "--check" not in sys.argv[1:]:
        CATALOGUE.write_text(catalogue(), encoding="utf-8")
    elif CATALOGUE.read_text(encoding="utf-8") != catalogue():
        print(f"{CATALOGUE.name} is out of date: run {Path(__file__).name}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
