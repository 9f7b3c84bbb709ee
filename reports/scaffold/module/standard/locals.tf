
locals {
  operation = {
    alarm_topics          = var.alarm_topic_arns
    backup_retention_days = var.backup_retention_days
    backup_window         = var.backup_window
    capacity              = [var.capacity_minimum, var.capacity_maximum]
    encryption            = var.enable_encryption
    kms_key               = var.kms_key_arn
    log_retention_days    = var.log_retention_days
    maintenance_window    = var.maintenance_window
  }
}
