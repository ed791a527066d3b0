import { javaPattern } from '../../packages/local/src/protocols/java-pattern.ts';

/**
 * Patterns of AWS on which a backtracking engine takes exponential time, as those of editors and of Node do, each with one
 * that accepts the same texts.
 */
const linear: Readonly<Record<string, string>> = {
  'https://([.\\-_a-zA-Z0-9]+/?){3,1016}': 'https://[.\\-_a-zA-Z0-9](/?[.\\-_a-zA-Z0-9]){2,}/?',
};

/** A pattern of a service's model for JSON Schema; undefined where only Java can read it. */
export function patternOf(java: string): string | undefined {
  const pattern = linear[java] ?? java;
  try {
    // Nearly all of AWS's patterns mean the same in both, and read better as they are.
    new RegExp(pattern, 'u');
    return pattern;
  } catch {
    return converted(pattern);
  }
}

function converted(java: string): string | undefined {
  try {
    return javaPattern(java).source;
  } catch {
    return undefined;
  }
}

/** JSON Schema looks for a pattern anywhere in a text; AWS's models mean the whole text. */
export function anchored(pattern: string): string {
  return `^(?:${pattern})$`;
}
