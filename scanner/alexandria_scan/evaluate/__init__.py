"""Values, expressions and module trees: what Terraform's plan would say, or unknown with a reason."""
