"""Results of scans, made by hand: a data layer with flaws, a clean one, a hostile one, a large one."""

from __future__ import annotations

from fractions import Fraction

from msgspec.structs import replace

from alexandria_scan.compliance.result import (
    BaselineEntry,
    BaselineState,
    ControlScore,
    ModuleScore,
    PolicyInfo,
    Scanned,
    ScannedModule,
    ScanResult,
    StandardScore,
    Summary,
    Tool,
)
from alexandria_scan.policy.results import ExcerptLine, OriginStep, Result, VerdictName, Waiver
from alexandria_scan.source.problems import Problem
from alexandria_scan.syntax.tree import Location

TOOL = Tool("alexandria-scan", "0.1.0")
AURORA, REDIS = "modules/rds-aurora-advanced", "modules/elasticache-redis"
DYNAMODB = "modules/dynamodb-advanced"
PROD = "environments/production"
LEGACY = "modules/legacy-reporting-warehouse-with-a-long-name/modules/replication-instance"

POLICIES = {
    "aws_rds_cluster_unencrypted": PolicyInfo(
        title="Aurora cluster does not encrypt its storage",
        severity="high",
        target="resource aws_rds_cluster",
        why="Storage, snapshots and replicas of the cluster can be read by whoever gets at the disks. "
        "Encryption cannot be turned on later without a copy of the cluster.",
        fix="Set storage_encrypted = true. On a cluster that exists this replaces it: restore an encrypted "
        "copy of a snapshot instead.\n\nA library module should not let a caller turn it off.",
        references=("https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.html",),
        equivalents={"trivy": ["AWS-0079"], "checkov": ["CKV_AWS_96"]},
    ),
    "aws_rds_cluster_backup_retention_short": PolicyInfo(
        title="Aurora cluster keeps its backups for too few days",
        severity="medium",
        target="resource aws_rds_cluster",
        fix="Set backup_retention_period to at least 35 in production.",
    ),
    "aws_security_group_open_ingress": PolicyInfo(
        title="Security group lets the whole internet in",
        severity="critical",
        target="resource aws_security_group",
        fix="Name the security groups or the CIDR blocks of the callers instead of 0.0.0.0/0.",
    ),
    "variable_without_description": PolicyInfo(
        title="Variable has no description",
        severity="low",
        target="variable",
        fix="Say in `description` what the value does, its unit, and what happens without it.",
    ),
    "aws_elasticache_transit_unencrypted": PolicyInfo(
        title="Replication group does not encrypt traffic",
        severity="high",
        target="resource aws_elasticache_replication_group",
        fix='Set transit_encryption_enabled = true and transit_encryption_mode = "required".',
    ),
}


def excerpt(first: int, source: str, *marked: int) -> tuple[ExcerptLine, ...]:
    lines = source.strip("\n").split("\n")
    return tuple(ExcerptLine(first + n, text, first + n in marked) for n, text in enumerate(lines))


def result(
    policy: str,
    module: str,
    address: str,
    place: Location,
    *,
    verdict: VerdictName = "fail",
    message: str = "",
    instances: tuple[str, ...] = (),
    root: str = "",
    reason: str = "",
    decide: str = "",
    origin: tuple[OriginStep, ...] = (),
    lines: tuple[ExcerptLine, ...] = (),
    environment: str | None = None,
    controls: tuple[str, ...] = (),
) -> Result:
    info = POLICIES.get(policy, PolicyInfo(policy.replace("_", " ").capitalize(), "medium", "resource"))
    return Result(
        policy=policy,
        title=info.title,
        severity=info.severity,
        verdict=verdict,
        address=address,
        addresses=(address, *instances),
        root=root or module,
        module=module,
        location=place,
        message=message,
        reason=reason,
        decide=decide,
        origin=origin,
        excerpt=lines,
        environment=environment,
        parameters={"minimum_days": 35, "grace": Fraction(1, 2)} if "retention" in policy else {},
        controls=controls,
    )


def _encryption() -> Result:
    source = """
  engine                  = "aurora-postgresql"
  database_name           = var.database_name
  storage_encrypted       = var.storage_encrypted
  kms_key_id              = var.kms_key_arn
"""
    instances = tuple(f'module.tenant["t{n}"].aws_rds_cluster.this[0]' for n in range(2, 11))
    return result(
        "aws_rds_cluster_unencrypted",
        AURORA,
        'module.tenant["t1"].aws_rds_cluster.this[0]',
        Location(f"{AURORA}/main.tf", 31, 3, 31, 50),
        message="storage_encrypted is false",
        instances=instances,
        root=PROD,
        origin=(
            OriginStep(f"{AURORA}/main.tf", 31, "storage_encrypted = false"),
            OriginStep(f"{AURORA}/main.tf", 31, "var.storage_encrypted"),
            OriginStep(f"{PROD}/main.tf", 14, "storage_encrypted = var.encrypted"),
            OriginStep(f"{PROD}/production.tfvars", 3, "encrypted = false"),
        ),
        lines=excerpt(29, source, 31),
        environment="production",
        controls=("alexandria-module-standards-1.0.0/SEC-1", "us-15-03/AC2"),
    )


def _retention() -> Result:
    source = """
  master_username         = var.master_username
  backup_retention_period = var.backup_retention_period
  preferred_backup_window = "03:00-04:00"
"""
    return result(
        "aws_rds_cluster_backup_retention_short",
        AURORA,
        "aws_rds_cluster.this[0]",
        Location(f"{AURORA}/main.tf", 44, 3, 44, 56),
        message="backup_retention_period is 7, and production needs at least 35",
        origin=(
            OriginStep(f"{AURORA}/main.tf", 44, "backup_retention_period = 7"),
            OriginStep(f"{AURORA}/variables.tf", 118, "var.backup_retention_period, default 7"),
        ),
        lines=excerpt(43, source, 44),
        controls=("alexandria-module-standards-1.0.0/SEC-4",),
    )


def _open_ingress() -> Result:
    source = """
resource "aws_security_group" "legacy" {
  name_prefix = "legacy-"

  ingress {
    description = "PostgreSQL"
    from_port   = 5432
    to_port     = 5432
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
"""
    return result(
        "aws_security_group_open_ingress",
        LEGACY,
        "aws_security_group.legacy",
        Location(f"{LEGACY}/network.tf", 10, 3, 16, 4),
        message="port 5432 is open to 0.0.0.0/0, which is every address on the internet; a database port "
        "should be reachable from the application's security groups alone",
        lines=excerpt(7, source, 10, 11, 12, 13, 14, 15, 16),
        controls=("alexandria-module-standards-1.0.0/SEC-3",),
    )


def _descriptions() -> tuple[Result, ...]:
    names = ["node_type", "num_cache_clusters", "parameter_group_family", "snapshot_window", "auth_token"]
    names += ("subnet_ids", "maintenance_window", "apply_immediately")
    return tuple(
        result(
            "variable_without_description",
            REDIS,
            f"var.{name}",
            Location(f"{REDIS}/variables.tf", line, 1, line + 2, 2),
            message=f"variable {name} has no description",
            lines=excerpt(line, f'variable "{name}" {{\n  type = string\n}}', line, line + 1, line + 2),
        )
        for line, name in zip(range(12, 52, 5), names, strict=True)
    )


def _transit_in_plan() -> Result:
    return result(
        "aws_elasticache_transit_unencrypted",
        REDIS,
        "module.cache.aws_elasticache_replication_group.this[0]",
        Location("plans/production.json"),
        message='transit_encryption_mode is "preferred": clients may still connect in clear text',
        root="plans/production.json",
        environment="production",
    )


def _unknown(policy: str, module: str, address: str, line: int, reason: str, decide: str) -> Result:
    place = Location(f"{module}/main.tf", line, 3, line, 30)
    return result(policy, module, address, place, verdict="unknown", reason=reason, decide=decide)


def _unknowns() -> tuple[Result, ...]:
    key, vpc = "var.kms_key_arn has no default", "data.aws_vpc.selected is read from AWS"
    set_key = "set var.kms_key_arn in a .tfvars file, or scan the plan"
    insights = "aws_rds_performance_insights_without_key"
    return (
        _unknown("aws_rds_cluster_without_customer_key", AURORA, "aws_rds_cluster.this[0]", 32, key, set_key),
        *(_unknown(insights, AURORA, f"aws_rds_cluster_instance.this[{n}]", 81, key, set_key) for n in range(4)),
        _unknown("aws_security_group_open_ingress", REDIS, "aws_security_group.this", 7, vpc, "scan the plan"),
    )


def _standards() -> tuple[StandardScore, ...]:
    controls = (
        ControlScore(
            "SEC-1",
            "MUST",
            "Data is encrypted at rest",
            "Security",
            "fail",
            {REDIS: "pass", AURORA: "fail"},
            ("aws_rds_cluster_unencrypted",),
        ),
        ControlScore("DOC-2", "MUST", "Variables are described", "Documentation", "fail", {REDIS: "fail"}),
    )
    modules = (
        ModuleScore(DYNAMODB, 100.0, 24, 0, 0, 0, {"Security": 100.0}),
        ModuleScore(REDIS, 70.8, 17, 5, 1, 2),
        ModuleScore(AURORA, 87.5, 21, 2, 5, 1),
        ModuleScore(LEGACY, 41.6, 10, 14, 0, 9),
        ModuleScore(PROD, None, 0, 0, 0, 0),
    )
    sections: dict[str, float | None] = {"Structure": 100.0, "Naming": 100.0}
    sections |= {"Security": 61.3, "Documentation": 84.0}
    story = (ModuleScore(AURORA, 66.7, 8, 3, 1, 3), ModuleScore(REDIS, 100.0, 6, 0, 0, 0))
    name, title = "alexandria-module-standards", "Alexandria Module Standards"
    return (
        StandardScore(name, title, "1.0.0", 79.9, controls, sections, modules),
        StandardScore("us-15-03", "US-15-03 acceptance criteria", "1.0", 77.7, (), {}, story),
    )


def library() -> ScanResult:
    """Five modules with flaws of every sort: what a platform engineer sees on a bad day."""
    table = Location(f"{DYNAMODB}/main.tf", 3, 1, 9, 2)
    passed = result("aws_dynamodb_table_unencrypted", DYNAMODB, "aws_dynamodb_table.this", table, verdict="pass")
    waived = result(
        "aws_rds_cluster_backup_retention_short",
        DYNAMODB,
        "aws_rds_cluster.scratch",
        Location(f"{DYNAMODB}/scratch.tf", 8, 3, 8, 40),
        verdict="waived",
        reason="Scratch data, rebuilt nightly (owner data-platform, until 2027-03-31)",
    )
    problems = (
        Problem(
            f"{LEGACY}/main.tf",
            41,
            1,
            'Unexpected "}"',
            "The block that begins on line 12 is already closed on line 39.",
            help="Remove the brace; the rest of the module was scanned without this file's last block.",
        ),
        Problem(
            f"{PROD}/main.tf",
            22,
            12,
            "Module source is not local",
            "git::https://git.example.com/platform/vpc.git?ref=v2.1.0 was not downloaded.",
            severity="warning",
            help="Run terraform init, or scan the plan.",
        ),
    )
    results = (
        *_descriptions(),
        _retention(),
        _encryption(),
        _open_ingress(),
        _transit_in_plan(),
        *_unknowns(),
        passed,
        waived,
    )
    details = tuple(
        ScannedModule(path, "root" if path == PROD else "library", 7, 12)
        for path in (PROD, AURORA, REDIS, DYNAMODB, LEGACY)
    )
    return ScanResult(
        tool=TOOL,
        scanned=Scanned(tuple(one.path for one in details), 37, 61, ("plans/production.json",), details),
        results=results,
        problems=problems,
        standards=_standards(),
        summary=Summary(212, 12, 6, 40, 1, 2, 3, "Incomplete: 1 file did not parse, and 12 findings"),
        policies=POLICIES,
    )


def accepted() -> ScanResult:
    """The library some weeks later: a baseline knows most of it, some is waived, some is fixed, one thing is new."""
    before = library()
    sessions = Waiver("Sessions, lost without harm", "shop", "", Location("alexandria-scan.yaml", 12, 1), "fail")
    results = [replace(one, baseline="known") if one.verdict == "fail" else one for one in before.results]
    results[0] = replace(results[0], baseline="new")
    results += [
        result(
            "aws_elasticache_replication_group_snapshot_retention_short",
            REDIS,
            f"aws_elasticache_replication_group.sessions_of_the_shop[{number}]",
            Location(f"{REDIS}/main.tf", 20 + 9 * number, 3, 20 + 9 * number, 40),
            verdict="waived",
            reason="Sessions, lost without harm (owner shop)",
        )
        for number in range(6)
    ]
    results = [replace(one, waiver=sessions) if one.verdict == "waived" and not one.waiver else one for one in results]
    fixed = tuple(
        BaselineEntry(
            AURORA, "aws_rds_cluster_unencrypted", f"aws_rds_cluster.old_{number}", "", AURORA, 1 + number, "f"
        )
        for number in range(11)
    )
    known = sum(one.baseline == "known" for one in results)
    verdict = f"Not compliant: 1 finding; accepted: 7 waived, {known} known."
    return replace(
        before,
        results=tuple(results),
        problems=(),
        summary=Summary(212, known + 1, 6, 40, 7, 0, 1, verdict),
        baseline=BaselineState("alexandria-scan.baseline.json", 1, known, fixed),
    )


def clean() -> ScanResult:
    """A module that keeps its promises."""
    modules = (ModuleScore(DYNAMODB, 100.0, 24, 0, 0, 0),)
    title = "Alexandria Module Standards"
    standard = StandardScore("alexandria-module-standards", title, "1.0.0", 100.0, (), {}, modules)
    return ScanResult(
        tool=TOOL,
        scanned=Scanned((DYNAMODB,), 7, 9, ()),
        results=(),
        problems=(),
        standards=(standard,),
        summary=Summary(57, 0, 0, 12, 0, 0, 0, "Compliant: 57 checks passed"),
    )


def saying(text: str) -> ScanResult:
    """A result in which everything that comes from scanned files or from a policy says `text`."""
    origin, lines = (OriginStep("f", 1, "x"), OriginStep(text, 2, text)), (ExcerptLine(2, text, True),)

    def one(verdict: VerdictName, severity: str) -> Result:
        place = Location(text, 2, 5, 2, 9 if severity == "high" else 7)
        return Result(
            text, text, severity, verdict, text, (text, text), text, text, place, text, text, text, origin, lines, text,
            {text: text}, (text,), (text,), "never", (text,), text,
        )  # fmt: skip

    results = (
        one("fail", "high"),
        one("fail", "low"),
        one("unknown", "high"),
        one("waived", "high"),
        one("pass", "low"),
    )
    return ScanResult(
        tool=TOOL,
        scanned=Scanned((text,), 1, 1, (text,), (ScannedModule(text, "root", 1, 1),)),
        results=results,
        problems=(Problem(text, 1, 1, text, text, "error", text), Problem(text, 2, 1, text, text, "warning", text)),
        standards=(StandardScore(text, text, text, 12.5, (), {text: 1.0}, (ModuleScore(text, 12.5, 1, 7, 0, 7),)),),
        summary=Summary(1, 2, 1, 0, 1, 2, 3, text, "low"),
        policies={text: PolicyInfo(text, "high", "resource", text, text, (text,))},
    )


def hostile() -> ScanResult:
    """Text that tries to be markup, escape sequences, new lines, or to run from right to left."""
    evil = "[bold red]x[/] [link=http://e]\x1b[2J\x1b]0;owned\x07\r\u202egnp\u2066.\x9b31m\u2028é"
    one = Result(
        policy=f"p{evil}",
        title=f"t{evil}\nsecond line",
        severity="high",
        verdict="fail",
        address=f"a{evil}",
        addresses=(f"a{evil}",),
        root=f"r{evil}",
        module=f"m{evil}",
        location=Location(f"f{evil}\udcff.tf", 2, 5, 2, 9),
        message=f"m{evil}",
        origin=(OriginStep(f"f{evil}", 2, f"o{evil}"), OriginStep("", 0, "a remark")),
        excerpt=(ExcerptLine(1, f"\t{evil}"), ExcerptLine(2, f"\t \t x = {evil}", True)),
        environment=f"e{evil}",
        controls=(f"c{evil}",),
    )
    place = Location("f", 1, 1, 1, 2)
    unknown = Result(f"u{evil}", "t", "info", "unknown", f"a{evil}", (), "r", "m", place, reason=evil, decide=evil)
    score = ModuleScore(evil, 12.5, 1, 7, 0, 7)
    return ScanResult(
        tool=TOOL,
        scanned=Scanned((evil,), 1, 1, (evil,), (ScannedModule(evil, evil, 1, 1),)),
        results=(one, unknown),
        problems=(Problem(evil, 1, 1, evil, evil, evil, evil),),
        standards=(StandardScore(evil, evil, evil, 12.5, (), {evil: 1.0}, (score,)),),
        summary=Summary(0, 1, 1, 0, 0, 1, 3, evil),
        policies={f"p{evil}": PolicyInfo(evil, "high", evil, evil, evil, (evil,))},
    )


def large(modules: int = 300, findings: int = 8) -> ScanResult:
    """A library in which every third module is clean, and the others have several findings and an unknown."""
    names = [f"modules/team-{n % 17:02}/service-{n:03}" for n in range(modules)]
    results: list[Result] = []
    scores: list[ModuleScore] = []
    for number, module in enumerate(names):
        bad = number % 3 != 0
        scores.append(ModuleScore(module, 100.0 - (number % 50) * bad, 20, 2 * bad, int(bad), 2 * bad))
        for n in range(findings * bad):
            policy = sorted(POLICIES)[n % len(POLICIES)]
            source = "\n".join(f"  argument_{line} = var.value_{line}" for line in range(5))
            place = Location(f"{module}/main.tf", 12 + n, 3, 12 + n, 29)
            steps = (
                OriginStep(place.file, place.line, "argument = false"),
                OriginStep(place.file, 3, "var.value"),
            )
            lines, address = excerpt(10 + n, source, 12 + n), f"aws_rds_cluster.this[{n}]"
            results.append(
                result(policy, module, address, place, message="argument is false", origin=steps, lines=lines)
            )
        if bad:
            reason = f"var.key_{number % 40} has no default"
            results.append(_unknown("aws_rds_key", module, "aws_rds_cluster.this[0]", 9, reason, "scan the plan"))
    failed = sum(one.verdict == "fail" for one in results)
    title = "Alexandria Module Standards"
    standard = StandardScore("alexandria-module-standards", title, "1.0.0", 83.0, (), {}, tuple(scores))
    return ScanResult(
        tool=TOOL,
        scanned=Scanned(tuple(names), modules * 10, modules * 12, ()),
        results=tuple(results),
        problems=(),
        standards=(standard,),
        summary=Summary(9000, failed, len(results) - failed, 0, 0, 0, 1),
        policies=POLICIES,
    )
