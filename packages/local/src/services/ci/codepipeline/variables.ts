import type { ExecutionRecord } from './execution-record.ts';
import { ActionFailure } from './job.ts';

/** A configuration with each `#{namespace.name}` replaced by what an earlier action, or the execution, says. */
export function filledIn(configuration: Record<string, string>, execution: ExecutionRecord): Record<string, string> {
  const known: Record<string, Record<string, string>> = {
    ...execution.namespaces,
    variables: execution.variables,
    codepipeline: { PipelineExecutionId: execution.id },
  };
  const fill = (text: string) =>
    text.replace(/#\{([\w@-]+)\.([\w@-]+)\}/g, (whole, namespace: string, name: string) => {
      const values = Object.hasOwn(known, namespace) ? known[namespace]! : {};
      if (Object.hasOwn(values, name)) return values[name]!;
      throw new ActionFailure('ConfigurationError', `The variable ${whole} could not be resolved`);
    });
  return Object.fromEntries(Object.entries(configuration).map(([key, text]) => [key, fill(text)]));
}
