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
  const pattern = withJavaSpaces(linear[java] ?? java);
  try {
    // Nearly all of AWS's patterns mean the same in both, and read better as they are.
    new RegExp(pattern, 'u');
    return pattern;
  } catch {
    return converted(pattern);
  }
}

/**
 * Java's `\s` is white space of ASCII, and those of ECMAScript and Python have the ideographic space and others as well. So
 * `\S` would refuse those. Within a class, AWS has only `[\S\s]`, which is any character in all three.
 */
function withJavaSpaces(pattern: string): string {
  const outsideOfClasses = /\\([sS])(?![^[\]]*\])/g;
  return pattern.replaceAll(outsideOfClasses, (_, letter) => `[${letter === 'S' ? '^' : ''} \\t\\n\\x0B\\f\\r]`);
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
