"""An authenticator in software: it makes and proves passkeys as a browser would, and can be told to lie."""

import json
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

PRESENT_AND_VERIFIED = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


@dataclass
class Authenticator:
    """One key. `origin` is the page that it believes to be on."""

    origin: str = "http://localhost:8000"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    name: bytes = b"a credential of sixteen or more"
    algorithm: int = ES256.ALGORITHM

    def create(self, options: dict[str, Any]) -> str:
        """The answer to a creation, as the form carries it."""
        public = {**ES256.from_cryptography_key(self.key.public_key()), 3: self.algorithm}
        made = AttestedCredentialData.create(Aaguid.NONE, self.name, public) if self.name else None
        flags = PRESENT_AND_VERIFIED | AuthenticatorData.FLAG.AT if made else PRESENT_AND_VERIFIED
        data = AuthenticatorData.create(sha256(options["rp"]["id"].encode()), flags, 0, made or b"")
        attestation = AttestationObject.create("none", data, {})
        client = self._client("webauthn.create", options)
        return self._answer(clientDataJSON=client, attestationObject=bytes(attestation))

    def prove(self, options: dict[str, Any]) -> str:
        """The answer to a use."""
        data = AuthenticatorData.create(sha256(options["rpId"].encode()), PRESENT_AND_VERIFIED, 0)
        client = self._client("webauthn.get", options)
        signature = self.key.sign(bytes(data) + sha256(client), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=bytes(data), signature=signature)

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(said).encode()

    def _answer(self, **parts: bytes) -> str:
        response = {name: websafe_encode(part) for name, part in parts.items()}
        name = websafe_encode(self.name)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
