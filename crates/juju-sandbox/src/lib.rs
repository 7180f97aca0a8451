//! An embedded Juju model.
