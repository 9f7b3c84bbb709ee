run "the_complete_example_can_be_applied" {
  command = apply

  module {
    source = "./examples/complete"
  }

  assert {
    condition     = output.name_prefix == "orders-staging"
    error_message = "The prefix is the name and the environment."
  }
}
