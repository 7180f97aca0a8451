# The charm reads its options and writes to its integrations: it needs no trust.
resource "juju_application" "this" {
  model_uuid  = var.model
  name        = var.app_name
  config      = { for option, value in var.config : option => value if value != null }
  constraints = var.constraints
  units       = var.units

  charm {
    name     = "kratos-external-idp-integrator"
    base     = var.base
    channel  = var.channel
    revision = var.revision
  }
}
