variables {
  name        = "orders"
  environment = "development"
}

run "names_hold_the_environment" {
  command = plan

  assert {
    condition     = output.name_prefix == "orders-development"
    error_message = "The prefix is the name and the environment."
  }
}

run "tags_of_the_caller_are_kept" {
  command = plan

  variables {
    tags = { Project = "checkout" }
  }

  assert {
    condition     = output.tags["Project"] == "checkout" && output.tags["Environment"] == "development"
    error_message = "The caller's tags stand beside the module's own."
  }
}

run "an_unknown_environment_is_refused" {
  command = plan

  variables {
    environment = "elsewhere"
  }

  expect_failures = [var.environment]
}

run "a_name_in_upper_case_is_refused" {
  command = plan

  variables {
    name = "Orders"
  }

  expect_failures = [var.name]
}
