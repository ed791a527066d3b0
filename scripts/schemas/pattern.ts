import { javaPattern } from '../../packages/local/src/protocols/java-pattern.ts';

/** A pattern of a service's model for JSON Schema; undefined where only Java can read it. */
export function patternOf(java: string): string | undefined {
  try {
    // Nearly all of AWS's patterns mean the same in both, and read better as they are.
    new RegExp(java, 'u');
    return java;
  } catch {
    return converted(java);
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
  return /^\^[^|]*\$$/.test(pattern) ? pattern : `^(?:${pattern})$`;
}
