"""What each stage is deployed with, and whether it is there afterwards; with a stand-in for the aws command line."""

import contextlib
import io
import json
import os
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

HERE = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

import build  # noqa: E402
import check_endpoint  # noqa: E402

PACKAGE = "arn:aws:sagemaker:eu-west-1:111122223333:model-package/houses/3"

ENVIRONMENT = {
    "EXECUTION_ROLE_ARN": "arn:aws:iam::111122223333:role/execution",
    "MODEL_PACKAGE_GROUP_NAME": "houses",
    "SAGEMAKER_PROJECT_ID": "p-1",
    "SAGEMAKER_PROJECT_NAME": "houses",
}

# Answers each operation with the file of its name; fails where there is none.
AWS = """#!{python}
import pathlib, sys
answer = pathlib.Path(__file__).with_name(sys.argv[2])
sys.exit("An error occurred (AccessDeniedException)") if not answer.exists() else print(answer.read_text())
"""


class WithCommandLine(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        program = self.folder / "aws"
        program.write_text(AWS.format(python=sys.executable))
        program.chmod(0o755)
        path = f"{self.folder}{os.pathsep}{os.environ['PATH']}"
        environment = mock.patch.dict(os.environ, {**ENVIRONMENT, "PATH": path})
        environment.start()
        self.addCleanup(environment.stop)
        output = contextlib.redirect_stdout(io.StringIO())
        output.__enter__()
        self.addCleanup(output.__exit__, None, None, None)

    def answers(self, operation, answer):
        (self.folder / operation).write_text(json.dumps(answer))


class Build(WithCommandLine):
    def build(self):
        output = self.folder / "output"
        build.main(["--output", str(output)])
        return output

    def test_each_stage_gets_the_newest_approved_version_and_its_own_instances(self):
        self.answers("list-model-packages", {"ModelPackageSummaryList": [{"ModelPackageArn": PACKAGE}]})
        output = self.build()
        stages = {name: json.loads((output / f"{name}.json").read_text()) for name in ("staging", "production")}
        for name, stage in stages.items():
            self.assertEqual(stage["Parameters"]["ModelPackageName"], PACKAGE)
            self.assertEqual(stage["Parameters"]["EndpointName"], f"sagemaker-houses-{name}")
            self.assertEqual(stage["Tags"]["sagemaker:deployment-stage"], name)
        self.assertEqual(stages["production"]["Parameters"]["InitialInstanceCount"], "2")
        self.assertTrue((output / "endpoint.yaml").exists())

    def test_the_template_has_a_parameter_for_each_value(self):
        self.answers("list-model-packages", {"ModelPackageSummaryList": [{"ModelPackageArn": PACKAGE}]})
        output = self.build()
        template = (output / "endpoint.yaml").read_text()
        section = template.partition("Parameters:\n")[2].partition("\nResources:")[0]
        names = {line.strip(" :") for line in section.splitlines() if line.startswith("  ") and line[2] != " "}
        for path in output.glob("*.json"):
            self.assertEqual(set(json.loads(path.read_text())["Parameters"]), names)

    def test_it_ends_where_no_version_is_approved(self):
        self.answers("list-model-packages", {"ModelPackageSummaryList": []})
        with self.assertRaisesRegex(SystemExit, "no approved version in the model package group houses"):
            self.build()

    def test_it_ends_with_the_reason_of_the_command_line(self):
        with self.assertRaisesRegex(SystemExit, "list-model-packages failed: An error occurred"):
            self.build()

    def test_what_is_missing_in_the_environment_is_named(self):
        with self.assertRaisesRegex(SystemExit, "EXECUTION_ROLE_ARN must be set"):
            build.settings({**ENVIRONMENT, "EXECUTION_ROLE_ARN": ""})


class CheckEndpoint(WithCommandLine):
    def setUp(self):
        super().setUp()
        self.answers("describe-endpoint", {"EndpointStatus": "InService", "EndpointConfigName": "config"})
        self.answers("describe-endpoint-config", {"ProductionVariants": [{"ModelName": "model"}]})
        self.answers("describe-model", {"PrimaryContainer": {"ModelPackageName": PACKAGE}})
        self.configuration = self.folder / "staging.json"
        parameters = {"EndpointName": "houses-staging", "ModelPackageName": PACKAGE}
        self.configuration.write_text(json.dumps({"Parameters": parameters}))

    def check(self):
        check_endpoint.main([str(self.configuration)])

    def test_an_endpoint_that_serves_the_version_is_good(self):
        self.check()

    def test_one_that_is_not_in_service_is_not(self):
        self.answers("describe-endpoint", {"EndpointStatus": "Failed", "FailureReason": "No image"})
        with self.assertRaisesRegex(SystemExit, "houses-staging is Failed: No image"):
            self.check()

    def test_one_that_serves_another_version_is_not(self):
        self.answers("describe-model", {"PrimaryContainer": {"ModelPackageName": PACKAGE[:-1] + "2"}})
        with self.assertRaisesRegex(SystemExit, "houses/2, and is to serve"):
            self.check()

    def test_one_that_cannot_be_looked_at_is_not(self):
        (self.folder / "describe-endpoint").unlink()
        with self.assertRaisesRegex(SystemExit, "describe-endpoint failed: An error occurred"):
            self.check()

    def test_it_takes_one_configuration(self):
        with self.assertRaisesRegex(SystemExit, "usage"):
            check_endpoint.main([])


if __name__ == "__main__":
    unittest.main()
