import { AwsError } from '../errors.ts';
import { type Adapter, bytesOf, parseUrl } from './adapter.ts';
import { parseJson } from './aws-json.ts';
import { errorBody, statusOf } from './errors.ts';
import { type BodyCodec, readMessage, writeMessage } from './http-binding.ts';
import { readJson, writeJson } from './json.ts';
import { findRoute } from './routes.ts';

const codec: BodyCodec = {
  read: (schema, body) => readJson(schema, parseJson(body)),
  write(schema, value, members) {
    if (!members) return bytesOf(JSON.stringify(writeJson(schema, value)));
    const given = Object.fromEntries(members.map(([name]) => [name, (value as Record<string, unknown>)[name]]));
    return bytesOf(JSON.stringify(writeJson(schema, given)));
  },
};

/** REST JSON: the operation in method and path, the rest of the input as JSON. */
export const restJson: Adapter = {
  read(model, request) {
    const { path, query } = parseUrl(request.url);
    const route = findRoute(model, { method: request.method, path, query, headers: request.headers });
    if (!route) {
      const message = `No operation of ${model.signingName} answers ${request.method} ${path}`;
      throw new AwsError('UnknownOperationException', message, { status: 404 });
    }
    return { operation: route.operation, input: readMessage(route.operation, route.labels, request, codec) };
  },

  write(model, operation, output, requestId) {
    const { status, headers, body } = writeMessage(operation, output, codec);
    if (body.length > 0) headers['content-type'] ??= model.contentType;
    return { status, headers: { ...headers, 'x-amzn-requestid': requestId }, body };
  },

  writeError(model, error, requestId) {
    const code = model.errors.get(error.name)?.code ?? error.name;
    return {
      status: statusOf(model, error),
      headers: { 'content-type': model.contentType, 'x-amzn-errortype': code, 'x-amzn-requestid': requestId },
      body: bytesOf(JSON.stringify(errorBody(model, error))),
    };
  },
};
