locals {
  name_prefix = "${var.name}-${var.environment}"

  tags = merge(
    var.tags,
    {
      Environment = var.environment
      ManagedBy   = "terraform"
      Module      = "@{name}"
      Name        = local.name_prefix
      Owner       = var.owner
    },
    var.cost_center == null ? {} : { CostCenter = var.cost_center },
  )

  identity = {
    deletion_protection = var.enable_deletion_protection
    logging             = var.enable_logging
    name                = local.name_prefix
    tags                = local.tags
  }
}
