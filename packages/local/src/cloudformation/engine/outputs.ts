import type { OutputRecord } from '../stack.ts';
import { evaluate } from '../template/evaluate.ts';
import type { PlannedRun } from './run.ts';
import { scopeOf } from './scope.ts';

/** The values of the template's outputs. Throws with the name of one that has none. */
export async function evaluateOutputs(run: PlannedRun): Promise<OutputRecord[]> {
  const { plan, stack } = run;
  const scope = scopeOf(run, stack, plan);
  const outputs: OutputRecord[] = [];
  for (const { name, value, description, exportName, condition } of plan.template.outputs.values()) {
    if (condition !== undefined && plan.conditions.get(condition) !== true) continue;
    const evaluated = await evaluate(value, scope);
    if (typeof evaluated === 'object' || evaluated === undefined) {
      throw new Error(`Template format error: Output ${name} is malformed. The Value field must resolve to a string.`);
    }
    const exported = exportName === undefined ? undefined : String(await evaluate(exportName, scope));
    outputs.push({ name, value: String(evaluated), description, exportName: exported });
  }
  return outputs;
}
