# Google as the identity provider of a Charmed Kratos that is in the model already.
#
# A secret can be granted only to an application that is there, and options are part of
# the application: so the grant comes after them, and the charm is not told of a grant.
# What comes last is the integration. It makes the charm read everything anew, and before
# it nothing is published. So one `terraform apply` does it all, and the status that asks
# for the grant is gone when it ends.

terraform {
  required_version = ">= 1.5"

  required_providers {
    juju = {
      source  = "juju/juju"
      version = "~> 1.0"
    }
  }
}

variable "model" {
  description = "The UUID of the model that Kratos is in."
  type        = string
}

variable "client_id" {
  description = "The OAuth client's id, as Google shows it."
  type        = string
}

variable "client_secret" {
  description = "The OAuth client's secret."
  type        = string
  sensitive   = true
}

variable "kratos" {
  description = "The name of Kratos' application."
  type        = string
  default     = "kratos"
}

resource "juju_secret" "client" {
  model_uuid = var.model
  name       = "google-client"
  value = {
    client-secret = var.client_secret
  }
}

module "idp" {
  source   = "../.."
  model    = var.model
  app_name = "google"

  config = {
    provider      = "google"
    client_id     = var.client_id
    client_secret = juju_secret.client.secret_uri
    scope         = "openid profile email"
    label         = "Google"
  }
}

resource "juju_access_secret" "client" {
  model_uuid   = var.model
  secret_id    = juju_secret.client.secret_id
  applications = [module.idp.app_name]
}

resource "juju_integration" "kratos" {
  model_uuid = var.model

  application {
    name     = module.idp.app_name
    endpoint = module.idp.provides.kratos-external-idp
  }

  application {
    name     = var.kratos
    endpoint = "kratos-external-idp"
  }

  depends_on = [juju_access_secret.client]
}
