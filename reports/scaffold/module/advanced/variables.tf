
variable "vpc_id" {
  description = "The network that the resources are placed in."
  type        = string
  default     = null

  validation {
    condition     = try(startswith(var.vpc_id, "vpc-"), true)
    error_message = "vpc_id begins with vpc-."
  }
}

variable "subnet_ids" {
  description = "The private subnets that the resources are placed in."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for id in var.subnet_ids : startswith(id, "subnet-")])
    error_message = "subnet_ids holds identifiers of subnets."
  }
}

variable "allowed_security_group_ids" {
  description = "The security groups that may connect."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for id in var.allowed_security_group_ids : startswith(id, "sg-")])
    error_message = "allowed_security_group_ids holds identifiers of security groups."
  }
}

variable "port" {
  description = "The port that the service listens on."
  type        = number
  default     = 443
  nullable    = false

  validation {
    condition     = var.port >= 1 && var.port <= 65535
    error_message = "port is between 1 and 65535."
  }
}

variable "reader_role_arns" {
  description = "The roles that may read."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.reader_role_arns : startswith(arn, "arn:")])
    error_message = "reader_role_arns holds ARNs."
  }
}

variable "writer_role_arns" {
  description = "The roles that may write."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.writer_role_arns : startswith(arn, "arn:")])
    error_message = "writer_role_arns holds ARNs."
  }
}

variable "monitoring_interval_seconds" {
  description = "How often metrics are taken."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = contains([1, 5, 10, 15, 30, 60], var.monitoring_interval_seconds)
    error_message = "monitoring_interval_seconds is 1, 5, 10, 15, 30 or 60."
  }
}

variable "replica_count" {
  description = "How many replicas there are besides the primary."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.replica_count >= 0 && var.replica_count <= 15
    error_message = "replica_count is between 0 and 15."
  }
}

variable "replica_regions" {
  description = "The regions that data is copied to."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for region in var.replica_regions : can(regex("^[a-z]+(-[a-z]+)+-[0-9]$", region))])
    error_message = "replica_regions holds names of regions."
  }
}

variable "create_timeout_minutes" {
  description = "How long making the resources may take."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.create_timeout_minutes >= 1
    error_message = "create_timeout_minutes is at least 1."
  }
}

variable "update_timeout_minutes" {
  description = "How long changing the resources may take."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.update_timeout_minutes >= 1
    error_message = "update_timeout_minutes is at least 1."
  }
}

variable "delete_timeout_minutes" {
  description = "How long deleting the resources may take."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.delete_timeout_minutes >= 1
    error_message = "delete_timeout_minutes is at least 1."
  }
}

variable "data_classification" {
  description = "How confidential the data is."
  type        = string
  default     = "internal"
  nullable    = false

  validation {
    condition     = contains(["public", "internal", "confidential", "restricted"], var.data_classification)
    error_message = "data_classification is public, internal, confidential or restricted."
  }
}

variable "compliance_frameworks" {
  description = "The frameworks that the deployment has to comply with."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for framework in var.compliance_frameworks : length(framework) > 0])
    error_message = "compliance_frameworks holds names."
  }
}

variable "runbook_url" {
  description = "What to do when an alarm goes off."
  type        = string
  default     = null

  validation {
    condition     = try(startswith(var.runbook_url, "https://"), true)
    error_message = "runbook_url begins with https://."
  }
}
