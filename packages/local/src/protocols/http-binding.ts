import type { NormalizedSchema } from '@smithy/core/schema';
import { type HttpRequest, parseUrl, textOf } from './adapter.ts';
import type { OperationModel } from './model.ts';
import { readText, writeText } from './simple.ts';

/** How a REST protocol writes the part of a message that is neither header, path nor query. */
export interface BodyCodec {
  read(schema: NormalizedSchema, body: Uint8Array): unknown;
  /** `members` are those that belong in the body; `schema` is a structure, or a payload of its own. */
  write(schema: NormalizedSchema, value: unknown, members?: [string, NormalizedSchema][]): Uint8Array;
}

/** Collects an operation's input from path, query, headers and body. */
export function readMessage(
  operation: OperationModel,
  labels: Record<string, string>,
  request: HttpRequest,
  codec: BodyCodec,
): Record<string, unknown> {
  if (operation.input.isUnitSchema()) return {};
  const { query } = parseUrl(request.url);
  const input: Record<string, unknown> = {};
  let bodied = request.body.length > 0;
  for (const [name, member] of operation.input.structIterator()) {
    const traits = member.getMergedTraits();
    if (traits.httpPayload) {
      bodied = false;
      input[name] = readPayload(member, request.body, codec);
    } else if (traits.httpLabel) {
      if (labels[name] !== undefined) input[name] = readText(member, labels[name]);
    } else if (traits.httpQuery) {
      if (query.has(traits.httpQuery)) input[name] = readTexts(member, query.getAll(traits.httpQuery));
    } else if (traits.httpQueryParams) {
      input[name] = Object.fromEntries(query);
    } else if (traits.httpHeader) {
      const text = request.headers[traits.httpHeader.toLowerCase()];
      if (text !== undefined) input[name] = readTexts(member, member.isListSchema() ? splitList(text) : [text]);
    } else if (traits.httpPrefixHeaders !== undefined) {
      input[name] = readPrefixed(request.headers, traits.httpPrefixHeaders);
    }
  }
  if (!bodied) return input;
  return { ...(codec.read(operation.input, request.body) as Record<string, unknown>), ...input };
}

function readPayload(member: NormalizedSchema, body: Uint8Array, codec: BodyCodec): unknown {
  if (member.isBlobSchema()) return body;
  if (body.length === 0) return undefined;
  return member.isStringSchema() ? textOf(body) : codec.read(member, body);
}

function readTexts(member: NormalizedSchema, texts: string[]): unknown {
  if (!member.isListSchema()) return readText(member, texts[0]!);
  return texts.map((text) => readText(member.getValueSchema(), text));
}

function splitList(header: string): string[] {
  return header.split(',').map((item) => item.trim());
}

function readPrefixed(headers: Record<string, string>, prefix: string): Record<string, string> | undefined {
  const found = Object.entries(headers).filter(([name]) => name.startsWith(prefix.toLowerCase()));
  if (found.length === 0) return undefined;
  return Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]));
}

/** Spreads an operation's output over status, headers and body. */
export function writeMessage(
  operation: OperationModel,
  output: Record<string, unknown>,
  codec: BodyCodec,
): { status: number; headers: Record<string, string>; body: Uint8Array } {
  let status = operation.http?.[2] ?? 200;
  const headers: Record<string, string> = {};
  let body = new Uint8Array();
  if (operation.output.isUnitSchema()) return { status, headers, body };
  const inBody: [string, NormalizedSchema][] = [];
  for (const [name, member] of operation.output.structIterator()) {
    const traits = member.getMergedTraits();
    const value = output[name];
    if (traits.httpPayload) body = new Uint8Array(writePayload(member, value, codec));
    else if (traits.httpResponseCode) status = typeof value === 'number' ? value : status;
    else if (traits.httpHeader === 'Content-Range' && value !== undefined) {
      // The schema has only the status of a whole answer.
      status = 206;
      headers['content-range'] = String(value);
    } else if (traits.httpHeader) Object.assign(headers, writeHeader(traits.httpHeader, member, value));
    else if (traits.httpPrefixHeaders !== undefined) {
      for (const [key, text] of Object.entries(value ?? {}))
        headers[`${traits.httpPrefixHeaders}${key}`] = String(text);
    } else inBody.push([name, member]);
  }
  if (inBody.length > 0) body = new Uint8Array(codec.write(operation.output, output, inBody));
  return { status, headers, body };
}

function writePayload(member: NormalizedSchema, value: unknown, codec: BodyCodec): Uint8Array {
  if (value === undefined || value === null) return new Uint8Array();
  if (value instanceof Uint8Array) return value;
  return typeof value === 'string' ? Buffer.from(value) : codec.write(member, value);
}

function writeHeader(name: string, member: NormalizedSchema, value: unknown): Record<string, string> {
  const text = Array.isArray(value)
    ? value.map((item) => writeText(member.getValueSchema(), item, 'http-date')).join(', ')
    : writeText(member, value, 'http-date');
  return text === undefined ? {} : { [name.toLowerCase()]: text };
}
