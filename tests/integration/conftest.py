"""What the integration tests get: the packed charm, and a model for it."""

import pathlib
import shutil
import subprocess

import jubilant
import pytest


def pytest_addoption(parser):
    parser.addoption("--charm", help="the packed charm: make pack leaves it in dist/")
    parser.addoption("--keep", action="store_true", help="keep the model, to look at it")


@pytest.fixture(scope="session")
def charm(request):
    path = request.config.getoption("--charm")
    if not path:
        pytest.exit("no packed charm: run make pack first", returncode=1)
    return pathlib.Path(path).resolve()


@pytest.fixture(scope="session")
def juju(request):
    """A fresh model on the current controller, which must have a Kubernetes cloud."""
    if not shutil.which("juju"):
        pytest.exit("the integration tests need juju", returncode=1)
    if subprocess.run(["juju", "show-controller"], capture_output=True).returncode:
        pytest.exit("the integration tests need a controller: see juju bootstrap", returncode=1)
    with jubilant.temp_model(keep=request.config.getoption("--keep")) as model:
        model.wait_timeout = 20 * 60
        yield model
        if request.session.testsfailed:
            print(model.debug_log(limit=500))
