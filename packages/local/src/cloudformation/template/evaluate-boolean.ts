import { AwsError } from '../../errors.ts';
import { findBoolean } from './intrinsics.ts';
import { sameValue } from './properties.ts';

/** The boolean that a condition's value is. `evaluated` evaluates an operand; `conditions` are those known so far. */
export async function evaluateBoolean(
  value: unknown,
  evaluated: (operand: unknown) => Promise<unknown>,
  conditions: ReadonlyMap<string, boolean>,
): Promise<boolean> {
  const call = findBoolean(value);
  const operands = call?.argument as unknown[];
  switch (call?.name) {
    case 'Condition':
      return conditions.get(String(call.argument)) === true;
    case 'Fn::And':
      for (const operand of operands) if (!(await evaluateBoolean(operand, evaluated, conditions))) return false;
      return true;
    case 'Fn::Or':
      for (const operand of operands) if (await evaluateBoolean(operand, evaluated, conditions)) return true;
      return false;
    case 'Fn::Not':
      return !(await evaluateBoolean(operands[0], evaluated, conditions));
    case 'Fn::Equals':
      return sameValue(await evaluated(operands[0]), await evaluated(operands[1]));
    default: {
      const result = String(await evaluated(value));
      if (result !== 'true' && result !== 'false') {
        throw new AwsError('ValidationError', `Template error: a condition must be true or false, not ${result}`);
      }
      return result === 'true';
    }
  }
}
