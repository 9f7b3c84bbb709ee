output "name_prefix" {
  description = "What the names of all resources begin with."
  value       = module.this.name_prefix
}
