"""What the integration tests get: the packed charm, a model for it, and a Kratos.

The model is one on the current controller, with Charmed Kratos; or, with --sandbox, one in
juju-sandbox, with examples/requirer as Kratos.
"""

import os
import pathlib
import shutil
import subprocess

import jubilant
import pytest

REQUIRER = pathlib.Path(__file__).resolve().parents[2] / "examples" / "requirer"


def pytest_addoption(parser):
    parser.addoption("--charm", help="the packed charm: make pack leaves it in dist/")
    parser.addoption("--keep", action="store_true", help="keep the model, to look at it")
    parser.addoption(
        "--sandbox", help="no controller: where cargo put juju-sandbox and examples/requirer"
    )


class Sandbox(jubilant.Juju):
    """Juju without a controller. A command ends when there is nothing left to wait for."""

    def wait(self, ready, *, error=None, delay=0, timeout=5, successes=1):
        return super().wait(
            ready, error=error, delay=delay, timeout=timeout, successes=successes
        )


@pytest.fixture(scope="session")
def charm(request):
    path = request.config.getoption("--charm")
    if not path:
        pytest.exit("no packed charm: run make pack first", returncode=1)
    return pathlib.Path(path).resolve()


@pytest.fixture(scope="session")
def programs(request):
    """The folder of --sandbox, if it was given."""
    folder = request.config.getoption("--sandbox")
    return pathlib.Path(folder).resolve() if folder else None


@pytest.fixture(scope="session")
def juju(request, programs, tmp_path_factory):
    """A fresh model; the current controller, if it is on one, must have a Kubernetes cloud."""
    keep = request.config.getoption("--keep")
    if programs:
        folder = tmp_path_factory.mktemp("sandbox")
        os.chdir(folder)
        model = Sandbox(cli_binary=programs / "juju-sandbox")
        model.add_model("integration")
        yield model
        if keep:
            print(f"The model is in {folder}.")
        else:
            model.destroy_model("integration", force=True)
        return
    if not shutil.which("juju"):
        pytest.exit("the integration tests need juju", returncode=1)
    if subprocess.run(["juju", "show-controller"], capture_output=True).returncode:
        pytest.exit("the integration tests need a controller: see juju bootstrap", returncode=1)
    with jubilant.temp_model(keep=keep) as model:
        model.wait_timeout = 20 * 60
        yield model
        if request.session.testsfailed:
            print(model.debug_log(limit=500))


@pytest.fixture(scope="session")
def deploy_kratos(juju, programs, tmp_path_factory):
    """Deploys `kratos`, which users reach under a host."""

    def charmed_kratos(host):
        # Kratos needs a database, and a URL under which users reach it. dev, because that
        # URL has no certificate here.
        # Kratos' migrations need these two extensions.
        extensions = {"plugin_pg_trgm_enable": True, "plugin_btree_gin_enable": True}
        juju.deploy("postgresql-k8s", channel="14/stable", trust=True, config=extensions)
        juju.deploy("traefik-k8s", trust=True, config={"external_hostname": host})
        juju.deploy("kratos", channel="latest/edge", trust=True, config={"dev": True})
        juju.integrate("kratos:pg-database", "postgresql-k8s:database")
        juju.integrate("kratos:public-route", "traefik-k8s:traefik-route")

    def stand_in(host):
        folder = tmp_path_factory.mktemp("kratos")
        for name in ["metadata.yaml", "config.yaml", "actions.yaml"]:
            shutil.copy(REQUIRER / name, folder)
        shutil.copy(programs / "examples" / "requirer", folder / "dispatch")
        juju.deploy(folder, "kratos", config={"public-url": f"https://{host}"})

    return stand_in if programs else charmed_kratos
