"""Names that say that the value is a secret, whether or not it is declared to be sensitive."""

from __future__ import annotations

import re

# A name that ends in these is that of something about the secret, and says where or how long it is.
_ABOUT = "".join(f"(?<!_{end})" for end in ("arn", "name", "path", "file", "filename", "length", "type", "enabled"))
SECRET_NAME = (
    r"(?:[\w-]*(?:password|passwd|passphrase|secret_string|secret_binary|auth_token|access_key|secret_key|private_key"
    r"|api_?key|connection_string|credential)[\w-]*|[\w-]*(?:secret|token|pwd)(?![\w-]))" + _ABOUT
)
_WHOLE = re.compile(SECRET_NAME, re.IGNORECASE)


def names_a_secret(name: str) -> bool:
    """Whether what is set under this name is a secret: `master_password`, `DB_PASSWORD`, `client_secret`."""
    return _WHOLE.fullmatch(name) is not None
