variable "model" {
  description = "The UUID of the Juju model."
  type        = string
}

variable "app_name" {
  description = "The name of the application."
  type        = string
  default     = "kratos-external-idp-integrator"
}

variable "config" {
  description = "The charm's options. One that is null or empty counts as unset."
  type        = map(string)
  default     = {}
}

variable "constraints" {
  description = "The constraints of the application's machines, such as \"arch=arm64\"."
  type        = string
  default     = null
}

variable "units" {
  description = "How many units. One is enough: more of them only say the same."
  type        = number
  default     = 1
}

variable "base" {
  description = "The base of the application."
  type        = string
  default     = "ubuntu@22.04"
}

variable "channel" {
  description = "The channel of the charm."
  type        = string
  default     = "latest/edge"
}

variable "revision" {
  description = "The revision of the charm; the channel's newest if it is null."
  type        = number
  default     = null
}
