import { AwsError } from '../../errors.ts';
import { findParameterType, type ParameterType } from './parameter-types.ts';
import type { ParameterDeclaration, Template } from './template.ts';
import { meant, withWayOut } from './way-out.ts';

/** A parameter as a caller of CreateStack gives it. */
export interface GivenParameter {
  ParameterKey?: string;
  ParameterValue?: string;
  UsePreviousValue?: boolean;
}

/** Where values that are not in the call come from. */
export interface ParameterLookups {
  /** The value of an SSM parameter. Throws when there is none. */
  ssm(name: string): Promise<string>;
  /** Whether there is something of that type, such as `AWS::EC2::VPC::Id`, by that value. Left out: not checked. */
  exists?(type: string, value: string): Promise<boolean>;
}

/**
 * The value of each parameter as text: what is given, else its default. Of a parameter from the parameter store, the
 * name. `previous` is what this function returned for the stack before.
 *
 * Throws `ValidationError` when one has no value, or is not in the template.
 */
export function parameterValues(
  { parameters }: Pick<Template, 'parameters'>,
  given: readonly GivenParameter[],
  previous: ReadonlyMap<string, string> | undefined,
): Map<string, string> {
  const values = new Map<string, string>();
  const unknown = given.map(({ ParameterKey }) => ParameterKey ?? '').filter((name) => !parameters.has(name));
  if (unknown.length > 0) {
    const text = `Parameters: [${unknown.join(', ')}] do not exist in the template`;
    const ways = unknown.flatMap((name) => meant(name, [...parameters.keys()]));
    throw invalid(withWayOut(text, ways));
  }
  for (const { ParameterKey: name = '', ParameterValue: value, UsePreviousValue: keep } of given) {
    if (keep && value) {
      throw invalid(
        `Invalid input for parameter key ${name}. Cannot specify usePreviousValue as true and non empty value for a parameter`,
      );
    }
    const kept = keep ? previous?.get(name) : value;
    if (keep && kept === undefined) {
      throw invalid(
        `Invalid input for parameter key ${name}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
      );
    }
    if (kept !== undefined) values.set(name, kept);
  }
  const missing: string[] = [];
  for (const { name, default: fallback } of parameters.values()) {
    if (values.has(name)) continue;
    if (fallback === undefined) missing.push(name);
    else values.set(name, fallback);
  }
  if (missing.length > 0) throw invalid(`Parameters: [${missing.join(', ')}] must have values`);
  return new Map([...parameters.keys()].map((name) => [name, values.get(name) as string]));
}

/**
 * The final value of each parameter: text, or a list for `CommaDelimitedList` and `List<…>`.
 *
 * Throws `ValidationError`, in CloudFormation's words, for the first one that breaks a constraint.
 */
export async function resolveParameters(
  template: Pick<Template, 'parameters'>,
  given: readonly GivenParameter[],
  previous: ReadonlyMap<string, string> | undefined,
  lookups: ParameterLookups,
): Promise<Map<string, string | string[]>> {
  const values = parameterValues(template, given, previous);
  const resolved = new Map<string, string | string[]>();
  const unfetched: string[] = [];
  const absent: string[] = [];
  for (const declaration of template.parameters.values()) {
    const { name } = declaration;
    const type = findParameterType(declaration.type) as ParameterType;
    const given = values.get(name) as string;
    checkValue(declaration, type, given);
    const value = type.fromSsm ? await findSsm(given, lookups) : given;
    if (value === undefined) {
      unfetched.push(given);
      continue;
    }
    const elements = type.list ? value.split(',').map((element) => element.trim()) : [value];
    for (const element of type.exists ? elements : []) {
      if ((await lookups.exists?.(type.element, element)) === false) {
        absent.push(`parameter value ${element} for parameter name ${name} does not exist`);
      }
    }
    resolved.set(name, type.list ? elements : value);
  }
  if (unfetched.length > 0) {
    throw invalid(`Unable to fetch parameters [${unfetched.join(',')}] from parameter store for this account.`);
  }
  if (absent.length > 0) throw invalid(`Parameter validation failed: ${absent.join(', ')}`);
  return resolved;
}

async function findSsm(name: string, { ssm }: ParameterLookups): Promise<string | undefined> {
  try {
    return await ssm(name);
  } catch (error) {
    if (error instanceof AwsError && /^Parameter(Version)?NotFound$/.test(error.name)) return undefined;
    throw error;
  }
}

const NOT_ALLOWED = 'must be one of AllowedValues';

/** The constraints hold for the text, or for each element of a list; of an SSM parameter, for its name. */
function checkValue(declaration: ParameterDeclaration, type: ParameterType, value: string): void {
  const elements = type.list && !type.fromSsm ? value.split(',').map((element) => element.trim()) : [value];
  const number = type.element === 'Number';
  const broken = elements
    .map((element) => (number ? numberViolation(declaration, element) : textViolation(declaration, element)))
    .find((text) => text !== undefined);
  if (broken === undefined) return;
  const { name, constraintDescription, allowedValues = [] } = declaration;
  const text =
    constraintDescription === undefined
      ? `Parameter '${name}' ${broken}`
      : `Parameter ${name} failed to satisfy constraint: ${constraintDescription}`;
  // The value itself may be a secret.
  if (broken === NOT_ALLOWED) throw invalid(withWayOut(text, [`give ${name} one of ${allowedValues.join(', ')}`]));
  throw invalid(withWayOut(text, constraintDescription === undefined ? [] : [`${name} ${broken}`]));
}

function numberViolation(
  { allowedValues, minValue, maxValue }: ParameterDeclaration,
  element: string,
): string | undefined {
  const number = Number(element);
  if (element.trim() === '' || !Number.isFinite(number)) return 'must be a number';
  if (allowedValues && !allowedValues.some((allowed) => Number(allowed) === number)) return NOT_ALLOWED;
  if (minValue !== undefined && number < minValue) return `must be a number not less than ${minValue}`;
  if (maxValue !== undefined && number > maxValue) return `must be a number not greater than ${maxValue}`;
  return undefined;
}

function textViolation(
  { allowedValues, allowedPattern, minLength, maxLength }: ParameterDeclaration,
  element: string,
): string | undefined {
  if (allowedValues && !allowedValues.includes(element)) return NOT_ALLOWED;
  if (minLength !== undefined && element.length < minLength) return `must contain at least ${minLength} characters`;
  if (maxLength !== undefined && element.length > maxLength) return `must contain at most ${maxLength} characters`;
  if (allowedPattern !== undefined && !new RegExp(`^(?:${allowedPattern})$`).test(element)) {
    return `must match pattern ${allowedPattern}`;
  }
  return undefined;
}

function invalid(text: string): AwsError {
  return new AwsError('ValidationError', text);
}
