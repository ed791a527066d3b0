"""A linear regression by least squares, with nothing but Python."""


def fit(rows, targets):
    """The intercept and the weight of each column that fit the targets best."""
    samples = [[1.0, *row] for row in rows]
    width = len(samples[0])
    if len(samples) < width:
        raise ValueError(f"Fitting {width} weights takes at least {width} rows, and there are {len(samples)}")
    # The normal equations, each with its right-hand side as the last column.
    equations = [
        [sum(s[i] * s[j] for s in samples) for j in range(width)]
        + [sum(s[i] * target for s, target in zip(samples, targets))]
        for i in range(width)
    ]
    return solve(equations)


def solve(equations):
    """The solution of linear equations, by Gaussian elimination with the largest pivot."""
    size = len(equations)
    rows = [list(row) for row in equations]
    for column in range(size):
        pivot = max(range(column, size), key=lambda index: abs(rows[index][column]))
        if abs(rows[pivot][column]) < 1e-12:
            raise ValueError(f"Fitting the weights: column {column} says nothing that the others do not say")
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for index in range(size):
            if index == column:
                continue
            factor = rows[index][column] / rows[column][column]
            rows[index] = [a - factor * b for a, b in zip(rows[index], rows[column])]
    return [rows[index][size] / rows[index][index] for index in range(size)]


def predict(weights, row):
    if len(row) != len(weights) - 1:
        raise ValueError(f"Predicting takes {len(weights) - 1} values, and there are {len(row)}")
    return weights[0] + sum(weight * value for weight, value in zip(weights[1:], row))
