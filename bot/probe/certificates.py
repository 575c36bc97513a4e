"""TLS as an up-to-date mail program does it, TLS that takes anything in order to explain it, and reading certificates."""

from __future__ import annotations

import ssl
import warnings
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.x509.oid import ExtensionOID, NameOID

from bot.core.servers.findings import Certificate
from bot.probe.wire import shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.core.servers.findings import CertificateFault

MOST_NAMES = 50
LEGACY_SERVER_CONNECT = 0x4  # ssl.OP_LEGACY_SERVER_CONNECT, named only from Python 3.12 on
FAULT_OF_CODE: dict[int, CertificateFault] = {
    2: "untrusted_chain",  # unable to get issuer certificate
    9: "not_yet_valid",
    10: "expired",
    18: "self_signed",
    19: "untrusted_chain",  # self-signed certificate in certificate chain
    20: "untrusted_chain",  # unable to get local issuer certificate
    21: "untrusted_chain",  # unable to verify the first certificate
    62: "wrong_name",
    64: "wrong_name",  # IP address mismatch
    66: "weak",  # key too weak
    67: "weak",  # CA key too weak
    68: "weak",  # CA digest too weak
}


def strict_context(ca_file: str | None = None) -> ssl.SSLContext:
    """What an up-to-date mail program demands; *ca_file* adds an authority to trust, e.g. an in-house one."""
    context = ssl.create_default_context()
    context.verify_flags &= (
        ~ssl.VERIFY_X509_STRICT
    )  # Python's own strictness from 3.13 on; mail programs lack it
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    return context


def lenient_context() -> ssl.SSLContext:
    """Takes any certificate and the oldest TLS this machine speaks: to see what is wrong, never to trust."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.options |= LEGACY_SERVER_CONNECT
    return context


def fault_named_by(error: ssl.SSLCertVerificationError) -> CertificateFault:
    """The first fault OpenSSL met."""
    return FAULT_OF_CODE.get(error.verify_code, "not_accepted")


def all_faults(
    known: Sequence[CertificateFault], certificate: Certificate | None, *, host: str, now: datetime
) -> tuple[CertificateFault, ...]:
    """*known*, and what the certificate shows besides: OpenSSL stops at the first fault it meets."""
    if certificate is None:
        return tuple(known)
    seen = list(known)
    if now > certificate.not_after:
        seen.append("expired")
    elif "expired" in seen:
        seen[seen.index("expired")] = (
            "untrusted_chain"  # an authority above it ran out, not the certificate itself
        )
    if now < certificate.not_before:
        seen.append("not_yet_valid")
    if not certificate.is_for(host):
        seen.append("wrong_name")
    return tuple(dict.fromkeys(seen))


def read_certificate(der: bytes) -> Certificate | None:
    """The certificate in *der*; None when it cannot be read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # cryptography warns of oddities that a look only wants to report
        try:
            found = x509.load_der_x509_certificate(der)
            return Certificate(
                names=_names(found),
                subject=shown(found.subject.rfc4514_string(), length=200),
                issuer=shown(_issuer(found), length=200),
                not_before=found.not_valid_before_utc,
                not_after=found.not_valid_after_utc,
                self_signed=found.issuer == found.subject,
            )
        except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
            return None


def _names(found: x509.Certificate) -> tuple[str, ...]:
    try:
        extension = found.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME).value
    except x509.ExtensionNotFound:
        return ()
    assert isinstance(extension, x509.SubjectAlternativeName)
    hosts = extension.get_values_for_type(x509.DNSName)
    addresses = [str(address) for address in extension.get_values_for_type(x509.IPAddress)]
    return tuple(shown(name, length=253) for name in (*hosts, *addresses)[:MOST_NAMES])


def _issuer(found: x509.Certificate) -> str:
    """The authority's own name: its organisation and common name, else all of it."""
    parts = [
        str(attribute.value)
        for kind in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)
        for attribute in found.issuer.get_attributes_for_oid(kind)[:1]
    ]
    return " / ".join(parts) or found.issuer.rfc4514_string()
