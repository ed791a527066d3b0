/** What several measurements of one thing come to: the median, and the quartiles around it. */
export interface Spread {
  median: number;
  low: number;
  high: number;
}

/** Throws where there is no value. */
export function spreadOf(values: readonly number[]): Spread {
  return { median: quantile(values, 0.5), low: quantile(values, 0.25), high: quantile(values, 0.75) };
}

/** The value below which such a part of them lies, between two of them where it has to. Throws where there is none. */
export function quantile(values: readonly number[], part: number): number {
  if (values.length === 0) throw new Error('Taking a quantile: there are no values');
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const [below, above] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return below + (above - below) * (at - Math.floor(at));
}

/** Throws where there is no value. */
export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new Error('Taking a mean: there are no values');
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
