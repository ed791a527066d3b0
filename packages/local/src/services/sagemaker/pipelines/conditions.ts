import { isObject, type Json } from './step.ts';
import { StepFailure } from './values.ts';

type Resolved = Record<string, Json>;

const comparisons: Record<string, (left: Json, right: Json) => boolean> = {
  Equals: (left, right) => left === right,
  GreaterThan: (left, right) => left! > right!,
  GreaterThanOrEqualTo: (left, right) => left! >= right!,
  LessThan: (left, right) => left! < right!,
  LessThanOrEqualTo: (left, right) => left! <= right!,
};

/** Whether a condition, its references replaced, holds. Throws a StepFailure for one that there is not. */
export function holds(condition: Json): boolean {
  const { Type, ...more } = (isObject(condition) ? condition : {}) as Resolved;
  const compare = comparisons[String(Type)];
  if (compare) return compare(more.LeftValue ?? null, more.RightValue ?? null);
  switch (Type) {
    case 'In':
      return Array.isArray(more.Values) && more.Values.includes(more.QueryValue ?? null);
    case 'Not':
      return !holds(more.Expression ?? null);
    case 'Or':
      return Array.isArray(more.Conditions) && more.Conditions.some(holds);
    default:
      throw new StepFailure(`ClientError: There is no condition of the type ${String(Type)}.`);
  }
}
