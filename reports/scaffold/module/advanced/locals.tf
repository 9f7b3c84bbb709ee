
locals {
  placement = {
    allowed_security_group_ids  = var.allowed_security_group_ids
    compliance_frameworks       = var.compliance_frameworks
    create_timeout_minutes      = var.create_timeout_minutes
    data_classification         = var.data_classification
    delete_timeout_minutes      = var.delete_timeout_minutes
    monitoring_interval_seconds = var.monitoring_interval_seconds
    port                        = var.port
    reader_role_arns            = var.reader_role_arns
    replica_count               = var.replica_count
    replica_regions             = var.replica_regions
    runbook_url                 = var.runbook_url
    subnet_ids                  = var.subnet_ids
    update_timeout_minutes      = var.update_timeout_minutes
    vpc_id                      = var.vpc_id
    writer_role_arns            = var.writer_role_arns
  }
}
