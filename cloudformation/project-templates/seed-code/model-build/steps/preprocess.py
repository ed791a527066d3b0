"""Splits the data into a part to train with and a part to test with. Rows with missing values are left out."""

import argparse
import csv
import pathlib

# One row in so many is for the test.
TEST_EVERY = 5


def read(folder):
    """The header and the rows of all CSV files in a folder; they have the same columns, the target last."""
    header, rows = None, []
    for path in sorted(pathlib.Path(folder).glob("*.csv")):
        with path.open(newline="") as file:
            first, *rest = list(csv.reader(file))
        if header is not None and first != header:
            raise ValueError(f"Reading {path.name}: its columns are {first}, and those before are {header}")
        header = first
        rows.extend(rest)
    if header is None:
        raise ValueError(f"Reading {folder}: there is no CSV file in it")
    return header, [row for row in rows if len(row) == len(header) and all(row)]


def write(folder, name, header, rows):
    path = pathlib.Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    with (path / name).open("w", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="/opt/ml/processing/input/data")
    parser.add_argument("--train", default="/opt/ml/processing/train")
    parser.add_argument("--test", default="/opt/ml/processing/test")
    options = parser.parse_args(arguments)
    header, rows = read(options.data)
    train = [row for index, row in enumerate(rows) if index % TEST_EVERY]
    test = [row for index, row in enumerate(rows) if not index % TEST_EVERY]
    write(options.train, "train.csv", header, train)
    write(options.test, "test.csv", header, test)
    print(f"{len(train)} rows to train with, {len(test)} to test with")


if __name__ == "__main__":
    main()
