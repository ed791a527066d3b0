import type { AwsError } from '../errors.ts';
import type { Model, OperationModel } from './model.ts';

/** An HTTP request as plain data. */
export interface HttpRequest {
  method: string;
  /** Path and query as they stand on the request line, still percent-encoded. */
  url: string;
  /** By lower-case name. */
  headers: Record<string, string>;
  body: Uint8Array;
}

/** An HTTP response as plain data. */
export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** A request, once it is known which operation it asks for. */
export interface ReadRequest {
  operation: OperationModel;
  /** Decoded as far as the schema goes: what does not fit it is left as it came, for validation to refuse. */
  input: Record<string, unknown>;
}

/** One wire protocol, for every service that speaks it. */
export interface Adapter {
  /** Throws the `AwsError` with which such services refuse an operation they do not know, or a body they cannot read. */
  read(model: Model, request: HttpRequest): ReadRequest;
  write(model: Model, operation: OperationModel, output: Record<string, unknown>, requestId: string): HttpResponse;
  writeError(model: Model, error: AwsError, requestId: string, request: HttpRequest): HttpResponse;
}

/** A request's path and query, decoded; a parameter without a value is an empty string. */
export function parseUrl(url: string): { path: string; query: URLSearchParams } {
  const mark = url.indexOf('?');
  if (mark < 0) return { path: url, query: new URLSearchParams() };
  return { path: url.slice(0, mark), query: new URLSearchParams(url.slice(mark + 1)) };
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
