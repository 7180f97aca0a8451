output "app_name" {
  description = "The name of the application."
  value       = juju_application.this.name
}

output "provides" {
  description = "The endpoints that the charm provides."
  value = {
    kratos-external-idp = "kratos-external-idp"
    oauth               = "oauth"
  }
}
