"""The story of packaging/story.py, told to a real controller and to Charmed Kratos.

Or to juju-sandbox, which shows that the tests themselves are right: conftest.py says how.
"""

import json

import jubilant
import pytest

# The id is made from the client id, and users' accounts hang on it: it may never change.
PROVIDER_ID = "google_c0fca45e348e843d943c7ecb3768a5a1e123ff09"
PUBLIC_HOST = "iam.example.com"
SECRET = "GOCSPX-story"


def wait_for(juju, app, status, message=""):
    """Waits until every unit of an application shows this, and nothing is in error."""

    def shown(model):
        units = model.apps[app].units.values()
        workloads = [unit.workload_status for unit in units]
        return workloads and all(
            workload.current == status and workload.message.startswith(message)
            for workload in workloads
        )

    juju.wait(shown, error=lambda model: jubilant.any_error(model, app))


def redirect_uri(juju, unit):
    return juju.run(unit, "get-redirect-uri").results["redirect-uri"]


def test_blocked_until_it_is_configured(juju, charm):
    juju.deploy(charm, "idp", num_units=2)
    wait_for(juju, "idp", "blocked", "Invalid OIDC provider configuration: client_id: ")


def test_a_user_secret(juju):
    secret = juju.add_secret("google-client", {"client-secret": SECRET})
    juju.grant_secret(secret, "idp")
    values = {
        "provider": "google",
        "client_id": "story.apps.example.com",
        "client_secret": str(secret),
    }
    juju.config("idp", values)
    wait_for(juju, "idp", "blocked", "Missing integration kratos-external-idp")


def test_ready_with_kratos(juju, deploy_kratos):
    deploy_kratos(PUBLIC_HOST)
    juju.integrate("idp", "kratos")
    wait_for(juju, "idp", "active", "The OIDC provider is ready")


@pytest.mark.parametrize("unit", ["idp/0", "idp/1"])
def test_every_unit_tells_the_redirect_uri(juju, unit):
    uri = redirect_uri(juju, unit)
    assert PUBLIC_HOST in uri
    assert uri.endswith(f"/self-service/methods/oidc/callback/{PROVIDER_ID}")


def test_a_typo_keeps_what_was_published(juju):
    before = redirect_uri(juju, "idp/0")
    juju.config("idp", {"provider": "gogle"})
    wait_for(juju, "idp", "blocked", "Invalid OIDC provider configuration: provider: ")
    assert redirect_uri(juju, "idp/0") == before
    juju.config("idp", {"provider": "google"})
    wait_for(juju, "idp", "active", "The OIDC provider is ready")


def test_the_kill_switch(juju):
    juju.config("idp", {"enabled": False})
    wait_for(juju, "idp", "active", "The OIDC provider is disabled")
    unit = json.loads(juju.cli("show-unit", "kratos/0", "--format", "json"))["kratos/0"]
    data = [
        relation["application-data"]
        for relation in unit["relation-info"]
        if relation["endpoint"] == "kratos-external-idp"
    ]
    assert all(PROVIDER_ID not in json.dumps(item) for item in data), "it is withdrawn"


def test_the_secret_is_not_in_the_log(juju):
    # Without a limit, it is but the last ten lines.
    assert SECRET not in juju.debug_log(limit=100_000)


def test_the_end_of_the_integration(juju):
    juju.cli("remove-relation", "idp", "kratos")
    wait_for(juju, "idp", "blocked", "Missing integration kratos-external-idp")
    with pytest.raises(jubilant.TaskError):
        redirect_uri(juju, "idp/0")
