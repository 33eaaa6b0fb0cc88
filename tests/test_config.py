"""riskmap.toml is read whole, or refused with the option at fault."""

import pytest

from riskmap.config import Config, read_config
from riskmap.errors import ConfigError, HalfWidthError, ResolutionError


def _written(folder, text):
    path = folder / "riskmap.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_missing_file_means_the_defaults(tmp_path):
    assert read_config(tmp_path / "riskmap.toml") == Config()


def test_what_is_written_replaces_the_default_and_nothing_else(tmp_path):
    config = read_config(_written(tmp_path, "[corridor]\nhalf_width_km = 40\n"))
    assert config.corridor.half_width_km == 40.0
    assert config.corridor.resolution == Config().corridor.resolution
    assert config.zones == Config().zones


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("[coridor]\nresolution = 7\n", "coridor"),
        ("[corridor]\nresolutoin = 7\n", "corridor.resolutoin"),
        ("[corridor]\nresolution = 'seven'\n", "corridor.resolution"),
        ("[corridor]\nresolution = true\n", "corridor.resolution"),
        ("corridor = 3\n", "corridor"),
        ("[zones]\nby_side = 1\n", "zones.by_side"),
        ("this is not toml", ""),
    ],
)
def test_a_wrong_file_is_refused_with_the_option_at_fault(tmp_path, text, option):
    with pytest.raises(ConfigError) as caught:
        read_config(_written(tmp_path, text))
    assert caught.value.fields["option"] == option


def test_values_out_of_range_are_refused_by_their_own_step(tmp_path):
    with pytest.raises(ResolutionError):
        read_config(_written(tmp_path, "[corridor]\nresolution = 12\n"))
    with pytest.raises(HalfWidthError):
        read_config(_written(tmp_path, "[corridor]\nhalf_width_km = 0\n"))
