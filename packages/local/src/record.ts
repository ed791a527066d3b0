import { createWriteStream } from 'node:fs';
import type { NormalizedSchema } from '@smithy/core/schema';
import type { Exchange, UsedRight } from './cloud-events.ts';
import type { InjectedFault } from './faults/rule.ts';
import { modelOf } from './protocols/model.ts';
import type { Cloud } from './service.ts';

/** The longest text that is recorded whole. */
const longest = 4096;

/**
 * Appends each exchange to a file as a line of JSON, secrets left out, and long and binary values cut short. Each fault
 * that is injected is a line with the one member `fault`, and each right that a role or a user uses is one, the first time,
 * with the one member `right`.
 */
export async function recordExchanges(file: string, cloud: Cloud): Promise<{ close(): Promise<void> }> {
  const stream = createWriteStream(file, { flags: 'a' });
  await new Promise<void>((resolve, reject) => {
    stream.once('open', () => resolve());
    stream.once('error', (cause) => reject(new Error(`Recording to ${file}: ${cause.message}`, { cause })));
  });
  const write = (exchange: Exchange) => {
    stream.write(`${JSON.stringify(redacted(cloud, exchange))}\n`);
  };
  const writeFault = (fault: InjectedFault) => {
    stream.write(`${JSON.stringify({ fault })}\n`);
  };
  const used = new Set<string>();
  const writeRight = (right: UsedRight) => {
    const { principal, action } = right;
    if (used.size === used.add(`${principal} ${action}`).size) return;
    stream.write(`${JSON.stringify({ right })}\n`);
  };
  cloud.events.on('exchange', write).on('fault', writeFault).on('right', writeRight);
  return {
    close() {
      cloud.events.off('exchange', write).off('fault', writeFault).off('right', writeRight);
      return new Promise((resolve) => {
        stream.end(() => resolve());
      });
    },
  };
}

/** An exchange as others may see it. */
export function redacted(cloud: Cloud, exchange: Exchange): Exchange {
  const service = cloud.services.get(exchange.service);
  const operation = service && modelOf(service).operations.get(exchange.operation);
  return {
    ...exchange,
    request: show(operation?.input, exchange.request),
    response: show(operation?.output, exchange.response),
    ...(exchange.error && { error: { ...exchange.error, message: showText(exchange.error.message) } }),
  };
}

function show(schema: NormalizedSchema | undefined, value: unknown): unknown {
  if (value === undefined || value === null) return value;
  if (schema?.getMergedTraits().sensitive) return value instanceof Uint8Array ? `<${value.length} bytes>` : '***';
  if (value instanceof Uint8Array) return showBytes(value);
  if (typeof value === 'string') return showText(value);
  if (Array.isArray(value)) {
    const item = schema?.isListSchema() ? schema.getValueSchema() : undefined;
    return value.map((one) => show(item, one));
  }
  if (typeof value === 'object' && !(value instanceof Date)) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, showMember(schema, name, one)]));
  }
  return value;
}

function showMember(schema: NormalizedSchema | undefined, name: string, value: unknown): unknown {
  // STS does not mark its tokens as sensitive.
  return name === 'SessionToken' ? '***' : show(part(schema, name), value);
}

function part(schema: NormalizedSchema | undefined, name: string): NormalizedSchema | undefined {
  if (schema?.isMapSchema()) return schema.getValueSchema();
  if (!schema?.isStructSchema()) return undefined;
  for (const [member, one] of schema.structIterator()) if (member === name) return one;
  return undefined;
}

function showBytes(bytes: Uint8Array): string {
  if (bytes.length > longest) return `<${bytes.length} bytes>`;
  try {
    return showText(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return `<${bytes.length} bytes>`;
  }
}

function showText(text: string): string {
  const redacted = text.replace(/(X-Amz-(?:Signature|Security-Token)=)[^&"'\s\\]+/g, '$1***');
  return redacted.length > longest ? `${redacted.slice(0, longest)}… (${redacted.length} characters)` : redacted;
}
