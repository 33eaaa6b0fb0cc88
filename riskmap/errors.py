"""The error tree: a code and fields a face can put into words.

::

    RiskmapError
    ├── InputError (ValueError)         a file or table is not what it must be
    │   ├── FileMissingError            no such file
    │   ├── FileEmptyError              the file holds nothing
    │   ├── FileUnreadableError         the file is not the format it says
    │   ├── FileTooLargeError           the file goes beyond a limit
    │   ├── ColumnMissingError          a table lacks a column
    │   ├── ProfileUndecidedError       no profile, or two, fit the headings
    │   ├── MissingCRSError             a table does not say its CRS
    │   ├── WrongCRSError               a table is in a CRS that does not fit
    │   ├── RasterOutsideError          a raster with no data in the corridor
    │   ├── RasterValuesError           a raster whose numbers are no elevations
    │   ├── HazardFileError             a file of a hazard that says nothing usable
    │   ├── TemperatureUnitError        temperatures that are not in °C
    │   ├── BoundaryNotLineError        a boundary that is no line
    │   ├── LandmarkFaultyError         a landmark with an impossible place
    │   ├── LandmarkExistsError         a landmark of that id is known already
    │   ├── AreaFaultyError             an outline that bounds no area
    │   ├── EffortFaultyError           a log of effort that says nothing
    │   ├── CellIndexError              cells that are not cells
    │   └── TableContractError          a table breaks its list of columns
    ├── OptionError (ValueError)        a setting is out of its range
    │   ├── ResolutionError             an H3 resolution outside 4 to 10
    │   ├── HalfWidthError              a corridor of no or of absurd width
    │   ├── DateOptionError             a date that is no date
    │   ├── UnknownNameError            a name that is not in its list
    │   ├── MarkingError                a marking that is none of TLP 2.0
    │   ├── DisclosureOptionError       a disclosure profile or choice that is none
    │   ├── UsageError                  a command line that is no command
    │   ├── PortBusyError               a port that another program uses
    │   ├── ConfigError                 riskmap.toml is wrong
    │   └── QueryError                  SQL that cannot be answered
    ├── PurposeWallError                a layer from the other side of the wall
    ├── RestrictedError                 marked for others than who asks
    ├── AccessError                     nobody is signed in, or not as one may be
    ├── DeedError                       the role may look, but not do this
    ├── DisclosureError                 a release that would give small counts away
    ├── PackageRefusedError             a package that is not to be trusted
    ├── NoEventsError                   nothing to learn from
    ├── ModelRefusedError               a model that may not be used, or not read
    ├── ScenarioRefusedError            a scenario that cannot be made or shown
    ├── LinkDecisionError               a decision on two records that cannot be kept
    ├── TooFewError                     too little to answer the question from
    └── ProjectError                    the project folder
        ├── ProjectMissingError         no project there
        ├── ProjectExistsError          there is one already
        ├── ProjectNewerError           made by a newer riskmap
        ├── ProjectBusyError            another process is writing
        ├── TableMissingError           a table not made yet
        ├── TableCorruptError           a table's bytes are not what was stored
        ├── FolderUnwritableError       cannot write there
        ├── DiskFullError               no space left
        └── FolderFailingError          the disk or the system failed

The sentence a person reads is made by :mod:`riskmap.i18n` from ``code`` and
``fields``, in their language; the message here is for developers and logs.
"""

from typing import ClassVar


class RiskmapError(Exception):
    """Root of all errors raised on purpose; ``fields`` feed the translator."""

    code: ClassVar[str] = "riskmap"

    def __init__(self, message: str, **fields: object) -> None:
        super().__init__(message)
        self.fields = fields


class InputError(RiskmapError, ValueError):
    """A file or table is not what it must be."""

    code = "input"


class FileMissingError(InputError):
    """No such file. Fields: ``path``."""

    code = "file_missing"


class FileEmptyError(InputError):
    """The file holds nothing. Fields: ``path``."""

    code = "file_empty"


class FileUnreadableError(InputError):
    """The file is not the format it says. Fields: ``path``, ``reason``."""

    code = "file_unreadable"


class FileTooLargeError(InputError):
    """The file goes beyond a limit. Fields: ``path``, ``unit``, ``limit``."""

    code = "file_too_large"


class ProfileUndecidedError(InputError):
    """No profile, or two, fit the headings. Fields: ``path``, ``found``, ``known``."""

    code = "profile_undecided"


class ColumnMissingError(InputError):
    """A table lacks columns. Fields: ``path``, ``columns``, ``found``."""

    code = "column_missing"


class MissingCRSError(InputError):
    """A table does not say its CRS. Fields: ``table``."""

    code = "crs_missing"


class WrongCRSError(InputError):
    """A table is in a CRS that does not fit. Fields: ``table``, ``crs``."""

    code = "crs_wrong"


class RasterOutsideError(InputError):
    """A raster with no data in the corridor. Fields: ``path``."""

    code = "raster_outside"


class RasterValuesError(InputError):
    """No elevations. Fields: ``path``, ``value``, ``lowest``, ``highest``."""

    code = "raster_values"


class HazardFileError(InputError):
    """A file of a hazard that says nothing usable. Fields: ``path``, ``option``."""

    code = "hazard_file"


class TemperatureUnitError(InputError):
    """Temperatures not in °C. Fields: ``path``, ``unit``, ``lowest``, ``highest``."""

    code = "temperature_unit"


class BoundaryNotLineError(InputError):
    """A boundary that is no line. Fields: ``found``, ``gap_m`` (of a gap)."""

    code = "boundary_not_line"


class LandmarkFaultyError(InputError):
    """A landmark with an impossible place. Fields: ``landmark``, ``x``, ``y``."""

    code = "landmark_faulty"


class LandmarkExistsError(InputError):
    """A landmark of that id is known already. Fields: ``landmark``."""

    code = "landmark_exists"


class AreaFaultyError(InputError):
    """An outline that bounds no area. Fields: ``path``, ``reason``."""

    code = "area_faulty"


class EffortFaultyError(InputError):
    """A log of effort that says nothing. Fields: ``reason``, ``rows``."""

    code = "effort_faulty"


class CellIndexError(InputError):
    """Cells that are not cells. Fields: ``reason``, ``got``."""

    code = "cell_index"


class TableContractError(InputError):
    """A table breaks its list of columns. Fields: ``table``, ``faults``."""

    code = "table_contract"


class OptionError(RiskmapError, ValueError):
    """A setting is out of its range. Fields: ``option``, ``value``."""

    code = "option"


class ResolutionError(OptionError):
    """An H3 resolution out of range. Fields: ``value``, ``lowest``, ``highest``."""

    code = "resolution"


class HalfWidthError(OptionError):
    """A corridor of absurd width. Fields: ``value``, ``lowest``, ``highest``."""

    code = "half_width"


class DateOptionError(OptionError):
    """A date that is no date. Fields: ``value``."""

    code = "date_option"


class BeforeFoundingError(OptionError):
    """A time before a project was founded. Fields: ``value``, ``founded_on``."""

    code = "before_founding"


class UnknownNameError(OptionError):
    """A name that is not in its list. Fields: ``kind``, ``value``, ``known``."""

    code = "unknown_name"


class MarkingError(OptionError):
    """A marking that is none of TLP 2.0. Fields: ``value``, ``known``."""

    code = "marking"


class DisclosureOptionError(OptionError):
    """A disclosure setting out of range. Fields: ``option``, ``value``, ``reason``."""

    code = "disclosure_option"


class UsageError(OptionError):
    """A command line that is no command. Fields: ``problem``, ``got``, ``command``."""

    code = "usage"


class PortBusyError(OptionError):
    """A port that another program uses. Fields: ``port``."""

    code = "port_busy"


class ConfigError(OptionError):
    """riskmap.toml is wrong. Fields: ``path``, ``option``, ``value``, ``reason``."""

    code = "config"


class QueryError(OptionError):
    """SQL that cannot be answered. Fields: ``query``, ``reason``."""

    code = "query"


class PurposeWallError(RiskmapError):
    """A layer from the other side of the wall.

    Fields: ``score``, ``score_purpose``, ``layer``, ``layer_purpose``.
    """

    code = "purpose_wall"


class RestrictedError(RiskmapError):
    """Marked for others than who asks. Fields: ``table``, ``role``."""

    code = "restricted"


class AccessError(RiskmapError):
    """Nobody is let in. Fields: ``reason``, ``value``."""

    code = "access"


class DeedError(RiskmapError):
    """The role may look, but not do this. Fields: ``deed``, ``role``."""

    code = "deed"


class DisclosureError(RiskmapError):
    """A release that would give small counts away. Fields: ``count``, ``cells``."""

    code = "disclosure"


class PackageRefusedError(RiskmapError, ValueError):
    """A package that is not to be trusted. Fields: ``reason`` (a code), ``what``."""

    code = "package_refused"


class NoEventsError(RiskmapError):
    """Nothing to learn from. Fields: ``target``, ``before``."""

    code = "no_events"


class ModelRefusedError(RiskmapError, ValueError):
    """A model that may not be used, or not read. Fields: ``model``, ``reason``."""

    code = "model_refused"


class ScenarioRefusedError(RiskmapError, ValueError):
    """A scenario that cannot be made or shown. Fields: ``scenario``, ``reason``."""

    code = "scenario_refused"


class PlugInError(RiskmapError, ValueError):
    """What another package brings cannot be used. Fields: ``plugin``, ``reason``."""

    code = "plug_in"


class TooFewError(RiskmapError):
    """Too little to answer from. Fields: ``what`` (a code), ``found``, ``needed``."""

    code = "too_few"


class LinkDecisionError(RiskmapError):
    """A decision on two records that cannot be kept. Fields: ``problem`` (a code)."""

    code = "link_decision"


class ProjectError(RiskmapError):
    """The project folder. Fields: ``path``."""

    code = "project"


class ProjectMissingError(ProjectError):
    """No project there. Fields: ``path``."""

    code = "project_missing"


class ProjectExistsError(ProjectError):
    """There is one already. Fields: ``path``."""

    code = "project_exists"


class ProjectNewerError(ProjectError):
    """Made by a newer riskmap. Fields: ``path``, ``found``, ``known``."""

    code = "project_newer"


class ProjectBusyError(ProjectError):
    """Another process is writing. Fields: ``path``."""

    code = "project_busy"


class TableMissingError(ProjectError):
    """A table not made yet. Fields: ``path``, ``table``."""

    code = "table_missing"


class TableCorruptError(ProjectError):
    """Bytes are not what was stored. Fields: ``path``, ``table``, ``reason``."""

    code = "table_corrupt"


class FolderUnwritableError(ProjectError):
    """Cannot write there. Fields: ``path``, ``reason``."""

    code = "folder_unwritable"


class DiskFullError(ProjectError):
    """No space left. Fields: ``path``."""

    code = "disk_full"


class FolderFailingError(ProjectError):
    """The disk or the system failed. Fields: ``path``, ``reason``."""

    code = "folder_failing"
