"""Serves the model, in the way of SageMaker's scikit-learn image: rows of CSV go in, a prediction a line comes out."""

import csv
import io
import json
import pathlib

import regression


def model_fn(model_dir):
    return json.loads((pathlib.Path(model_dir) / "model.json").read_text())


def input_fn(body, content_type):
    if content_type.partition(";")[0].strip() != "text/csv":
        raise ValueError(f"The model takes text/csv, and not {content_type}")
    text = body.decode() if isinstance(body, (bytes, bytearray)) else body
    return [[float(value) for value in row] for row in csv.reader(io.StringIO(text)) if row]


def predict_fn(rows, model):
    return [regression.predict(model["weights"], row) for row in rows]


def output_fn(predictions, accept):
    return "\n".join(str(prediction) for prediction in predictions), "text/csv"
