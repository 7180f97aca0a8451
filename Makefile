# What people and CI run. `make help` lists the targets.
#
# Tools that are not Rust's own are installed into .tools/, in these versions.
CHARMCRAFT := 4.5.0
CHARMLINT := 0.3.0
CARGO_DENY := 0.20.2
HCL2 := 8.1.4
MATURIN := 1.16.0
OAUTH2_PROXY := 7.15.6

# A new version is a new folder, so that a version changed here is installed.
TOOLS := $(CURDIR)/.tools
charmcraft := $(TOOLS)/charmcraft-$(CHARMCRAFT)/bin
charmlint := $(TOOLS)/charmlint-$(CHARMLINT)/bin
cargo-deny := $(TOOLS)/cargo-deny-$(CARGO_DENY)/bin
hcl2 := $(TOOLS)/hcl2-$(HCL2)/bin
maturin := $(TOOLS)/maturin-$(MATURIN)/bin
integration := $(TOOLS)/integration/bin
sandbox-jubilant := $(TOOLS)/sandbox-jubilant/bin
oauth2-proxy := $(TOOLS)/oauth2-proxy-$(OAUTH2_PROXY)/bin
peers-node := $(TOOLS)/peers-node/node_modules
peers-python := $(TOOLS)/peers-python/bin
peers-oauth := $(TOOLS)/peers-oauth

# Where cargo builds.
TARGET := $(abspath $(or $(CARGO_TARGET_DIR),target))

# This machine, as Rust calls it.
HOST = $(shell rustc -vV | sed -n 's/^host: //p')
# How charmcraft links the charm.
LINKED = $(shell sed -n 's/^ *- RUSTFLAGS: //p' charmcraft.yaml)
# The oldest Rust that Cargo.toml promises.
MSRV := $(shell sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
# The newest Python here that charmlint and the integration tests run with.
PYTHON = $(shell packaging/newest_python)

.PHONY: help format lint unit demo bench oracle jubilant peers peers-kratos peers-providers peers-oauth \
	deny msrv msrv-toolchain charmlint terraform pack wheel integration integration-sandbox \
	integration-check clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 20

format: ## format the code
	cargo fmt --all

lint: ## check format, code and documentation
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	cargo clippy --locked --test peers -- -D warnings
	RUSTDOCFLAGS='-D warnings' cargo doc --locked --workspace --no-deps --document-private-items

unit: ## run all tests that need no controller
	cargo test --locked --workspace

demo: ## play the story of the README
	cargo demo

bench: ## measure what a hook costs beyond its hook tools; ROWS=yaml: some of them
	RUSTFLAGS='$(LINKED)' cargo bench --locked --bench hooks --target $(HOST) -- $(ROWS)

oracle: ## hold the sandbox's hook tools against ops.hookcmds
	cargo build --locked --package juju-sandbox
	crates/juju-sandbox/oracle/run.py $(TARGET)/debug/juju-sandbox $(TOOLS)/oracle

jubilant: $(sandbox-jubilant)/pytest ## call the sandbox's command line with jubilant, method by method
	cargo build --quiet --locked --package juju-sandbox
	cd crates/juju-sandbox/jubilant && \
		$(sandbox-jubilant)/pytest --quiet -p no:cacheprovider --program=$(TARGET)/debug/juju-sandbox

peers: peers-kratos peers-providers peers-oauth ## hold what we wrote against programs that we did not write

# The same cases each time, or a check could fail by chance. An empty SEED takes others.
SEED := 7

peers-kratos: ## hold the charm against the Go libraries that Kratos is made of; SEED= CASES=20000: other cases
	cd tests/peers && go build -o $(TARGET)/peers/judge .
	cargo test --quiet --locked --test peers -- $(TARGET)/peers/judge \
		$(if $(SEED),--seed $(SEED)) $(if $(CASES),--cases $(CASES))

# It makes the tools itself: what cannot be had stops nothing but the cases that need it.
peers-providers: ## hold `check` against others' providers, and minimal-op against others' relying parties
	cargo build --quiet --locked --package kratos-external-idp-integrator --package minimal-op --bins
	tests/peers/providers.py $(TARGET)/debug/kratos-external-idp-integrator $(TARGET)/debug/minimal-op \
		$(peers-node) $(peers-python) $(TARGET)/peers/openidconnect/debug/openidconnect-login \
		$(oauth2-proxy)/oauth2-proxy

# The charms with our half, as they are built. The example of crates/oauth is another.
OAUTH_PROVIDERS := $(TARGET)/debug/kratos-external-idp-integrator

# It installs the libraries itself, as above.
peers-oauth: ## hold the charm against applications on the Python library for oauth
	cargo build --quiet --locked --package juju-sandbox --package kratos-external-idp-integrator --bins
	cargo build --quiet --locked --package oauth --example op
	tests/peers/oauth.py $(TARGET)/debug/juju-sandbox $(peers-oauth) $(OAUTH_PROVIDERS)

deny: $(cargo-deny)/cargo-deny ## check licences, bans and sources of the dependencies
	$(cargo-deny)/cargo-deny --locked --workspace check licenses bans sources
	packaging/unused_dependencies.py

msrv: msrv-toolchain ## check that the oldest promised Rust compiles everything
	cargo +$(MSRV) check --locked --workspace --all-targets
	cargo +$(MSRV) check --locked --test peers

# rustup keeps it beside the others, and uses it only where it is asked for by name.
msrv-toolchain:
	rustup toolchain install $(MSRV) --profile minimal

charmlint: $(charmlint)/charmlint ## lint the charm's files
	$(charmlint)/charmlint --strict .

terraform: $(hcl2)/python ## check the Terraform module's syntax and names
	$(hcl2)/python packaging/check_terraform.py terraform

pack: $(charmcraft)/charmcraft ## pack the charm for this machine, and try the result
	packaging/pack $(charmcraft)

wheel: $(maturin)/maturin ## build juju-sandbox as a static program and as a wheel, and try both
	rm -f dist/juju-sandbox-* dist/juju_sandbox-*
	RUSTFLAGS='$(LINKED)' $(maturin)/maturin build --quiet --release --target $(HOST) --out dist \
		--manifest-path crates/juju-sandbox/Cargo.toml
	packaging/check_wheel.py dist/juju_sandbox-*.whl

integration: $(integration)/pytest ## run the packed charm beside Charmed Kratos: needs a controller
	cd tests/integration && $(integration)/pytest --charm=$(firstword $(wildcard $(CURDIR)/dist/*.charm))

integration-sandbox: $(integration)/pytest ## the same without a controller, in juju-sandbox beside a stand-in for Kratos
	cargo build --quiet --locked --package juju-sandbox
	cargo build --quiet --locked --example requirer
	cd tests/integration && $(integration)/pytest --quiet -p no:cacheprovider --sandbox=$(TARGET)/debug \
		--charm=$(firstword $(wildcard $(CURDIR)/dist/*.charm))

integration-check: $(integration)/pytest ## see whether the integration tests load
	cd tests/integration && $(integration)/pytest --collect-only --quiet

clean: ## remove what was built and installed here
	cargo clean
	rm -rf .tools dist

$(charmcraft)/charmcraft:
	packaging/install_charmcraft $(CHARMCRAFT) $(TOOLS)/charmcraft-$(CHARMCRAFT)

$(charmlint)/charmlint:
	$(PYTHON) -m venv --clear $(dir $(charmlint))
	$(charmlint)/pip install --quiet charmlint==$(CHARMLINT)

# Unoptimised: it takes a fifth of the time to build, and seconds more to run at most.
$(cargo-deny)/cargo-deny:
	CARGO_PROFILE_DEV_DEBUG=0 cargo install --quiet --debug --locked --no-default-features \
		--root $(dir $(cargo-deny)) cargo-deny@$(CARGO_DENY)

$(maturin)/maturin:
	python3 -m venv --clear $(dir $(maturin))
	$(maturin)/pip install --quiet maturin==$(MATURIN)

$(hcl2)/python:
	python3 -m venv --clear $(dir $(hcl2))
	$(hcl2)/pip install --quiet python-hcl2==$(HCL2)

$(integration)/pytest: tests/integration/requirements.txt
	$(PYTHON) -m venv --clear $(dir $(integration))
	$(integration)/pip install --quiet --require-hashes --requirement tests/integration/requirements.txt
	touch $@

$(sandbox-jubilant)/pytest: crates/juju-sandbox/jubilant/requirements.txt
	python3 -m venv --clear $(dir $(sandbox-jubilant))
	$(sandbox-jubilant)/pip install --quiet --require-hashes --requirement $<
	touch $@

$(peers-node)/.package-lock.json: tests/peers/providers/package-lock.json
	mkdir -p $(dir $(peers-node))
	cp tests/peers/providers/package.json tests/peers/providers/package-lock.json $(dir $(peers-node))
	npm ci --prefix $(dir $(peers-node)) --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

$(peers-python)/oidc-provider-mock: tests/peers/providers/requirements.txt
	python3 -m venv --clear $(dir $(peers-python))
	$(peers-python)/pip install --quiet --require-hashes --requirement tests/peers/providers/requirements.txt
	touch $@

$(peers-oauth)/%/bin/installed: tests/peers/oauth_requirer/%/requirements.txt
	python3 -m venv --clear $(peers-oauth)/$*
	$(peers-oauth)/$*/bin/pip install --quiet --require-hashes --requirement $<
	touch $@

$(oauth2-proxy)/oauth2-proxy:
	GOBIN=$(oauth2-proxy) go install github.com/oauth2-proxy/oauth2-proxy/v7@v$(OAUTH2_PROXY)

# Cargo knows whether it is up to date.
.PHONY: $(TARGET)/peers/openidconnect/debug/openidconnect-login
$(TARGET)/peers/openidconnect/debug/openidconnect-login:
	cargo build --quiet --locked --manifest-path tests/peers/openidconnect/Cargo.toml \
		--target-dir $(TARGET)/peers/openidconnect
