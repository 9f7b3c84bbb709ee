output "name_prefix" {
  description = "What the names of all resources begin with: the name and the environment."
  value       = local.name_prefix
}

output "settings" {
  description = "The settings that the resources are made with."
  value       = terraform_data.this.output
}

output "tags" {
  description = "The tags that every resource carries."
  value       = local.tags
}
