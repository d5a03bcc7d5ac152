"""Content Credentials of a throw-away certificate: signed pictures, and whether one still is.

The format's own library signs and judges. What it signs is Valid, but not Trusted: nobody knows who
made the certificate.
"""

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from PIL import Image

TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}

_MANIFEST = {
    "claim_generator_info": [{"name": "A test", "version": "1"}],
    "title": "A picture",
    "assertions": [
        {
            "label": "c2pa.actions",
            "data": {
                "actions": [
                    {
                        "action": "c2pa.created",
                        "digitalSourceType": (
                            "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
                        ),
                    }
                ]
            },
        }
    ],
}


def signed(data: bytes) -> bytes:
    """Sign a picture, as its maker would."""
    builder = c2pa.Builder(json.dumps(_MANIFEST))
    out = BytesIO()
    builder.sign(_signer(), _type(data), BytesIO(data), out)
    return out.getvalue()


def signed_elsewhere(data: bytes, url: str) -> bytes:
    """Sign a picture whose credentials lie at an address that its XMP names."""
    builder = c2pa.Builder(json.dumps(_MANIFEST))
    builder.set_no_embed()
    builder.set_remote_url(url)
    out = BytesIO()
    builder.sign(_signer(), _type(data), BytesIO(data), out)
    return out.getvalue()


def is_valid(data: bytes) -> bool:
    """Whether a picture is signed, and as it was when it was signed."""
    state = c2pa.Reader(_type(data), BytesIO(data)).get_validation_state()
    return bool(state == "Valid")


def _type(data: bytes) -> str:
    with Image.open(BytesIO(data)) as image:
        return TYPES[image.format or ""]


@cache
def _signer() -> c2pa.Signer:
    certificates, key = _certificates()
    info = c2pa.C2paSignerInfo(
        alg=c2pa.C2paSigningAlg.ES256, sign_cert=certificates, private_key=key, ta_url=None
    )
    return c2pa.Signer.from_info(info)


def _certificates() -> tuple[bytes, bytes]:
    """A certificate and its issuer's, which the format wants to be another; and its key."""
    issuer_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer = _name("Test issuer")
    root = _certificate(issuer, issuer, issuer_key, issuer_key, is_issuer=True)
    leaf = _certificate(_name("Test"), issuer, key, issuer_key, is_issuer=False)
    written = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return leaf + root, written


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, common),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Test"),
        ]
    )


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    is_issuer: bool,
) -> bytes:
    now = datetime.now(UTC)
    usage = dict.fromkeys(
        (
            *("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
            *("crl_sign", "encipher_only", "decipher_only"),
        ),
        False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=is_issuer, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=not is_issuer, key_cert_sign=is_issuer, **usage),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
    )
    if not is_issuer:
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
        builder = builder.add_extension(purpose, critical=False)
    made = builder.sign(issuer_key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.PEM)
