import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { invalid } from '../records.ts';
import { readDefinition } from './definition.ts';
import type { ExecutionRecord } from './records.ts';

const readable: Record<string, RegExp> = {
  Integer: /^[+-]?\d+$/,
  Float: /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i,
  Boolean: /^(true|false)$/i,
};

/**
 * The parameters of an execution, those with defaults among them. Throws a ValidationException for one that the
 * definition does not have, that has no value, or a value of another type. AWS's texts are not documented.
 */
export function parametersOf(definition: string, given: SageMaker.Parameter[]): ExecutionRecord['parameters'] {
  const { Parameters } = readDefinition(definition);
  const names = given.map(({ Name }) => Name!);
  const unknown = names.find((name) => !Parameters.some(({ Name }) => Name === name));
  if (unknown !== undefined) throw invalid(`Unknown parameter [${unknown}] is passed to the pipeline execution.`);
  if (new Set(names).size < names.length) throw invalid('A parameter is passed to the pipeline execution twice.');
  return Parameters.map(({ Name, Type, DefaultValue, EnumValues }) => {
    const Value = given.find((one) => one.Name === Name)?.Value ?? DefaultValue?.toString();
    if (Value === undefined) throw invalid(`Parameter [${Name}] has no default value, and none is given.`);
    if (readable[Type]?.test(Value) === false) {
      throw invalid(`Value '${Value}' of parameter [${Name}] is not of its type ${Type}.`);
    }
    if (EnumValues && !EnumValues.some((one) => String(one) === Value)) {
      throw invalid(`Value '${Value}' of parameter [${Name}] is not one of [${EnumValues.join(', ')}].`);
    }
    return { Name, Value };
  });
}
