# Stands for the resources that the module is going to manage: put them here, and hand them the settings.
resource "terraform_data" "this" {
  input = @{settings}
}
