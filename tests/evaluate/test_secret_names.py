"""Names of secrets: what is one for certain is hidden, and the policies ask the same question."""

import pytest
import yaml

from alexandria_scan.bundled import folder
from alexandria_scan.evaluate.secret_names import SECRET_ITSELF, is_a_secret, names_a_secret

SECRETS = (
    "password", "db_passwords", "passwd", "master_passphrase", "client_secret", "aws_secret_key", "token", "api_tokens",
    "private_key", "signing_private_keys", "private_key_pem", "private_key_pem_pkcs8", "API_KEY", "api_keys",
    "access_key", "credentials", "admin_pwd",
)  # fmt: skip
HIDDEN_IN_DOUBT = ("secrets", "client_secrets", "secret_values", "password_of_admin", "connection_string", "dbPassword")
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


def test_the_policy_asks_for_the_same_names() -> None:
    manifest = yaml.safe_load((folder("policies") / "module/variable_secret_not_sensitive.yaml").read_text())
    assert manifest["parameters"]["secrets"]["default"] == SECRET_ITSELF
