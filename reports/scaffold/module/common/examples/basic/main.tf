module "this" {
  source = "../.."

  name        = "orders"
  environment = "development"
}
