"""Writes the definition of the SageMaker pipeline, and brings the pipeline up to date with the `aws` command line.

    python3 pipeline.py --definition pipeline.json
    python3 pipeline.py --definition pipeline.json --upsert --start

What it needs to know of the project is in the environment, where the project's build puts it.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).parent

# A model whose error, in the unit of the prices, is larger is not registered.
GREATEST_ERROR = 10.0

NEEDED = (
    "ARTIFACT_BUCKET",
    "IMAGE_URI",
    "MODEL_PACKAGE_GROUP_NAME",
    "PIPELINE_NAME",
    "PIPELINE_ROLE_ARN",
    "SAGEMAKER_PROJECT_ID",
    "SAGEMAKER_PROJECT_NAME",
)


def settings(environment):
    missing = [name for name in NEEDED if not environment.get(name)]
    if missing:
        sys.exit(f"Reading the environment: {', '.join(missing)} must be set; the project's build sets them")
    # Each commit has its own copy of the steps and the data: an execution that goes on later finds what it began with.
    revision = environment.get("CODEBUILD_RESOLVED_SOURCE_VERSION") or "local"
    prefix = f"s3://{environment['ARTIFACT_BUCKET']}/{environment['PIPELINE_NAME']}"
    return {**environment, "SOURCE": f"{prefix}/source/{revision}", "RESULTS": f"{prefix}/executions"}


def in_execution(env, *path):
    """A place in S3 that each execution has for itself."""
    return {"Std:Join": {"On": "/", "Values": [env["RESULTS"], {"Get": "Execution.PipelineExecutionId"}, *path]}}


def processing_input(name, uri, path):
    s3 = {"S3Uri": uri, "LocalPath": path, "S3DataType": "S3Prefix", "S3InputMode": "File"}
    return {"InputName": name, "S3Input": s3}


def processing_output(name, uri, path):
    return {"OutputName": name, "S3Output": {"S3Uri": uri, "LocalPath": path, "S3UploadMode": "EndOfJob"}}


def channel(name, uri):
    source = {"S3DataType": "S3Prefix", "S3Uri": uri, "S3DataDistributionType": "FullyReplicated"}
    return {"ChannelName": name, "DataSource": {"S3DataSource": source}, "ContentType": "text/csv"}


def processing(env, name, script, inputs, outputs, **more):
    code = processing_input("code", f"{env['SOURCE']}/steps", "/opt/ml/processing/input/code")
    entrypoint = ["python3", f"/opt/ml/processing/input/code/{script}"]
    cluster = {"InstanceCount": 1, "InstanceType": {"Get": "Parameters.InstanceType"}, "VolumeSizeInGB": 10}
    arguments = {
        "AppSpecification": {"ImageUri": env["IMAGE_URI"], "ContainerEntrypoint": entrypoint},
        "ProcessingInputs": [code, *inputs],
        "ProcessingOutputConfig": {"Outputs": outputs},
        "ProcessingResources": {"ClusterConfig": cluster},
        "RoleArn": env["PIPELINE_ROLE_ARN"],
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    }
    return {"Name": name, "Type": "Processing", "Arguments": arguments, **more}


def output_of(step, name):
    return {"Get": f"Steps.{step}.ProcessingOutputConfig.Outputs['{name}'].S3Output.S3Uri"}


def training(env):
    code = channel("code", f"{env['SOURCE']}/steps")
    algorithm = {
        "TrainingImage": env["IMAGE_URI"],
        "TrainingInputMode": "File",
        "ContainerEntrypoint": ["python3", "/opt/ml/input/data/code/train.py"],
    }
    arguments = {
        "AlgorithmSpecification": algorithm,
        "InputDataConfig": [code, channel("train", output_of("Preprocess", "train"))],
        "OutputDataConfig": {"S3OutputPath": in_execution(env, "model")},
        "ResourceConfig": {
            "InstanceCount": 1,
            "InstanceType": {"Get": "Parameters.InstanceType"},
            "VolumeSizeInGB": 10,
        },
        "RoleArn": env["PIPELINE_ROLE_ARN"],
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    }
    return {"Name": "Train", "Type": "Training", "Arguments": arguments}


def registration(env):
    container = {
        "Image": env["IMAGE_URI"],
        "ModelDataUrl": {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"},
        "Environment": {
            "SAGEMAKER_PROGRAM": "inference.py",
            "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code",
        },
    }
    instances = ["ml.t2.medium", "ml.m5.large", "ml.m5.xlarge"]
    statistics = {"ContentType": "application/json", "S3Uri": in_execution(env, "evaluation", "evaluation.json")}
    arguments = {
        "ModelPackageGroupName": env["MODEL_PACKAGE_GROUP_NAME"],
        # No parameter, so that whoever starts the pipeline cannot approve; its role may register nothing else.
        "ModelApprovalStatus": "PendingManualApproval",
        "InferenceSpecification": {
            "Containers": [container],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
            "SupportedRealtimeInferenceInstanceTypes": instances,
            "SupportedTransformInstanceTypes": ["ml.m5.large", "ml.m5.xlarge"],
        },
        "ModelMetrics": {"ModelQuality": {"Statistics": statistics}},
    }
    return {"Name": "Register", "Type": "RegisterModel", "Arguments": arguments}


def definition(env):
    preprocess = processing(
        env,
        "Preprocess",
        "preprocess.py",
        [processing_input("data", {"Get": "Parameters.DataUri"}, "/opt/ml/processing/input/data")],
        [
            processing_output("train", in_execution(env, "train"), "/opt/ml/processing/train"),
            processing_output("test", in_execution(env, "test"), "/opt/ml/processing/test"),
        ],
    )
    model = {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"}
    evaluate = processing(
        env,
        "Evaluate",
        "evaluate.py",
        [
            processing_input("model", model, "/opt/ml/processing/input/model"),
            processing_input("test", output_of("Preprocess", "test"), "/opt/ml/processing/input/test"),
        ],
        [processing_output("evaluation", in_execution(env, "evaluation"), "/opt/ml/processing/evaluation")],
        PropertyFiles=[
            {"PropertyFileName": "Evaluation", "OutputName": "evaluation", "FilePath": "evaluation.json"}
        ],
    )
    error = {
        "Std:JsonGet": {
            "PropertyFile": {"Get": "Steps.Evaluate.PropertyFiles.Evaluation"},
            "Path": "regression_metrics.rmse.value",
        }
    }
    message = {"Std:Join": {"On": " ", "Values": ["The model's error is larger than", GREATEST_ERROR]}}
    decide = {
        "Name": "CheckError",
        "Type": "Condition",
        "Arguments": {
            "Conditions": [{"Type": "LessThanOrEqualTo", "LeftValue": error, "RightValue": GREATEST_ERROR}],
            "IfSteps": [registration(env)],
            "ElseSteps": [{"Name": "Refuse", "Type": "Fail", "Arguments": {"ErrorMessage": message}}],
        },
    }
    return {
        "Version": "2020-12-01",
        "Metadata": {},
        "Parameters": [
            {"Name": "DataUri", "Type": "String", "DefaultValue": f"{env['SOURCE']}/data"},
            {"Name": "InstanceType", "Type": "String", "DefaultValue": "ml.m5.large"},
        ],
        "Steps": [preprocess, training(env), evaluate, decide],
    }


def aws(*arguments):
    """What the `aws` command line prints; ends the program with its message where it fails."""
    done = subprocess.run(["aws", *arguments], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"aws {' '.join(arguments[:2])} failed: {done.stderr.strip()}")
    return done.stdout


def exists(name):
    """Whether the pipeline is there; ends the program where that cannot be told."""
    command = ["aws", "sagemaker", "describe-pipeline", "--pipeline-name", name]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode and "ResourceNotFound" not in done.stderr:
        sys.exit(f"aws sagemaker describe-pipeline failed: {done.stderr.strip()}")
    return done.returncode == 0


def upsert(env, path):
    for folder in ("steps", "data"):
        aws("s3", "cp", "--recursive", "--only-show-errors", str(HERE / folder), f"{env['SOURCE']}/{folder}")
    named = ["--pipeline-name", env["PIPELINE_NAME"], "--role-arn", env["PIPELINE_ROLE_ARN"]]
    body = ["--pipeline-definition", f"file://{path}"]
    if exists(env["PIPELINE_NAME"]):
        aws("sagemaker", "update-pipeline", *named, *body)
        return
    tags = [
        f"Key=sagemaker:project-name,Value={env['SAGEMAKER_PROJECT_NAME']}",
        f"Key=sagemaker:project-id,Value={env['SAGEMAKER_PROJECT_ID']}",
    ]
    aws("sagemaker", "create-pipeline", *named, *body, "--tags", *tags)


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Writes the pipeline's definition, and brings it up to date.")
    parser.add_argument("--definition", default="pipeline.json", help="where to write it")
    parser.add_argument("--upsert", action="store_true", help="create or update the pipeline")
    parser.add_argument("--start", action="store_true", help="start an execution")
    options = parser.parse_args(arguments)
    env = settings(os.environ)
    pathlib.Path(options.definition).write_text(json.dumps(definition(env), indent=2))
    if options.upsert:
        upsert(env, options.definition)
    if options.start:
        print(aws("sagemaker", "start-pipeline-execution", "--pipeline-name", env["PIPELINE_NAME"]))


if __name__ == "__main__":
    main()
