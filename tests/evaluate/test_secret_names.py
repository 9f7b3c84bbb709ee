"""Names of secrets: what is one for certain is hidden."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alexandria_scan.evaluate.secret_names import _MAY_BE_SECRET, is_a_secret, may_name_a_secret, names_a_secret

SECRETS = (
    "password", "db_passwords", "passwd", "master_passphrase", "client_secret", "aws_secret_key", "token", "api_tokens",
    "private_key", "signing_private_keys", "private_key_pem", "private_key_pem_pkcs8", "API_KEY", "api_keys",
    "access_key", "credentials", "admin_pwd",
)  # fmt: skip
HIDDEN_IN_DOUBT = (
    "secrets",
    "client_secrets",
    "secret_values",
    "password_of_admin",
    "connection_string",
    "dbPassword",
    "x-api-key",
    "secretKey",
    "private-key-of-x",
)
ABOUT = ("password_policy", "password_length", "api_key_required", "secret_arn", "secret_names", "token_ttl", "monkey")


@pytest.mark.parametrize("name", SECRETS)
def test_what_is_a_secret_is_hidden(name: str) -> None:
    assert is_a_secret(name) and names_a_secret(name)


@pytest.mark.parametrize("name", HIDDEN_IN_DOUBT)
def test_what_may_be_one_is_hidden_and_no_finding(name: str) -> None:
    assert names_a_secret(name) and not is_a_secret(name)


@pytest.mark.parametrize("name", ABOUT)
def test_what_is_about_a_secret_is_none(name: str) -> None:
    assert not names_a_secret(name) and not is_a_secret(name)


@pytest.mark.parametrize("name", ["enable_password", "manage_master_user_password", "create_token"])
def test_what_says_whether_there_is_one_is_no_secret(name: str) -> None:
    assert not is_a_secret(name)


NUMBERS_AND_LISTS = (
    "creation_token", "client_request_token",
    "http_tokens", "metadata_http_tokens", "HTTP_TOKENS", "max_tokens", "min_tokens", "num_tokens", "max_output_tokens",
    "bedrock_max_tokens", "iam_access_keys", "rotate_access_keys",
)  # fmt: skip


@pytest.mark.parametrize("name", NUMBERS_AND_LISTS)
def test_numbers_of_tokens_and_lists_of_keys_to_make_are_none(name: str) -> None:
    assert not is_a_secret(name)


@pytest.mark.parametrize("name", ["maximus_token", "mint_tokens", "number_token", "myhttp_tokens"])
def test_what_only_looks_like_a_number_is_a_secret(name: str) -> None:
    assert is_a_secret(name)


WORDS = (
    "password", "passwords", "passwd", "passphrase", "secret", "secrets", "key", "keys", "token", "tokens", "private",
    "api", "access", "credential", "credentials", "pwd", "pem", "openssh", "pkcs8", "base64", "http", "max", "name",
    "arn", "value", "rotate", "x",
)  # fmt: skip


@given(st.lists(st.sampled_from([*WORDS, *map(str.upper, WORDS)]), max_size=5), st.sampled_from(["_", "-", ""]))
def test_all_that_is_one_is_hidden(words: list[str], between: str) -> None:
    name = between.join(words)
    assert names_a_secret(name) or not is_a_secret(name)


@given(st.from_regex(f"(?i){_MAY_BE_SECRET.pattern}"))
@example("auth_to\u212aen")
@example("pa\u017f\u017fword")
def test_a_text_with_the_name_of_a_secret_in_it_may_name_one(text: str) -> None:
    assert may_name_a_secret(text)
