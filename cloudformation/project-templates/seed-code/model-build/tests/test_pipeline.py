"""The pipeline's definition, and what is done with it."""

import json
import os
import pathlib
import re
import sys
import tempfile
import unittest
from unittest import mock

HERE = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

import pipeline  # noqa: E402

ENVIRONMENT = {
    "ARTIFACT_BUCKET": "artifacts",
    "IMAGE_URI": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/image:1",
    "MODEL_PACKAGE_GROUP_NAME": "houses",
    "PIPELINE_NAME": "houses",
    "PIPELINE_ROLE_ARN": "arn:aws:iam::111122223333:role/pipeline",
    "SAGEMAKER_PROJECT_ID": "p-1",
    "SAGEMAKER_PROJECT_NAME": "houses",
    "CODEBUILD_RESOLVED_SOURCE_VERSION": "c0ffee",
}

# Stands for the aws command line: keeps what it is called with, and knows the pipelines that were created.
AWS = """#!{python}
import pathlib, sys
folder = pathlib.Path(__file__).parent
with (folder / "calls").open("a") as calls:
    calls.write(" ".join(sys.argv[1:]) + "\\n")
known = folder / "pipeline"
if sys.argv[2] == "create-pipeline":
    known.touch()
if sys.argv[2] == "describe-pipeline" and not known.exists():
    sys.exit("An error occurred (ResourceNotFound) when calling the DescribePipeline operation")
"""


def steps(env=None):
    made = pipeline.definition(pipeline.settings(env or ENVIRONMENT))
    return {step["Name"]: step for step in made["Steps"]}


class Definition(unittest.TestCase):
    def test_it_refers_to_nothing_that_it_does_not_have(self):
        made = pipeline.definition(pipeline.settings(ENVIRONMENT))
        references = set(re.findall(r'"Get": "(\w+\.\w+)', json.dumps(made)))
        known = {f"Parameters.{one['Name']}" for one in made["Parameters"]}
        known |= {f"Steps.{one['Name']}" for one in made["Steps"]}
        self.assertEqual(references - known, {"Execution.PipelineExecutionId"})
        self.assertLessEqual({"Steps.Preprocess", "Steps.Train", "Steps.Evaluate"}, references)

    def test_the_scripts_that_it_runs_are_there(self):
        commands = [
            steps()["Preprocess"]["Arguments"]["AppSpecification"]["ContainerEntrypoint"],
            steps()["Train"]["Arguments"]["AlgorithmSpecification"]["ContainerEntrypoint"],
            steps()["Evaluate"]["Arguments"]["AppSpecification"]["ContainerEntrypoint"],
        ]
        for _, script in commands:
            self.assertTrue((HERE / "steps" / pathlib.PurePosixPath(script).name).exists(), script)

    def test_a_model_is_registered_or_refused(self):
        arguments = steps()["CheckError"]["Arguments"]
        self.assertEqual([step["Type"] for step in arguments["IfSteps"]], ["RegisterModel"])
        self.assertEqual([step["Type"] for step in arguments["ElseSteps"]], ["Fail"])

    def test_each_commit_has_its_own_source(self):
        other = steps({**ENVIRONMENT, "CODEBUILD_RESOLVED_SOURCE_VERSION": "decade"})
        self.assertNotEqual(steps()["Train"], other["Train"])

    def test_what_is_missing_in_the_environment_is_named(self):
        with self.assertRaisesRegex(SystemExit, "IMAGE_URI, PIPELINE_NAME must be set"):
            pipeline.settings({**ENVIRONMENT, "IMAGE_URI": "", "PIPELINE_NAME": ""})


class Upsert(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.place(AWS)
        self.definition = str(self.folder / "pipeline.json")

    def place(self, text):
        program = self.folder / "aws"
        program.write_text(text.format(python=sys.executable))
        program.chmod(0o755)

    def run_pipeline(self, *options):
        path = f"{self.folder}{os.pathsep}{os.environ['PATH']}"
        with mock.patch.dict(os.environ, {**ENVIRONMENT, "PATH": path}):
            pipeline.main(["--definition", self.definition, *options])

    def calls(self):
        return [line.split()[1] for line in (self.folder / "calls").read_text().splitlines()]

    def test_it_only_writes_unless_it_is_asked_for_more(self):
        self.run_pipeline()
        self.assertFalse((self.folder / "calls").exists())
        self.assertEqual(json.loads(pathlib.Path(self.definition).read_text())["Version"], "2020-12-01")

    def test_it_creates_a_pipeline_once_and_updates_it_from_then_on(self):
        self.run_pipeline("--upsert", "--start")
        self.assertEqual(
            self.calls(), ["cp", "cp", "describe-pipeline", "create-pipeline", "start-pipeline-execution"]
        )
        self.run_pipeline("--upsert")
        self.assertEqual(self.calls()[5:], ["cp", "cp", "describe-pipeline", "update-pipeline"])

    def test_it_ends_with_the_reason_of_the_command_line(self):
        self.place("#!{python}\nimport sys\nsys.exit('An error occurred (AccessDeniedException)')\n")
        with self.assertRaisesRegex(SystemExit, "aws s3 cp failed: An error occurred .AccessDeniedException."):
            self.run_pipeline("--upsert")

    def test_it_takes_no_refusal_for_a_pipeline_that_is_missing(self):
        refusing = AWS.replace("ResourceNotFound", "AccessDeniedException")
        self.place(refusing)
        with self.assertRaisesRegex(SystemExit, "describe-pipeline failed"):
            self.run_pipeline("--upsert")


if __name__ == "__main__":
    unittest.main()
