terraform {
  required_version = ">= 1.5"

  required_providers {
    juju = {
      source = "juju/juju"
      # From 1.0 on, models are named by their UUID.
      version = "~> 1.0"
    }
  }
}
