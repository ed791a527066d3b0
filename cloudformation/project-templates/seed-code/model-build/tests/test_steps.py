"""The steps, one after the other on the data that is here, as the pipeline runs them."""

import json
import pathlib
import sys
import tarfile
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE / "steps"))

import evaluate  # noqa: E402
import inference  # noqa: E402
import preprocess  # noqa: E402
import regression  # noqa: E402
import train  # noqa: E402


class Steps(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def path(self, *parts):
        return str(self.folder.joinpath(*parts))

    def prepare(self, data=str(HERE / "data")):
        preprocess.main(["--data", data, "--train", self.path("train"), "--test", self.path("test")])

    def fit(self):
        self.prepare()
        train.main(["--train", self.path("train"), "--model", self.path("model"), "train"])

    def pack(self):
        """As SageMaker does it with what is in the model's folder."""
        self.folder.joinpath("packed").mkdir()
        with tarfile.open(self.path("packed", "model.tar.gz"), "w:gz") as archive:
            archive.add(self.path("model"), arcname=".")

    def test_every_row_goes_to_one_part(self):
        self.prepare()
        rows = [self.folder.joinpath(part, f"{part}.csv").read_text().splitlines()[1:] for part in ("train", "test")]
        given = (HERE / "data" / "houses.csv").read_text().splitlines()[1:]
        self.assertEqual(sorted(rows[0] + rows[1]), sorted(given))
        self.assertEqual(len(rows[1]) * 5, len(given))

    def test_rows_with_missing_values_are_left_out(self):
        data = self.folder / "data"
        data.mkdir()
        (data / "some.csv").write_text("size,price\n1,1\n2,\n3\n4,4\n")
        self.assertEqual(preprocess.read(data), (["size", "price"], [["1", "1"], ["4", "4"]]))

    def test_files_with_other_columns_are_refused(self):
        data = self.folder / "data"
        data.mkdir()
        (data / "a.csv").write_text("size,price\n1,1\n")
        (data / "b.csv").write_text("rooms,price\n1,1\n")
        with self.assertRaisesRegex(ValueError, "b.csv"):
            preprocess.read(data)

    def test_a_folder_without_data_is_refused(self):
        with self.assertRaisesRegex(ValueError, "no CSV file"):
            preprocess.read(self.folder)

    def test_the_model_is_good_enough_to_be_registered(self):
        self.fit()
        self.pack()
        evaluate.main(
            ["--model", self.path("packed"), "--test", self.path("test"), "--evaluation", self.path("evaluation")]
        )
        report = json.loads(self.folder.joinpath("evaluation", "evaluation.json").read_text())
        self.assertLess(report["regression_metrics"]["rmse"]["value"], 10)

    def test_the_model_brings_along_what_serves_it(self):
        self.fit()
        self.assertTrue(self.folder.joinpath("model", "code", "inference.py").exists())
        self.assertTrue(self.folder.joinpath("model", "code", "regression.py").exists())
        model = inference.model_fn(self.path("model"))
        rows = inference.input_fn(b"100,4,10\n\n50,2,60\n", "text/csv; charset=utf-8")
        body, content_type = inference.output_fn(inference.predict_fn(rows, model), "text/csv")
        large, small = [float(line) for line in body.splitlines()]
        self.assertGreater(large, small)
        self.assertEqual(content_type, "text/csv")

    def test_other_content_is_refused(self):
        with self.assertRaisesRegex(ValueError, "application/json"):
            inference.input_fn("{}", "application/json")


class Regression(unittest.TestCase):
    def test_it_finds_the_weights_that_made_the_data(self):
        rows = [[1, 2], [2, 1], [3, 5], [4, 4]]
        weights = regression.fit(rows, [3 + 2 * a - b for a, b in rows])
        for found, made in zip(weights, [3, 2, -1]):
            self.assertAlmostEqual(found, made)

    def test_it_refuses_what_does_not_determine_them(self):
        with self.assertRaisesRegex(ValueError, "at least 3 rows"):
            regression.fit([[1, 2]], [1])
        with self.assertRaisesRegex(ValueError, "says nothing"):
            regression.fit([[1, 2], [2, 4], [3, 6]], [1, 2, 3])

    def test_it_refuses_a_row_of_another_length(self):
        with self.assertRaisesRegex(ValueError, "takes 2 values"):
            regression.predict([0, 1, 1], [1])


if __name__ == "__main__":
    unittest.main()
