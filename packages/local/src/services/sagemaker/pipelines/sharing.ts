import type { Call } from '../../../service.ts';
import { policyOfShared } from '../../ram/resource-policy.ts';

/** The policy of a pipeline, which is that of its executions as well: what RAM's shares of it allow other accounts. */
export function resourcePolicy(arn: string, call: Call): { document: string; account: string } | undefined {
  const [, pipeline, account] = /^(arn:[\w-]+:sagemaker:[\w-]+:(\d{12}):pipeline\/[^/]+)/.exec(arn) ?? [];
  if (pipeline === undefined || account === undefined) return undefined;
  return { document: JSON.stringify(policyOfShared(pipeline, call)), account };
}
