"""Terraform's functions, a module a family, loaded when first called."""
