import { checkFaults } from '../faults/check.ts';
import type { Rule } from '../faults/rule.ts';

/** How a cloud at virtual time is made; an empty one with no faults, if all is left out. */
export interface VirtualCloudOptions {
  /**
   * Decides how long things take, in which order they happen, and where faults with a `rate` are injected: a whole number; 1 if
   * left out.
   */
  seed?: number;
  /** What the services take, as a multiple of what AWS takes; 1 if left out. */
  durations?: number;
  /** The rules of a faults file, or its path; none if left out. */
  faults?: string | readonly Rule[];
  /** The account of `deploy`, and of clients that name none: twelve digits; 000000000000 if left out. */
  account?: string;
  /** The Region of `deploy`, and of clients that name none; us-east-1 if left out. */
  region?: string;
  /** What another cloud has saved: this one goes on from there, as often as you like. */
  from?: SavedCloud;
}

/** The whole state of a cloud, as `save` gives it. In a file, it is for the same version of this package and of Node. */
export interface SavedCloud {
  state: Uint8Array;
}

interface Check {
  expected: string;
  isValid: (value: unknown) => boolean;
}

const isText = (pattern: RegExp) => (value: unknown) => typeof value === 'string' && pattern.test(value);

const checks: Record<keyof VirtualCloudOptions, Check> = {
  seed: {
    expected: 'a whole number from 0',
    isValid: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  },
  durations: {
    expected: 'a number above 0 and up to 100',
    isValid: (value) => typeof value === 'number' && value > 0 && value <= 100,
  },
  faults: {
    expected: 'the path of a faults file, or a list of its rules',
    isValid: (value) => typeof value === 'string' || Array.isArray(value),
  },
  account: { expected: 'the twelve digits of an account, as a string', isValid: isText(/^\d{12}$/) },
  region: { expected: 'an AWS Region, such as us-east-1', isValid: isText(/^[a-z]{2}(-[a-z]+)+-\d$/) },
  from: {
    expected: 'what save() of another cloud gave, or { state } with the bytes of it',
    isValid: (value) => ArrayBuffer.isView((value as Partial<SavedCloud> | null)?.state),
  },
};

/** Throws an Error that says which option is wrong, and what it takes. */
export function checkOptions(options: object): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const check = Object.hasOwn(checks, name) ? checks[name as keyof VirtualCloudOptions] : undefined;
    if (!check) throw invalidOption(`${name} is no option; there are ${Object.keys(checks).join(', ')}`);
    if (!check.isValid(value)) throw invalidOption(`${name} takes ${check.expected}, not ${JSON.stringify(value)}`);
    if (name === 'faults' && Array.isArray(value)) checkRules(value);
  }
}

function checkRules(rules: unknown[]): void {
  try {
    checkFaults({ rules });
  } catch (cause) {
    throw invalidOption((cause as Error).message, cause);
  }
}

function invalidOption(message: string, cause?: unknown): Error {
  return new Error(`Starting the virtual cloud: ${message}`, { cause });
}
