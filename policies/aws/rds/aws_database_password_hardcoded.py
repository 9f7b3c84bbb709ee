"""A password that the code knows is a password in the code."""

from collections.abc import Iterator

from alexandria_scan.sdk import Parameters, Resource, Verdict, fail

PASSWORDS = {
    "aws_rds_cluster": ("master_password", "master_password_wo"),
    "aws_db_instance": ("password", "password_wo"),
    "aws_docdb_cluster": ("master_password", "master_password_wo"),
    "aws_redshift_cluster": ("master_password", "master_password_wo"),
    "aws_redshiftserverless_namespace": ("admin_user_password", "admin_user_password_wo"),
    "aws_elasticache_replication_group": ("auth_token", "auth_token_wo"),
}


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    for name in PASSWORDS[resource.type]:
        if resource.known(name) and resource.get(name) and resource.from_code(name):
            yield fail(f"{name} is written in the code", at=name)
