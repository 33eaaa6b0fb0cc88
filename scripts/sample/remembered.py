"""Remembered: canal structures and inland checkpoints, coarse and unverified.

No list of either may be bundled: OpenStreetMap's and Wikipedia's are share-alike. Each
row stands at a distance that is widely known from a place of the table, or at the
coarse drawing of a canal, and says how far it may be off.
"""

import pandas as pd

from riskmap.crs import GEOD

MILE_M = 1609.344
SOURCE = "general knowledge, unverified; {}"

# road, landmark of the table, miles and bearing from it, names of the place
CHECKPOINTS = (
    ("I-19", "town-119", 4.0, 350, "Tubac"),
    ("AZ-86", "town-127", 3.0, 260, "Three Points"),
    ("AZ-286", "town-127", 18.0, 200, "Three Points"),
    ("AZ-85", "town-116", 3.0, 180, "Why"),
    ("AZ-90", "town-049", 16.0, 350, "Sierra Vista"),
    ("AZ-80", "town-128", 4.0, 315, "Tombstone"),
    ("I-8", "town-059", 4.0, 90, "Fortuna Foothills"),
    ("CA-94", "town-105", 5.0, 135, "Jamul"),
    ("I-10", "town-144", 5.0, 280, "Sierra Blanca"),
    ("US-281", "town-165", 14.0, 180, "Falfurrias"),
    ("US-77", "town-166", 14.0, 180, "Sarita"),
    ("I-35", "town-011", 27.0, 10, "Laredo"),
    ("TX-16", "town-163", 1.0, 100, "Hebbronville"),
    ("TX-44", "town-164", 12.0, 250, "Freer"),
    ("TX-118", "town-168", 12.0, 180, "Alpine"),
    ("US-57", "town-048", 10.0, 60, "Eagle Pass"),
)
CHECKPOINT_M = 10_000

# English, Spanish, longitude, latitude, metres
STRUCTURES = (
    ("All-American Canal headworks", "Obra de toma del Canal Todo Americano",
     -114.466, 32.882, 1_000),
    ("Pilot Knob wasteway and power plant", "Vertedor y planta de Pilot Knob",
     -114.717, 32.735, 3_000),
    ("All-American Canal, Drop 1 and turnout of the Coachella Canal",
     "Canal Todo Americano, caída 1 y toma del Canal Coachella",
     -114.950, 32.714, 6_000),
    ("All-American Canal, Drop 2 and Brock Reservoir",
     "Canal Todo Americano, caída 2 y embalse Brock", -115.030, 32.709, 6_000),
    ("All-American Canal, Drop 3", "Canal Todo Americano, caída 3",
     -115.126, 32.705, 6_000),
    ("All-American Canal, Drop 4", "Canal Todo Americano, caída 4",
     -115.220, 32.702, 6_000),
    ("Turnout of the East Highline Canal", "Toma del Canal East Highline",
     -115.270, 32.696, 6_000),
)  # fmt: skip


def remembered(table: pd.DataFrame) -> pd.DataFrame:
    """Make the rows out of the places they stand beside."""
    known = table.set_index("id")
    rows = []
    for order, (name_en, name_es, lon, lat, metres) in enumerate(STRUCTURES, start=1):
        rows.append(
            {
                "id": f"cs-{order:03d}",
                "kind": "canal_structure",
                "name_en": name_en,
                "name_es": name_es,
                "lon": f"{lon:.6f}",
                "lat": f"{lat:.6f}",
                "accuracy_m": str(metres),
                "side": "US",
                "source": SOURCE.format("on the coarse drawing of the canal"),
            }
        )
    for order, (road, near, miles, bearing, town) in enumerate(CHECKPOINTS, start=1):
        lon, lat, _ = GEOD.fwd(
            float(known.loc[near, "lon"]),
            float(known.loc[near, "lat"]),
            bearing,
            miles * MILE_M,
        )
        rows.append(
            {
                "id": f"cp-{order:03d}",
                "kind": "checkpoint",
                "name_en": f"Border Patrol checkpoint on {road} near {town}",
                "name_es": f"Garita interior de la Patrulla Fronteriza en la {road} "
                f"cerca de {town}",
                "lon": f"{lon:.6f}",
                "lat": f"{lat:.6f}",
                "accuracy_m": str(CHECKPOINT_M),
                "side": "US",
                "source": SOURCE.format("a road and a distance from a town"),
            }
        )
    made = pd.DataFrame(rows).fillna("")
    made["basis"] = "general knowledge (unverified)"
    return made.reindex(columns=table.columns, fill_value="")
