variable "name" {
  description = "What the module is deployed for; names of resources begin with it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}$", var.name))
    error_message = "name is 2 to 31 lower case letters, digits and hyphens, and begins with a letter."
  }
}

variable "environment" {
  description = "The environment that the module is deployed to."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["development", "staging", "production"], var.environment)
    error_message = "environment is development, staging or production."
  }
}

variable "owner" {
  description = "The team that answers for what is deployed."
  type        = string
  default     = "platform"
  nullable    = false

  validation {
    condition     = length(var.owner) > 0
    error_message = "owner must not be empty."
  }
}

variable "cost_center" {
  description = "Who pays; no tag is set for it if it is null."
  type        = string
  default     = null

  validation {
    condition     = try(length(var.cost_center) > 0, true)
    error_message = "cost_center must not be empty; leave it out instead."
  }
}

variable "tags" {
  description = "Tags for every resource, besides those that the module sets."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.tags) : length(key) > 0 && length(key) <= 128])
    error_message = "The key of a tag has 1 to 128 characters."
  }
}

variable "enable_deletion_protection" {
  description = "Whether what is deployed cannot be deleted by accident."
  type        = bool
  default     = true
  nullable    = false
}

variable "enable_logging" {
  description = "Whether logs are written."
  type        = bool
  default     = true
  nullable    = false
}
