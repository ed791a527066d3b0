import { invalidParameter } from './errors.ts';
import { functionsOf, getFunction, type Operations } from './records.ts';

/** What Lambda keeps free for the functions that reserve nothing, where the account's limit allows. */
const unreservedMinimum = 10;

/** `limit` is how many invocations may run at once, in all. */
export function reservedConcurrencyOperations(limit: number): Operations {
  return {
    PutFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: reserved = 0 }, call) {
      const { record } = getFunction(call, FunctionName);
      const others = [...functionsOf(call).values()].filter((one) => one !== record);
      const sum = others.reduce((total, { reservedConcurrency = 0 }) => total + reservedConcurrency, reserved);
      if (reserved > 0 && limit - sum < unreservedMinimum) {
        throw invalidParameter(
          `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${unreservedMinimum}].`,
        );
      }
      record.reservedConcurrency = reserved;
      return { ReservedConcurrentExecutions: reserved };
    },

    GetFunctionConcurrency({ FunctionName }, call) {
      const { reservedConcurrency } = getFunction(call, FunctionName).record;
      return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
    },

    DeleteFunctionConcurrency({ FunctionName }, call) {
      delete getFunction(call, FunctionName).record.reservedConcurrency;
      return {};
    },
  };
}
