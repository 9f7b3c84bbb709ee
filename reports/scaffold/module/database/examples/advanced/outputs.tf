output "name_prefixes" {
  description = "What the names of the resources of each begin with."
  value       = { for name, one in module.this : name => one.name_prefix }
}
