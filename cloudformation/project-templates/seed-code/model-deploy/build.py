"""Finds the newest approved version of the model, and writes what each stage is deployed with.

    python3 build.py --output build

For each configuration in stages/, the output gets one that CodePipeline gives to CloudFormation, and endpoint.yaml beside
them. What it needs to know of the project is in the environment, where the project's build puts it.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).parent

NEEDED = (
    "EXECUTION_ROLE_ARN",
    "MODEL_PACKAGE_GROUP_NAME",
    "SAGEMAKER_PROJECT_ID",
    "SAGEMAKER_PROJECT_NAME",
)


def settings(environment):
    missing = [name for name in NEEDED if not environment.get(name)]
    if missing:
        sys.exit(f"Reading the environment: {', '.join(missing)} must be set; the project's build sets them")
    return environment


def newest_approved(group):
    """The ARN of the version that was made last among those that are approved."""
    command = ["aws", "sagemaker", "list-model-packages", "--model-package-group-name", group]
    command += ["--model-approval-status", "Approved", "--sort-by", "CreationTime", "--sort-order", "Descending"]
    done = subprocess.run([*command, "--max-items", "1", "--output", "json"], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"aws sagemaker list-model-packages failed: {done.stderr.strip()}")
    packages = json.loads(done.stdout)["ModelPackageSummaryList"]
    if not packages:
        sys.exit(f"There is no approved version in the model package group {group}; approve one, and it is deployed")
    return packages[0]["ModelPackageArn"]


def configuration(path, env, package):
    """A stage's own configuration with what is the same in all stages."""
    stage = json.loads(path.read_text())
    name, project = path.stem, env["SAGEMAKER_PROJECT_NAME"]
    return {
        "Parameters": {
            **{key: str(value) for key, value in stage.get("Parameters", {}).items()},
            "EndpointName": f"sagemaker-{project}-{name}",
            "ModelPackageName": package,
            "ExecutionRoleArn": env["EXECUTION_ROLE_ARN"],
        },
        "Tags": {
            **stage.get("Tags", {}),
            "sagemaker:project-name": project,
            "sagemaker:project-id": env["SAGEMAKER_PROJECT_ID"],
            "sagemaker:deployment-stage": name,
        },
    }


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Writes what each stage is deployed with.")
    parser.add_argument("--output", default="build", help="the folder to write to")
    options = parser.parse_args(arguments)
    env = settings(os.environ)
    package = newest_approved(env["MODEL_PACKAGE_GROUP_NAME"])
    output = pathlib.Path(options.output)
    output.mkdir(parents=True, exist_ok=True)
    for path in sorted((HERE / "stages").glob("*.json")):
        (output / path.name).write_text(json.dumps(configuration(path, env, package), indent=2))
    shutil.copy(HERE / "endpoint.yaml", output / "endpoint.yaml")
    print(f"Deploying {package}")


if __name__ == "__main__":
    main()
