import type { Parameter, Stack, TemplateParameter } from '@aws-sdk/client-cloudformation';
import { missingParameters, parametersMissing } from './template.ts';

/** Asks the user; `hidden` where the answer is not to be seen. Undefined where there is no terminal to ask at. */
export type Ask = ((question: string, options?: { hidden?: boolean }) => Promise<string>) | undefined;

/**
 * The parameters of the call: those that are given; of a stack that exists, the values that it has for others; the template's
 * defaults for the rest. What has none of them is asked for.
 *
 * @throws Error that names every parameter without a value, where there is no terminal to ask at
 */
export async function parametersOf(
  file: string,
  declared: readonly TemplateParameter[],
  { given, existing, ask }: { given: Record<string, string>; existing?: Stack; ask: Ask },
): Promise<Parameter[]> {
  const before = new Set(existing?.Parameters?.map(({ ParameterKey }) => ParameterKey!));
  const values = { ...given };
  const missing = missingParameters(declared, given).filter(({ ParameterKey }) => !before.has(ParameterKey!));
  if (missing.length > 0 && !ask) throw parametersMissing(file, missing);
  for (const { ParameterKey, Description, NoEcho } of missing) {
    const question = `${Description ? `${Description}\n` : ''}${ParameterKey}: `;
    values[ParameterKey!] = await ask!(question, { hidden: NoEcho });
  }
  return declared.flatMap(({ ParameterKey }): Parameter[] => {
    if (ParameterKey! in values) return [{ ParameterKey, ParameterValue: values[ParameterKey!] }];
    return before.has(ParameterKey!) ? [{ ParameterKey, UsePreviousValue: true }] : [];
  });
}
