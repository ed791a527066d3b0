type Fields = Readonly<Record<string, unknown>>;

/** What a pattern asks of a value, beside being one of several. */
const tests: Record<string, (wanted: unknown, value: unknown) => boolean> = {
  prefix: (wanted, value) => typeof value === 'string' && value.startsWith(String(wanted)),
  suffix: (wanted, value) => typeof value === 'string' && value.endsWith(String(wanted)),
  'anything-but': (wanted, value) => value !== undefined && ![wanted].flat().includes(value),
};

/** What is wrong with an event pattern, if anything. */
export function problemWithPattern(pattern: unknown, path = ''): string | undefined {
  if (!isFields(pattern) || Object.keys(pattern).length === 0) {
    return `${path || 'the pattern'} must be an object or an array`;
  }
  for (const [name, wanted] of Object.entries(pattern)) {
    const at = path ? `${path}.${name}` : name;
    const problem = Array.isArray(wanted) ? problemWithValues(wanted, at) : problemWithPattern(wanted, at);
    if (problem) return problem;
  }
  return undefined;
}

function problemWithValues(wanted: unknown[], path: string): string | undefined {
  if (wanted.length === 0) return `empty arrays are not allowed, at ${path}`;
  for (const each of wanted) {
    if (typeof each !== 'object' || each === null) continue;
    const [operator = '', ...more] = Object.keys(each);
    if (more.length > 0 || !(operator === 'exists' || Object.hasOwn(tests, operator))) {
      return `the local cloud knows ${Object.keys(tests).join(', ')} and exists, and not ${operator}, at ${path}`;
    }
  }
  return undefined;
}

/** Does an event have, for everything in the pattern, one of the values there? */
export function matches(pattern: Fields, event: Fields): boolean {
  return Object.entries(pattern).every(([name, wanted]) => {
    const value = Object.hasOwn(event, name) ? event[name] : undefined;
    if (!Array.isArray(wanted)) return matches(wanted as Fields, isFields(value) ? value : {});
    const values = Array.isArray(value) ? value : [value];
    return wanted.some((each) => values.some((one) => fits(each, one)));
  });
}

function fits(wanted: unknown, value: unknown): boolean {
  if (!isFields(wanted)) return wanted === value;
  const [[operator, argument] = ['', undefined]] = Object.entries(wanted);
  // As in AWS, a template's text may stand for a boolean.
  if (operator === 'exists') return (value !== undefined) === (String(argument) === 'true');
  return tests[operator]!(argument, value);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
