locals {
  owners = {
    orders   = "payments"
    invoices = "accounting"
  }
}

module "this" {
  source   = "../.."
  for_each = local.owners

  name        = each.key
  environment = "production"
  owner       = each.value
}
