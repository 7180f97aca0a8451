module peers

go 1.26

// Of several colons in a host the last is before the port: see src/absolute_uri.rs.
godebug urlstrictcolons=0

require (
	github.com/google/go-jsonnet v0.21.0
	gopkg.in/yaml.v3 v3.0.1
)

require (
	golang.org/x/crypto v0.36.0 // indirect
	golang.org/x/sys v0.31.0 // indirect
	sigs.k8s.io/yaml v1.4.0 // indirect
)
