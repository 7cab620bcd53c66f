"""The chart, rendered: every object is one that Kubernetes knows, and every pod is as closed as its rules can make it.

Not among the other tests: tests/helm/run brings Helm and the schemas, and names this file.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import kubernetes_validate  # type: ignore[import-not-found]  # tests/helm/run brings it
import pytest
import yaml
from helm_python.chart import Chart, lint  # type: ignore[import-not-found]  # as above
from typer.testing import CliRunner

from deploy.cli import app
from shared.adapters.settings import Settings
from shared.contract.vocabulary import Agency

CHART = Path(__file__).parents[2] / "deploy" / "helm" / "qorgau"
VERSIONS = ("1.30", "1.33")
TOLD = json.dumps(
    {
        "ports": [587],
        "services": {
            "shelter": {
                "files": ["notify", "mail-password"],
                "settings": {"QORGAU_NOTIFY_FILE": "/run/secrets/qorgau/notify", "QORGAU_MAIL_HOST": "mail.example.kz"},
            }
        },
    }
)
VALUES: tuple[str, ...] = ("{}", '{"postgres": {"enabled": true}, "otlpEndpoint": "http://collector:4318"}', TOLD)


@cache
def rendered(values: str = "{}") -> list[dict[str, Any]]:
    with Chart.load(str(CHART)) as chart:
        files = chart.render(json.loads(values), name="qorgau", namespace="agencies")
    return [one for text in files.values() for one in yaml.safe_load_all(text) if one]


def of_kind(*kinds: str) -> dict[str, dict[str, Any]]:
    return {f"{o['kind']}/{o['metadata']['name']}": o for o in rendered() if o["kind"] in kinds}


WITH_PODS = of_kind("Deployment", "Job")
SERVICES = {
    name: o for name, o in WITH_PODS.items() if o["metadata"]["labels"]["app.kubernetes.io/name"] in list(Agency)
}


def pod(about: dict[str, Any]) -> dict[str, Any]:
    return about["spec"]["template"]["spec"]  # type: ignore[no-any-return]  # YAML


def container(about: dict[str, Any]) -> dict[str, Any]:
    (only,) = pod(about)["containers"]
    return only  # type: ignore[no-any-return]  # YAML


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("values", VALUES)
def test_every_object_is_one_that_kubernetes_knows(values: str, version: str) -> None:
    for one in rendered(values):
        kubernetes_validate.validate(one, version, strict=True)


def test_helm_finds_nothing_but_the_charts_that_are_fetched_when_it_is_installed() -> None:
    found = [m["error"] for m in lint(str(CHART), strict=True)["messages"] if m["severity"] > 1]
    assert found == ["chart directory is missing these dependencies: nats,cluster"]


def test_there_is_everything_for_each_agency() -> None:
    for agency in Agency:
        for kind in ("Deployment", "Service", "PodDisruptionBudget", "HorizontalPodAutoscaler"):
            assert f"{kind}/qorgau-{agency}" in of_kind(kind)
        assert f"Job/qorgau-migrate-{agency}-1" in WITH_PODS


@pytest.mark.parametrize("name", WITH_PODS)
def test_a_pod_is_restricted(name: str) -> None:
    """As the Pod Security Standard `restricted` wants it, and with nothing to write but /tmp."""
    about, only = pod(WITH_PODS[name]), container(WITH_PODS[name])
    of_pod, closed = about["securityContext"], only["securityContext"]
    assert (of_pod["runAsNonRoot"], of_pod["seccompProfile"]) == (True, {"type": "RuntimeDefault"})
    assert of_pod["runAsUser"] == 10001
    assert (closed["allowPrivilegeEscalation"], closed["readOnlyRootFilesystem"]) == (False, True)
    assert closed["capabilities"] == {"drop": ["ALL"]}
    assert about["automountServiceAccountToken"] is False
    assert not {"hostNetwork", "hostPID", "hostIPC"} & set(about)
    assert {next(iter(set(volume) - {"name"})) for volume in about["volumes"]} <= {"secret", "configMap", "emptyDir"}
    assert only["resources"]["limits"]["memory"]


@pytest.mark.parametrize("name", WITH_PODS)
def test_secrets_are_files_and_no_variable_holds_one(name: str) -> None:
    assert all(set(variable) == {"name", "value"} for variable in container(WITH_PODS[name])["env"])


@pytest.mark.parametrize("name", WITH_PODS)
def test_only_a_migration_is_given_the_owners_password(name: str) -> None:
    secret = next(v["secret"] for v in pod(WITH_PODS[name])["volumes"] if "secret" in v)
    given = {item["key"] for item in secret["items"]}
    assert ("owner-password" in given) is (WITH_PODS[name]["kind"] == "Job")


@pytest.mark.parametrize("name", [name for name in WITH_PODS if "provisioner" not in name])
def test_the_variables_are_settings_that_the_service_takes(name: str) -> None:
    given = {v["name"].removeprefix("QORGAU_").lower(): v["value"] for v in container(WITH_PODS[name])["env"]}
    assert set(given) <= set(Settings.model_fields)
    settings = Settings.model_validate(given)
    assert settings.agency.value in name


@pytest.mark.parametrize("name", SERVICES)
def test_files_that_settings_name_are_mounted(name: str) -> None:
    about = pod(SERVICES[name])
    secret = next(v["secret"] for v in about["volumes"] if "secret" in v)
    there = {f"/run/secrets/qorgau/{item['path']}" for item in secret["items"]}
    named = [v["value"].removeprefix("file:") for v in container(SERVICES[name])["env"]]
    secrets = {value for value in named if value.startswith("/run/secrets/")}
    assert secrets == there


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_asked_whether_it_lives_and_whether_it_is_ready(name: str) -> None:
    only = container(SERVICES[name])
    assert only["livenessProbe"]["httpGet"]["path"] == "/health/live"
    assert only["readinessProbe"]["httpGet"]["path"] == "/health/ready"


@pytest.mark.parametrize("name", SERVICES)
def test_an_upgrade_and_a_drained_machine_leave_one_that_answers(name: str) -> None:
    assert SERVICES[name]["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    service = name.removeprefix("Deployment/")
    assert of_kind("PodDisruptionBudget")[f"PodDisruptionBudget/{service}"]["spec"]["maxUnavailable"] == 1
    assert of_kind("HorizontalPodAutoscaler")[f"HorizontalPodAutoscaler/{service}"]["spec"]["minReplicas"] >= 2


@pytest.mark.parametrize("kind", ["Service", "PodDisruptionBudget"])
def test_what_selects_pods_selects_those_of_one_service(kind: str) -> None:
    for name, about in of_kind(kind).items():
        selector = about["spec"]["selector"]
        wanted = selector.get("matchLabels", selector)
        chosen = [
            n for n, o in WITH_PODS.items() if wanted.items() <= o["spec"]["template"]["metadata"]["labels"].items()
        ]
        assert chosen == [f"Deployment/{name.split('/')[1]}"]


def test_no_service_may_call_another_nor_be_called_but_by_named_namespaces() -> None:
    policies = of_kind("NetworkPolicy")
    closed = policies["NetworkPolicy/qorgau-closed"]["spec"]
    assert (closed["policyTypes"], "ingress" in closed) == (["Ingress", "Egress"], False)
    everyone = closed["podSelector"]["matchLabels"].items()
    assert all(everyone <= o["spec"]["template"]["metadata"]["labels"].items() for o in WITH_PODS.values())
    for policy in policies.values():
        for rule in policy["spec"].get("ingress", []):
            assert all(set(caller) == {"namespaceSelector"} for caller in rule["from"])
        for rule in policy["spec"].get("egress", []):
            assert {port["port"] for port in rule["ports"]} <= {53, 443, 4222, 4318, 5432}


def test_the_nats_chart_is_given_the_users_and_settings_of_the_one_place(tmp_path: Path) -> None:
    run = CliRunner()
    assert run.invoke(app, ["init", "--folder", str(tmp_path)]).exit_code == 0
    printed = json.loads(run.invoke(app, ["nats", "values", "--folder", str(tmp_path)]).output)
    with Chart.load(str(CHART)) as chart:
        merged = chart.merge_values(printed)["nats"]["config"]
    assert merged["jetstream"]["merge"] == {"domain": "qorgau", "sync_interval": "always"}
    assert len(merged["merge"]["authorization"]["users"]) == 5
    assert (merged["cluster"]["replicas"], merged["jetstream"]["fileStore"]["enabled"]) == (3, True)
    provisioner = container(WITH_PODS["Deployment/qorgau-provisioner"])
    assert {"name": "QORGAU_NATS_REPLICAS", "value": "3"} in provisioner["env"]


def test_a_service_gets_its_own_settings_and_files_and_no_other_does() -> None:
    told = {o["metadata"]["name"]: o for o in rendered(TOLD) if o["kind"] == "Deployment"}
    having = {name for name, about in told.items() if "QORGAU_MAIL_HOST" in json.dumps(container(about)["env"])}
    assert having == {"qorgau-shelter"}
    for name, about in told.items():
        (secrets,) = [one["secret"]["items"] for one in pod(about)["volumes"] if one["name"] == "secrets"]
        assert ({"key": "notify", "path": "notify"} in secrets) is (name == "qorgau-shelter")
    (policy,) = [o for o in rendered(TOLD) if o["metadata"]["name"] == "qorgau-services" and "egress" in o["spec"]]
    assert {"port": 587} in policy["spec"]["egress"][0]["ports"]
