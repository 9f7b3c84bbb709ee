module "this" {
  source = "../.."

  name                       = "orders"
  environment                = "staging"
  owner                      = "payments"
  cost_center                = "1234"
  enable_deletion_protection = true
  enable_logging             = true

  tags = {
    Project = "checkout"
  }
}
