import { AwsError } from '../errors.ts';
import { type Adapter, bytesOf, textOf } from './adapter.ts';
import { errorBody, statusOf } from './errors.ts';
import { readJson, writeJson } from './json.ts';

/** AWS JSON 1.0 and 1.1: POST to `/`, the operation in `X-Amz-Target`. */
export const awsJson: Adapter = {
  read(model, request) {
    const target = request.headers['x-amz-target'] ?? '';
    const operation = model.operations.get(target.slice(target.lastIndexOf('.') + 1));
    if (!operation) throw new AwsError('UnknownOperationException', `The operation ${target || '(none)'} is unknown`);
    return { operation, input: readJson(operation.input, parseJson(request.body)) as Record<string, unknown> };
  },

  write(model, operation, output, requestId) {
    const body = operation.output.isUnitSchema() ? '' : JSON.stringify(writeJson(operation.output, output));
    return { status: 200, headers: headers(model.contentType, requestId), body: bytesOf(body) };
  },

  writeError(model, error, requestId) {
    const body = JSON.stringify({
      __type: model.errors.get(error.name)?.code ?? error.name,
      ...errorBody(model, error),
    });
    return { status: statusOf(model, error), headers: headers(model.contentType, requestId), body: bytesOf(body) };
  },
};

/** A JSON body; an empty one is an empty object. */
export function parseJson(body: Uint8Array): unknown {
  const text = textOf(body);
  if (text === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AwsError('SerializationException', `The body is not JSON: ${(cause as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AwsError('SerializationException', 'Start of structure or map found where not expected.');
  }
  return value;
}

function headers(contentType: string, requestId: string): Record<string, string> {
  return { 'content-type': contentType, 'x-amzn-requestid': requestId };
}
