"""Which words the map needs: keys of the catalogues, looked up by the face's label."""

from collections.abc import Callable, Iterable, Sequence

from riskmap.history.accuracy import ACCURACY_CLASSES
from riskmap.webmap.layer_of_values import ValueLayer
from riskmap.webmap.palettes import COUNT_CLASSES, RATE_CLASSES

# sources whose names stand in the catalogues; others go by their code
NAMED_SOURCES = ("iom_mmp", "ucdp_ged", "arizona_ogis", "no_more_deaths")

# what the tools say, in the order in which they are met
TOOL_WORDS = (
    *("label", "measure", "measure.hint", "whole", "leg", "undo", "stop"),
    *("area", "area.hint", "finish", "few", "load", "too_large", "remove"),
)

MAP_KEYS: tuple[str, ...] = (
    "map.accuracy",
    "map.areas",
    "map.aria",
    "map.card.pick",
    "map.card.title",
    "map.card.zone",
    "map.coarse",
    "map.coarse.mean",
    "map.compare",
    "map.compare.against",
    "map.compare.difference",
    "map.compare.none",
    "map.compare.times",
    "map.compare.unit",
    "map.compare.within",
    "map.doubt",
    "map.doubt.show",
    "map.evidence.no_data",
    "map.evidence.prior",
    "map.evidence.records",
    "map.filter",
    "map.filter.accuracy",
    "map.filter.any",
    "map.filter.month",
    "map.filter.no_month",
    "map.filter.reset",
    "map.filter.side",
    "map.filter.source",
    "map.incidents",
    "map.layers",
    "map.interval",
    "map.landmarks",
    "map.layer",
    "map.no_data",
    "map.no_data.layer",
    "map.none_recorded",
    "map.palette",
    "map.percentile",
    "map.recorded",
    "map.scores",
    *(f"map.time.{years}" for years in (1, 2, 3, 5)),
    "map.time.all",
    "map.time.length",
    "map.time.pause",
    "map.time.play",
    "map.time.series",
    "map.tip.close",
    "map.tip.first",
    "map.title",
    *(f"map.tool.{name}" for name in TOOL_WORDS),
    "map.stale",
    "map.unit.count",
    "map.unit.rate",
    "map.unit.rate_short",
    "map.unverified",
    "map.zones",
    "map.zones.all",
    "map.zones.hint",
    "map.zones.none",
    "map.zones.none_here",
    "map.zones.per_year",
    "map.zones.place",
    "map.zones.rank",
    "map.zones.show",
    "map.zoom_in",
    "map.zoom_out",
    *(f"map.accuracy.{name}" for name in ACCURACY_CLASSES),
    *(f"side.{side}" for side in ("US", "MX", "both")),
    *(f"ui.source.{source}" for source in NAMED_SOURCES),
    *RATE_CLASSES.words,
    *COUNT_CLASSES.words,
)


def layer_keys(layer: ValueLayer) -> tuple[str, ...]:
    """Name the words of a further layer.

    Parameters
    ----------
    layer
        The layer.

    Returns
    -------
    tuple of str
        Its name, its group and its classes.

    Examples
    --------
    >>> layer_keys(ValueLayer(name="trend", group="change", classes=("new",)))
    ('layer.trend', 'map.group.change', 'layer.trend.new')
    """
    classes = [f"layer.{layer.name}.{word}" for word in layer.classes]
    return (f"layer.{layer.name}", f"map.group.{layer.group}", *classes)


def layer_title(layer: ValueLayer, label: Callable[[str], str]) -> str:
    """Name a further layer: by its own words, or as a person called it.

    Parameters
    ----------
    layer
        The layer.
    label
        Key to text in one language.

    Returns
    -------
    str
        With what it is another version of, where a person called it.

    Examples
    --------
    >>> layer_title(ValueLayer(name="s1", title="May", of="score.danger"), str.upper)
    'May · SCORE.DANGER'
    """
    if not layer.title:
        return label(f"layer.{layer.name}")
    return f"{layer.title} · {label(layer.of)}"


def map_words(
    label: Callable[[str], str],
    scores: Iterable[str],
    kinds: Iterable[str],
    landmark_kinds: Iterable[str],
    layers: Sequence[ValueLayer] = (),
) -> dict[str, str]:
    """Look up every word that the map shows.

    Parameters
    ----------
    label
        Key to text in one language.
    scores, kinds, landmark_kinds
        Codes that the map may show.
    layers
        Further layers, with the words of their classes.

    Returns
    -------
    dict
        Key to text.

    Examples
    --------
    >>> map_words(str.upper, ["migrant_danger"], [], [])["score.migrant_danger"]
    'SCORE.MIGRANT_DANGER'
    """
    keys = [
        *MAP_KEYS,
        *(f"score.{score}" for score in scores),
        *(f"kind.{kind}" for kind in kinds),
        *(f"landmark_kind.{kind}" for kind in landmark_kinds),
        *(key for layer in layers for key in layer_keys(layer) if not layer.title),
    ]
    called = [layer for layer in layers if layer.title]
    keys += ["scenario.card.help"] if called else []
    named = {f"layer.{layer.name}": layer_title(layer, label) for layer in called}
    return {key: label(key) for key in keys} | named
