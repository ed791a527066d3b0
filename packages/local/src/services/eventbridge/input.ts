import type { Target } from '@aws-sdk/client-eventbridge';
import type { BusEvent, RuleRecord } from './records.ts';

/** What a target gets of an event: the whole, a part, a text of its own, or one that is made of the event. */
export function inputOf(target: Target, event: BusEvent, rule: RuleRecord['shown']): string {
  const { Input, InputPath, InputTransformer } = target;
  if (Input !== undefined) return Input;
  if (InputPath !== undefined) return JSON.stringify(at(InputPath, event) ?? null);
  if (InputTransformer === undefined) return JSON.stringify(event);
  const own = Object.entries(InputTransformer.InputPathsMap ?? {}).map(([name, path]) => [name, at(path, event)]);
  const values: Record<string, unknown> = {
    ...Object.fromEntries(own),
    'aws.events.rule-arn': rule.Arn,
    'aws.events.rule-name': rule.Name,
    'aws.events.event.ingestion-time': event.time,
    'aws.events.event.json': event,
  };
  return filled(InputTransformer.InputTemplate ?? '', values);
}

function at(path: string, event: BusEvent): unknown {
  return path
    .split('.')
    .slice(1)
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], event);
}

/** A value is inserted as it is within quotes, and as JSON outside of them. A path that matches nothing gives nothing. */
function filled(template: string, values: Record<string, unknown>): string {
  return template.replace(/"(?:[^"\\]|\\.)*"|<([\w.-]+)>/g, (whole, name: string | undefined) => {
    if (name !== undefined) return Object.hasOwn(values, name) ? (JSON.stringify(values[name]) ?? '') : whole;
    return whole.replace(/<([\w.-]+)>/g, (inner, within: string) =>
      Object.hasOwn(values, within) ? escaped(values[within]) : inner,
    );
  });
}

function escaped(value: unknown): string {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return JSON.stringify(text).slice(1, -1);
}
