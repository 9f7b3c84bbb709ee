"""alexandria-scan: policy-as-code compliance for Terraform module libraries."""

__version__ = "0.1.0"
