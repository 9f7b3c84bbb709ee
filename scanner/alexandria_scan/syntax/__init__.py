"""Bytes to syntax trees with a range on every node; knows no Terraform."""
