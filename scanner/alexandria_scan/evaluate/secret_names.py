"""Names that say that the value is a secret, whether or not it is declared to be sensitive."""

from __future__ import annotations

import re

from alexandria_scan.patterns import pattern

# The value is the secret itself: a policy may demand something of it. `secrets` are not there: where they are passed to
# a service it is their ARNs that are; nor are `access_keys`, the keys that are to be made, by name or user.
_ITSELF = pattern(
    r"(?:^|_)(?:passwords?|passwd|passphrases?|secret|secret_key|tokens?|private_keys?(?:_(?:pem|openssh|pkcs8|base64))*"
    r"|api_keys?|access_key|credentials?)$|_pwd$"
)
# Whether there is one, how many tokens a model may use, the `http_tokens` of an instance (optional or required), and
# tokens by which a request is told from another.
_NO_SECRET = pattern(
    r"^(?:enable|disable|create|use|has|is|manage|generate|rotate|require|allow|skip)_"
    r"|(?:^|_)(?:max|maximum|min|minimum|num|number_of)_(?:[a-z0-9]+_)*tokens?$|(?:^|_)http_tokens$"
    r"|(?:^|_)(?:creation|idempotency|request|next|continuation|pagination)_token$"
)

# A name that ends in these is that of something about the secret, and says where it is or how it has to be.
_ABOUT = pattern(
    r"_(?:arns?|names?|path|file|filename|length|type|enabled|required|policy|policies|version|days|source|header)\Z"
    r"|http_tokens\Z",
    re.IGNORECASE,
)
_MAY_BE_SECRET = pattern(
    r"password|passwd|passphrase|credential|secret[_-]?(?:string|binary|key)|auth[_-]?token|access[_-]?key"
    r"|private[_-]?key|api[_-]?key|connection[_-]?string|(?:secrets?|tokens?|pwd)(?:_values?)?\Z",
    re.IGNORECASE,
)
_NAME = pattern(r"[\w-]+")
# What services give out as keys and tokens, keys in PEM, passwords in addresses: secrets whatever their names.
LOOKS_SECRET = pattern(
    r"\b(?:AKIA|ASIA|ABIA|ACCA|AROA)[A-Z0-9]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{22,}|\bglpat-[\w-]{20,}"
    r"|\bxox[abposr]-[\w-]{10,}|\bAIza[\w-]{35}|\b[rs]k_(?:live|test)_\w{16,}|\bnpm_[A-Za-z0-9]{36}|\bhvs\.[\w-]{20,}"
    r"|\beyJ(?:(?!-eyJ)[\w-]){8,}\.eyJ[\w-]{8,}\.[\w-]+"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)"
    r"|(?<=://)[^\s:/@\"]*:[^\s@/\"$]+(?=@)",
    re.DOTALL,
)
# One of these is in whatever LOOKS_SECRET finds, and to look for them is far faster.
MARKS = (
    "AKIA", "ASIA", "ABIA", "ACCA", "AROA", "ghp_", "gho_", "ghu_", "ghr_", "ghs_", "github_pat_", "glpat-", "xox",
    "AIza", "k_live_", "k_test_", "npm_", "hvs.", "eyJ", "PRIVATE KEY-----", "://",
)  # fmt: skip
# One of these is in whatever _MAY_BE_SECRET finds.
_STEMS = ("pass", "credential", "secret", "token", "key", "connection", "pwd")


def may_name_a_secret(text: str) -> bool:
    """Whether there may be a name in the text that `names_a_secret`: that is told faster than of each of its names."""
    small = text.lower()
    return any(stem in small for stem in _STEMS) or not text.isascii()


def names_a_secret(name: str) -> bool:
    """Whether what is set under this name may be a secret, and is not shown: `master_password`, `DB_PASSWORD`,
    `client_secrets`. In doubt it is: to hide too much does no harm."""
    if _MAY_BE_SECRET.search(name) is None or _ABOUT.search(name) is not None:
        return False
    return _NAME.fullmatch(name) is not None


def is_a_secret(name: str) -> bool:
    """Whether the value of a variable or local of this name is a secret for certain, so that to pass it on is a
    finding. All that is one is hidden, too."""
    small = name.lower()
    return _ITSELF.search(small) is not None and _NO_SECRET.search(small) is None
