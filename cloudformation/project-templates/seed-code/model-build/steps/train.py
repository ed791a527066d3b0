"""Fits the model, and puts beside it what serves it: SageMaker makes model.tar.gz of the folder."""

import argparse
import csv
import json
import pathlib
import shutil

import regression


def read(folder):
    """The names of the columns, their values, and the targets, which are the last column."""
    with (pathlib.Path(folder) / "train.csv").open(newline="") as file:
        header, *rows = list(csv.reader(file))
    numbers = [[float(value) for value in row] for row in rows]
    return header[:-1], [row[:-1] for row in numbers], [row[-1] for row in numbers]


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", default="/opt/ml/input/data/train")
    parser.add_argument("--model", default="/opt/ml/model")
    # SageMaker adds an argument of its own.
    options, _ = parser.parse_known_args(arguments)
    columns, rows, targets = read(options.train)
    model = {"columns": columns, "weights": regression.fit(rows, targets)}
    folder = pathlib.Path(options.model)
    code = folder / "code"
    code.mkdir(parents=True, exist_ok=True)
    (folder / "model.json").write_text(json.dumps(model))
    for name in ("inference.py", "regression.py"):
        shutil.copy(pathlib.Path(__file__).with_name(name), code / name)
    print(f"Fitted {len(columns)} weights to {len(rows)} rows")


if __name__ == "__main__":
    main()
