import ipaddr from 'ipaddr.js';
import { type Context, valuesOf } from './context.ts';
import { matchesArn, matchesText, replaceVariables, type Variables } from './match.ts';
import type { Condition } from './policy.ts';

type Test = (value: string, wanted: string, variables: Variables) => boolean;

interface Operator {
  test: Test;
  /** `StringNotEquals` and its like hold when none of the values matches, and when the key is absent. */
  negated: boolean;
}

const tests: Record<string, Test> = {
  StringEquals: replaced((value, wanted) => value === wanted),
  StringEqualsIgnoreCase: replaced((value, wanted) => value.toLowerCase() === wanted.toLowerCase()),
  StringLike: (value, wanted, variables) => matchesText(wanted, value, variables),
  ArnEquals: (value, wanted, variables) => matchesArn(wanted, value, variables),
  ArnLike: (value, wanted, variables) => matchesArn(wanted, value, variables),
  Bool: replaced((value, wanted) => value.toLowerCase() === wanted.toLowerCase()),
  BinaryEquals: (value, wanted) => value === wanted,
  NumericEquals: compared(Number, (value, wanted) => value === wanted),
  NumericLessThan: compared(Number, (value, wanted) => value < wanted),
  NumericLessThanEquals: compared(Number, (value, wanted) => value <= wanted),
  NumericGreaterThan: compared(Number, (value, wanted) => value > wanted),
  NumericGreaterThanEquals: compared(Number, (value, wanted) => value >= wanted),
  DateEquals: compared(instant, (value, wanted) => value === wanted),
  DateLessThan: compared(instant, (value, wanted) => value < wanted),
  DateLessThanEquals: compared(instant, (value, wanted) => value <= wanted),
  DateGreaterThan: compared(instant, (value, wanted) => value > wanted),
  DateGreaterThanEquals: compared(instant, (value, wanted) => value >= wanted),
  IpAddress: isWithin,
};

const negatedOperators: Record<string, string> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
  NotIpAddress: 'IpAddress',
};

/** The operators that a policy may name: `StringLike`, and `ForAnyValue:StringLikeIfExists`. */
export function isOperator(name: string): boolean {
  const { base } = parse(name);
  return base === 'Null' || findOperator(base) !== undefined;
}

/** Does the condition hold for a request with this context? */
export function holds(condition: Condition, context: Context, variables: Variables): boolean {
  const { quantifier, base, ifExists } = parse(condition.operator);
  const values = valuesOf(context, condition.key);
  if (base === 'Null') return condition.values.some((wanted) => (values === undefined) === (wanted === 'true'));
  const operator = findOperator(base);
  if (!operator) return false;
  if (values === undefined || values.length === 0) {
    if (quantifier === 'ForAllValues') return true;
    return ifExists || (operator.negated && quantifier === undefined);
  }
  const matches = (value: string) => condition.values.some((wanted) => operator.test(value, wanted, variables));
  const passes = (value: string) => matches(value) !== operator.negated;
  if (quantifier === 'ForAllValues') return values.every(passes);
  if (quantifier === 'ForAnyValue') return values.some(passes);
  return operator.negated ? values.every(passes) : values.some(passes);
}

function parse(name: string): { quantifier?: string; base: string; ifExists: boolean } {
  const [, quantifier, base = name, ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(.+?)(IfExists)?$/.exec(name) ?? [];
  return { quantifier, base, ifExists: ifExists !== undefined };
}

function findOperator(base: string): Operator | undefined {
  const negated = Object.hasOwn(negatedOperators, base);
  const name = negated ? negatedOperators[base]! : base;
  return Object.hasOwn(tests, name) ? { test: tests[name]!, negated } : undefined;
}

function replaced(test: (value: string, wanted: string) => boolean): Test {
  return (value, wanted, variables) => {
    const text = replaceVariables(wanted, variables);
    return text !== undefined && test(value, text);
  };
}

function compared(read: (text: string) => number, test: (value: number, wanted: number) => boolean): Test {
  return (value, wanted) => test(read(value), read(wanted));
}

/** ISO 8601, or seconds since the epoch. */
function instant(text: string): number {
  return /^-?\d+(\.\d+)?$/.test(text) && text.length > 4 ? Number(text) * 1000 : Date.parse(text);
}

function isWithin(value: string, wanted: string): boolean {
  if (!ipaddr.isValid(value)) return false;
  const address = ipaddr.process(value);
  if (ipaddr.isValid(wanted)) return ipaddr.process(wanted).toString() === address.toString();
  if (!ipaddr.isValidCIDR(wanted)) return false;
  const [range, bits] = ipaddr.parseCIDR(wanted);
  return range.kind() === address.kind() && address.match(range, bits);
}
