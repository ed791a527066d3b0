"""Looks whether an endpoint serves the version of the model that it is to serve; ends with an error if not.

    python3 check_endpoint.py build/staging.json
"""

import json
import pathlib
import subprocess
import sys


def sagemaker(operation, *arguments):
    command = ["aws", "sagemaker", operation, *arguments, "--output", "json"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"aws sagemaker {operation} failed: {done.stderr.strip()}")
    return json.loads(done.stdout)


def check(name, package):
    endpoint = sagemaker("describe-endpoint", "--endpoint-name", name)
    if endpoint["EndpointStatus"] != "InService":
        sys.exit(f"The endpoint {name} is {endpoint['EndpointStatus']}: {endpoint.get('FailureReason', '')}")
    config = sagemaker("describe-endpoint-config", "--endpoint-config-name", endpoint["EndpointConfigName"])
    for variant in config["ProductionVariants"]:
        model = sagemaker("describe-model", "--model-name", variant["ModelName"])
        served = [one.get("ModelPackageName") for one in [model.get("PrimaryContainer", {})]]
        if served != [package]:
            sys.exit(f"The endpoint {name} serves {served[0]}, and is to serve {package}")
    print(f"The endpoint {name} serves {package}")


def main(arguments):
    if len(arguments) != 1:
        sys.exit("usage: python3 check_endpoint.py CONFIGURATION")
    parameters = json.loads(pathlib.Path(arguments[0]).read_text())["Parameters"]
    check(parameters["EndpointName"], parameters["ModelPackageName"])


if __name__ == "__main__":
    main(sys.argv[1:])
