import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { invalid } from '../records.ts';

/** A resource, as a member of SageMaker's `SearchRecord`. */
export type Found = Readonly<Record<string, unknown>>;

/** How many filters, nested filters and subexpressions an expression may have in all. */
const most = 50;

const texts = ['Contains', 'In'];
const comparisons = ['GreaterThan', 'GreaterThanOrEqualTo', 'LessThan', 'LessThanOrEqualTo'];

/** Throws for an expression that has nothing in it, or too much. */
export function checkExpression(expression: SageMaker.SearchExpression | undefined): void {
  if (!expression) return;
  const all = [...partsOf(expression)];
  if (all.length > most) {
    throw invalid(
      `A SearchExpression can have at most ${most} SubExpressions, NestedFilters and Filters; it has ${all.length}.`,
    );
  }
  const containing = all.filter((part) => 'Name' in part && part.Operator === 'Contains');
  const names = containing.map((part) => (part as SageMaker.Filter).Name);
  if (new Set(names).size < names.length) throw invalid("'CONTAINS' operator usage limit of 1 exceeded.");
}

function* partsOf(
  expression: SageMaker.SearchExpression,
): Generator<SageMaker.Filter | SageMaker.NestedFilters | SageMaker.SearchExpression> {
  const { Filters = [], NestedFilters = [], SubExpressions = [] } = expression;
  if (Filters.length + NestedFilters.length + SubExpressions.length === 0) {
    throw invalid('A SearchExpression must have at least one subexpression, filter, or nested filter.');
  }
  yield* Filters;
  for (const nested of NestedFilters) {
    yield nested;
    yield* nested.Filters ?? [];
  }
  for (const inner of SubExpressions) {
    yield inner;
    yield* partsOf(inner);
  }
}

/** Whether a resource is what the expression asks for. */
export function matches(found: Found, expression: SageMaker.SearchExpression | undefined): boolean {
  const { Filters = [], NestedFilters = [], SubExpressions = [], Operator = 'And' } = expression ?? {};
  const results = [
    ...Filters.map((filter) => satisfies(found, filter)),
    ...NestedFilters.map((nested) => matchesNested(found, nested)),
    ...SubExpressions.map((inner) => matches(found, inner)),
  ];
  return Operator === 'Or' ? results.some(Boolean) : results.every(Boolean);
}

/** A single item of the list has to satisfy all of the filters, whose names begin with that of the list. */
function matchesNested(
  found: Found,
  { NestedPropertyName: list = '', Filters = [] }: SageMaker.NestedFilters,
): boolean {
  const items = propertiesAt(found, list);
  return items.some((item) =>
    Filters.every((filter) => {
      const Name = filter.Name?.startsWith(`${list}.`) ? filter.Name.slice(list.length + 1) : filter.Name;
      return satisfies(item as Found, { ...filter, Name });
    }),
  );
}

function satisfies(found: Found, { Name = '', Operator, Value }: SageMaker.Filter): boolean {
  const values = propertiesAt(found, Name);
  if (Operator === 'Exists' || (Operator === undefined && Value === undefined)) return values.length > 0;
  if (Operator === 'NotExists') return values.length === 0;
  if (Value === undefined) throw invalid(`The filter of ${Name} has the operator ${Operator}, and no Value.`);
  if (Operator === 'NotEquals') return values.every((value) => !compare(Name, value, 'Equals', Value));
  return values.some((value) => compare(Name, value, Operator ?? 'Equals', Value));
}

function compare(name: string, value: unknown, operator: SageMaker.Operator, wanted: string): boolean {
  const isText = typeof value === 'string';
  if (isText ? comparisons.includes(operator) : texts.includes(operator)) {
    throw invalid(`The operator ${operator} is not supported for the property ${name}.`);
  }
  if (operator === 'Contains') return String(value).includes(wanted);
  if (operator === 'In') return wanted.split(',').includes(String(value));
  const [own, other] =
    value instanceof Date
      ? [value.getTime(), timeOf(wanted)]
      : typeof value === 'number'
        ? [value, Number(wanted)]
        : [String(value), wanted];
  if (operator === 'GreaterThan') return own > other;
  if (operator === 'GreaterThanOrEqualTo') return own >= other;
  if (operator === 'LessThan') return own < other;
  if (operator === 'LessThanOrEqualTo') return own <= other;
  return own === other;
}

/** A time without a zone is one of UTC. */
function timeOf(text: string): number {
  const time = Date.parse(/[zZ]$|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`);
  if (Number.isNaN(time)) throw invalid(`The value ${text} is no ISO 8601 date-time.`);
  return time;
}

/** The values of a property by its path: those of each item where it goes through a list, and `Tags.<key>` of a tag. */
export function propertiesAt(value: unknown, path: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => propertiesAt(item, path));
  if (value === undefined || value === null) return [];
  if (path === '') return [value];
  if (typeof value !== 'object') return [];
  if (path.startsWith('Tags.')) {
    const tags = (value as { Tags?: SageMaker.Tag[] }).Tags ?? [];
    return tags.filter(({ Key }) => Key === path.slice('Tags.'.length)).map(({ Value }) => Value);
  }
  const [name = '', ...rest] = path.split('.');
  return propertiesAt((value as Found)[name], rest.join('.'));
}
