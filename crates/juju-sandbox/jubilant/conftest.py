"""What the tests get: jubilant on a juju-sandbox, and a charm."""

import pathlib

import jubilant
import pytest

CHARM = pathlib.Path(__file__).resolve().parent / "charm"


def pytest_addoption(parser):
    parser.addoption("--program", required=True, help="the built juju-sandbox")


@pytest.fixture
def charm():
    return CHARM


@pytest.fixture(scope="session")
def program(request):
    return str(pathlib.Path(request.config.getoption("--program")).resolve())


@pytest.fixture
def empty(program, tmp_path, monkeypatch):
    """jubilant in a folder without a model."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JUJU_MODEL", raising=False)
    monkeypatch.delenv("JUJU_SANDBOX_STATE", raising=False)
    return jubilant.Juju(cli_binary=program)


@pytest.fixture(params=["3.6.12", "4.0.14"])
def juju(request, empty):
    """A model of each version, which each command names, with the charm deployed as `a`."""
    empty.add_model("tests", config={"agent-version": request.param})
    empty.deploy(CHARM, "a")
    return empty


@pytest.fixture
def pair(juju):
    """The same, related to `b`."""
    juju.deploy(CHARM, "b")
    juju.integrate("a:offer", "b:need")
    return juju
