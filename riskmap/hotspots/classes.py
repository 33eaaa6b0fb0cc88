"""Classes of cells: what a hot-spot test and a trend may say of each."""

# of one test
HOT, COLD, NONE, NO_DATA = "hot", "cold", "none", "no_data"
STATES = (HOT, COLD, NONE, NO_DATA)

# of a trend over periods
NEW, GROWING, PERSISTENT, FADING = "new", "growing", "persistent", "fading"
SPORADIC, HISTORICAL = "sporadic", "historical"
CLASSES = (
    NEW,
    GROWING,
    PERSISTENT,
    FADING,
    SPORADIC,
    HISTORICAL,
    NONE,
    NO_DATA,
)
