import { errorMessage } from '../error-message.ts';
import type { Redactor } from '../request/redact.ts';
import type { RequestIdentity } from '../request/request.ts';
import type { Log } from '../resource.ts';

/** A log like that of a resource, without the library that writes that one: what answers for a crash starts fast. */
export function lineLog({ stackId, logicalResourceId, requestId }: RequestIdentity, redact: Redactor): Log {
  const write =
    (level: string) =>
    (message: string, fields: Record<string, unknown> = {}) => {
      const line = { level, message, timestamp: new Date(), stackId, logicalResourceId, requestId, ...fields };
      writeLine(line, (value) => clean(value instanceof Error ? errorMessage(value) : value));
    };
  const clean = (value: unknown) => (typeof value === 'string' ? redact.text(value) : value);
  return { debug: write('DEBUG'), info: write('INFO'), warn: write('WARN'), error: write('ERROR') };
}

/** One JSON line on the standard output. */
export function writeLine(line: object, shown: (value: unknown) => unknown = (value) => value): void {
  process.stdout.write(`${JSON.stringify(line, (_, value) => shown(value))}\n`);
}
