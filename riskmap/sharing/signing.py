"""Signing: who made a package, by an Ed25519 key (RFC 8032)."""

import hashlib
from pathlib import Path
from typing import Any

import orjson

from riskmap.errors import PackageRefusedError

ALGORITHM = "Ed25519"


def new_key() -> tuple[bytes, bytes]:
    """Draw a new key.

    Returns
    -------
    bytes
        The private key, PEM (PKCS 8), unencrypted: to be kept where only its owner
        reads.
    bytes
        The public key, PEM: to be handed to the other side by another way than the
        packages.

    Examples
    --------
    >>> private, public = new_key()
    >>> check(b"text", sign(b"text", private)) == key_name(public)
    True
    """
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415

    private = ed25519.Ed25519PrivateKey.generate()
    return (
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
        private.public_key().public_bytes(
            serialization.Encoding.PEM,
            serialization.PublicFormat.SubjectPublicKeyInfo,
        ),
    )


def sign(text: bytes, private_pem: bytes) -> bytes:
    """Sign a text; the same text and key give the same signature.

    Parameters
    ----------
    text
        What is signed.
    private_pem
        From :func:`new_key`.

    Returns
    -------
    bytes
        JSON: algorithm, public key and signature in hexadecimal.

    Raises
    ------
    PackageRefusedError
        If it is no such key.
    """
    private = _load(private_pem, private=True)
    public = private.public_key().public_bytes_raw()
    told = {
        "algorithm": ALGORITHM,
        "public_key": public.hex(),
        "signature": private.sign(text).hex(),
    }
    return orjson.dumps(told, option=orjson.OPT_SORT_KEYS) + b"\n"


def check(text: bytes, signature: bytes) -> str:
    """Check a signature.

    Parameters
    ----------
    text
        What was signed.
    signature
        As :func:`sign` writes it.

    Returns
    -------
    str
        Name of the key; whose it is, only who was given it by another way can tell.

    Raises
    ------
    PackageRefusedError
        If the text is another, or the signature is none.
    """
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415

    try:
        told = orjson.loads(signature)
        raw = bytes.fromhex(told["public_key"])
        public = ed25519.Ed25519PublicKey.from_public_bytes(raw)
        public.verify(bytes.fromhex(told["signature"]), text)
        known = told["algorithm"] == ALGORITHM
    except (InvalidSignature, ValueError, KeyError, TypeError) as error:
        msg = "The signature does not fit what it signs."
        raise PackageRefusedError(msg, reason="signature") from error
    if not known:
        msg = f"The signature is not of {ALGORITHM}."
        raise PackageRefusedError(msg, reason="signature")
    return _named(raw)


def key_name(public_pem: bytes) -> str:
    """Name a public key: short enough to be read out over the telephone.

    Parameters
    ----------
    public_pem
        From :func:`new_key`.

    Returns
    -------
    str
        SHA-256 of the raw key, hexadecimal.

    Raises
    ------
    PackageRefusedError
        If it is no such key.
    """
    return _named(_load(public_pem, private=False).public_bytes_raw())


def read_key(path: Path) -> bytes:
    """Read a key's file.

    Parameters
    ----------
    path
        PEM.

    Returns
    -------
    bytes
        What the file holds.

    Raises
    ------
    PackageRefusedError
        If it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        msg = f"Cannot read the key {path.name}."
        raise PackageRefusedError(msg, reason="key", what=path.name) from error


def _named(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _load(pem: bytes, *, private: bool) -> Any:
    """Load a key of Ed25519, and no other."""
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415

    kinds = (ed25519.Ed25519PrivateKey, ed25519.Ed25519PublicKey)
    try:
        key: Any = (
            serialization.load_pem_private_key(pem, password=None)
            if private
            else serialization.load_pem_public_key(pem)
        )
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        msg = f"This is no key of {ALGORITHM}."
        raise PackageRefusedError(msg, reason="key", what=ALGORITHM) from error
    if not isinstance(key, kinds):
        msg = f"This is a key of another kind than {ALGORITHM}."
        raise PackageRefusedError(msg, reason="key", what=ALGORITHM)
    return key
