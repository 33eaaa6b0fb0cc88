"""A package is what was made, or it is refused: nothing between."""

import hashlib
import io
import json
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmap.errors import FileMissingError, MarkingError, PackageRefusedError
from riskmap.sharing import signing
from riskmap.sharing.manifest import (
    FORMAT,
    FORMAT_VERSION,
    MANIFEST,
    SIGNATURE,
    canonical,
)
from riskmap.sharing.package import entry_of, open_package, pack

FILES = {"a.csv": b"cell\n8a\n", "b.geojson": b'{"type":"FeatureCollection"}'}


def manifest_of(packed, **changes):
    told = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "riskmap_version": "0.1.0",
        "as_of": "2022-01-01",
        "profile": "public",
        "marking": "TLP:CLEAR",
        "origin": "US",
        "to": "MX",
        "tables": {},
        "inputs": {},
        "options": {},
        "caveats": {},
        "files": {n: entry_of(c, marking="TLP:CLEAR") for n, c in packed.items()},
    }
    return told | changes


def package(files=FILES, key=None, **changes):
    return pack(files, manifest_of(files, **changes), key=key)


def zipped(entries, method=zipfile.ZIP_DEFLATED):
    """A zip as an attacker makes it, with any names."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as out:
        for name, content in entries:
            out.writestr(zipfile.ZipInfo(name), content, compress_type=method)
    return held.getvalue()


def with_manifest(**changes):
    told = canonical(manifest_of(FILES, **changes))
    return zipped([(MANIFEST, told), *FILES.items()])


@pytest.fixture(scope="module")
def keys():
    return signing.new_key(), signing.new_key()


def test_what_was_packed_comes_out(keys):
    opened = open_package(package(key=keys[0][0]), keys=[keys[0][1]])
    assert opened.files == FILES
    assert opened.manifest["to"] == "MX"
    assert opened.key == signing.key_name(keys[0][1])
    assert opened.trusted


def test_the_same_files_make_the_same_bytes_signed_or_not(keys):
    assert package() == package(dict(reversed(FILES.items())))
    assert package(key=keys[0][0]) == package(key=keys[0][0])


def test_a_signature_without_a_key_to_compare_is_not_trusted(keys):
    opened = open_package(package(key=keys[0][0]))
    assert opened.key
    assert not opened.trusted


def refusal(data, keys=()):
    with pytest.raises(PackageRefusedError) as found:
        open_package(data, keys=keys)
    return found.value.fields["reason"]


HOSTILE = {
    "zip": [
        b"",
        b"PK",
        b"no zip at all",
        package()[:-30],
        package()[: len(package()) // 2],
    ],
    "name": [
        zipped([(MANIFEST, canonical(manifest_of(FILES))), (name, b"x")])
        for name in (
            "../a.csv",
            "/etc/passwd",
            "a/../../b.csv",
            "c:\\a.csv",
            "..\\a.csv",
            "A.CSV",
            ".hidden",
            "ñ.csv",
            "con",
        )
    ],
    "files": [
        zipped([(MANIFEST, canonical(manifest_of(FILES))), ("a.csv", FILES["a.csv"])]),
        zipped(
            [(MANIFEST, canonical(manifest_of(FILES))), *FILES.items(), ("c.md", b"")]
        ),
    ],
    "edited": [
        zipped(
            [
                (MANIFEST, canonical(manifest_of(FILES))),
                *(FILES | {"a.csv": b"other"}).items(),
            ]
        )
    ],
    "bomb": [
        zipped(
            [(MANIFEST, canonical(manifest_of(FILES))), ("z.csv", bytes(50_000_000))]
        )
    ],
    "too_large": [
        zipped([(f"f{n}.csv", b"") for n in range(100)]),
        zipped([(MANIFEST, b" " * (17 * 1024**2))], method=zipfile.ZIP_STORED),
    ],
    "newer": [with_manifest(format_version=FORMAT_VERSION + 1)],
    "profile": [with_manifest(profile="everybody")],
    "manifest": [
        zipped([("a.csv", b"x")]),
        zipped([(MANIFEST, b"{")]),
        zipped([(MANIFEST, b"[" * 100_000)]),
        with_manifest(format="other"),
        with_manifest(format_version="1"),
        with_manifest(format_version=True),
        with_manifest(tables=[]),
        with_manifest(files={"../a": {"bytes": 1, "sha256": "0" * 64}}),
        with_manifest(files={"a.csv": {"bytes": "1", "sha256": "0" * 64}}),
    ],
}
CASES = [(reason, n, d) for reason, some in HOSTILE.items() for n, d in enumerate(some)]


@pytest.mark.parametrize(
    ("reason", "data"),
    [(reason, data) for reason, _, data in CASES],
    ids=[f"{reason}{n}" for reason, n, _ in CASES],
)
def test_hostile_input_is_refused_with_the_reason(reason, data):
    assert refusal(data) == reason


def test_two_files_of_one_name_are_refused():
    told = canonical(manifest_of(FILES))
    with pytest.warns(UserWarning, match="Duplicate"):
        data = zipped([(MANIFEST, told), *FILES.items(), ("a.csv", b"other")])
    assert refusal(data) == "name"


def test_a_marking_that_is_none_is_refused():
    with pytest.raises(MarkingError):
        open_package(package(marking="TLP:WHITE"))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileMissingError):
        open_package(tmp_path / "absent.zip")


def test_another_key_or_none_is_refused(keys):
    (mine, _), (_, other_public) = keys
    assert refusal(package(key=mine), keys=[other_public]) == "other_key"
    assert refusal(package(), keys=[other_public]) == "unsigned"


def test_a_signature_of_another_manifest_is_refused(keys):
    mine = keys[0][0]
    foreign = signing.sign(canonical(manifest_of(FILES, to="US")), mine)
    told = canonical(manifest_of(FILES))
    data = zipped([(MANIFEST, told), (SIGNATURE, foreign), *FILES.items()])
    assert refusal(data) == "signature"


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b'{"public_key":"zz"}', b"\xff"])
def test_a_signature_that_is_none_is_refused(text):
    told = canonical(manifest_of(FILES))
    assert refusal(zipped([(MANIFEST, told), (SIGNATURE, text), *FILES.items()])) == (
        "signature"
    )


@pytest.mark.parametrize("pem", [b"", b"-----BEGIN PUBLIC KEY-----\n", b"\x00"])
def test_a_key_that_is_none_is_refused(pem):
    for use in (lambda: signing.sign(b"", pem), lambda: signing.key_name(pem)):
        with pytest.raises(PackageRefusedError) as found:
            use()
        assert found.value.fields["reason"] == "key"


def test_no_flipped_bit_changes_what_comes_out(keys):
    private, public = keys[0]
    data = package(key=private)
    for place in range(len(data)):
        flipped = bytearray(data)
        flipped[place] ^= 1 << (place % 8)
        try:
            opened = open_package(bytes(flipped), keys=[public])
        except (PackageRefusedError, MarkingError):
            continue
        # a bit of the zip's own, such as a time, tells nothing
        assert (opened.files, opened.manifest) == (FILES, manifest_of(FILES))


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=400))
def test_any_bytes_are_refused_without_a_crash(data):
    with pytest.raises(PackageRefusedError):
        open_package(data)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(PLAIN.filter(lambda v: "\ud800" not in repr(v)))
def test_canonical_json_is_read_back_and_has_one_form(value):
    text = canonical(value)
    assert json.loads(text) == value
    assert canonical(json.loads(text)) == text
    assert hashlib.sha256(text).digest() == hashlib.sha256(canonical(value)).digest()


@pytest.mark.parametrize("value", [1.5, {"a": [0.0]}, {1: "a"}, {"a": b"x"}])
def test_canonical_json_refuses_what_languages_write_differently(value):
    with pytest.raises(TypeError):
        canonical(value)
