/** A number with commas: `51,200`. */
export function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** A value in a line of its own, cut short. */
export function shortened(value: unknown, length = 60): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
