"""Measures the model on the part of the data that it has not seen. The pipeline decides by the result."""

import argparse
import csv
import json
import math
import pathlib
import tarfile

import regression


def load(folder):
    """The model, out of the archive that SageMaker has made of it."""
    with tarfile.open(pathlib.Path(folder) / "model.tar.gz") as archive:
        member = next(one for one in archive.getmembers() if pathlib.PurePath(one.name).name == "model.json")
        return json.load(archive.extractfile(member))


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="/opt/ml/processing/input/model")
    parser.add_argument("--test", default="/opt/ml/processing/input/test")
    parser.add_argument("--evaluation", default="/opt/ml/processing/evaluation")
    options = parser.parse_args(arguments)
    weights = load(options.model)["weights"]
    with (pathlib.Path(options.test) / "test.csv").open(newline="") as file:
        _, *rows = list(csv.reader(file))
    errors = [
        regression.predict(weights, [float(value) for value in row[:-1]]) - float(row[-1]) for row in rows
    ]
    rmse = math.sqrt(sum(error * error for error in errors) / len(errors))
    folder = pathlib.Path(options.evaluation)
    folder.mkdir(parents=True, exist_ok=True)
    # The form that the model registry shows metrics from.
    report = {"regression_metrics": {"rmse": {"value": rmse, "standard_deviation": "NaN"}}}
    (folder / "evaluation.json").write_text(json.dumps(report))
    print(f"The root mean square error is {rmse:.3f}")


if __name__ == "__main__":
    main()
