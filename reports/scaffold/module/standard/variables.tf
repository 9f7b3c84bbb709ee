
variable "enable_encryption" {
  description = "Whether data is encrypted at rest."
  type        = bool
  default     = true
  nullable    = false
}

variable "kms_key_arn" {
  description = "The key that encrypts data; the service's own if it is null."
  type        = string
  default     = null

  validation {
    condition     = try(startswith(var.kms_key_arn, "arn:"), true)
    error_message = "kms_key_arn is an ARN."
  }
}

variable "log_retention_days" {
  description = "How many days logs are kept."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = var.log_retention_days >= 1 && var.log_retention_days <= 3653
    error_message = "log_retention_days is between 1 and 3653."
  }
}

variable "backup_retention_days" {
  description = "How many days backups are kept."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.backup_retention_days >= 7 && var.backup_retention_days <= 35
    error_message = "backup_retention_days is between 7 and 35."
  }
}

variable "backup_window" {
  description = "When backups are taken, in UTC."
  type        = string
  default     = "02:00-03:00"
  nullable    = false

  validation {
    condition     = can(regex("^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$", var.backup_window))
    error_message = "backup_window is like 02:00-03:00."
  }
}

variable "maintenance_window" {
  description = "When maintenance may interrupt the service, in UTC."
  type        = string
  default     = "sun:04:00-sun:05:00"
  nullable    = false

  validation {
    condition = can(regex(
      "^(mon|tue|wed|thu|fri|sat|sun):[0-2][0-9]:[0-5][0-9]-(mon|tue|wed|thu|fri|sat|sun):[0-2][0-9]:[0-5][0-9]$",
      var.maintenance_window,
    ))
    error_message = "maintenance_window is like sun:04:00-sun:05:00."
  }
}

variable "capacity_minimum" {
  description = "The capacity that is always there."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.capacity_minimum >= 0
    error_message = "capacity_minimum is not negative."
  }
}

variable "capacity_maximum" {
  description = "The capacity that is never exceeded."
  type        = number
  default     = 4
  nullable    = false

  validation {
    condition     = var.capacity_maximum >= 1
    error_message = "capacity_maximum is at least 1."
  }
}

variable "alarm_topic_arns" {
  description = "The topics that alarms are sent to."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.alarm_topic_arns : startswith(arn, "arn:")])
    error_message = "alarm_topic_arns holds ARNs."
  }
}
