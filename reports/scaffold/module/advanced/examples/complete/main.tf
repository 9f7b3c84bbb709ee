module "this" {
  source = "../.."

  name                        = "orders"
  environment                 = "staging"
  owner                       = "payments"
  cost_center                 = "1234"
  enable_deletion_protection  = true
  enable_logging              = true
  enable_encryption           = true
  kms_key_arn                 = null
  log_retention_days          = 90
  backup_retention_days       = 30
  backup_window               = "01:00-02:00"
  maintenance_window          = "sat:03:00-sat:04:00"
  capacity_minimum            = 1
  capacity_maximum            = 8
  alarm_topic_arns            = []
  vpc_id                      = null
  subnet_ids                  = []
  allowed_security_group_ids  = []
  port                        = 8443
  reader_role_arns            = []
  writer_role_arns            = []
  monitoring_interval_seconds = 30
  replica_count               = 2
  replica_regions             = []
  create_timeout_minutes      = 90
  update_timeout_minutes      = 90
  delete_timeout_minutes      = 90
  data_classification         = "confidential"
  compliance_frameworks       = ["soc2"]
  runbook_url                 = "https://example.com/runbooks/orders"

  tags = {
    Project = "checkout"
  }
}
