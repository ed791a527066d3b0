import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../errors.ts';
import { type Adapter, bytesOf, type HttpRequest, parseUrl } from './adapter.ts';
import { unchunk } from './aws-chunked.ts';
import { statusOf } from './errors.ts';
import { type BodyCodec, readMessage, writeMessage } from './http-binding.ts';
import type { OperationModel } from './model.ts';
import { findRoute } from './routes.ts';
import { readXml, structure, writeXml } from './xml.ts';

function codecFor(xmlNamespace: string): BodyCodec {
  return {
    read(schema, body) {
      try {
        return readXml(schema, body);
      } catch (cause) {
        const message = 'The XML you provided was not well-formed or did not validate against our published schema';
        throw Object.assign(new AwsError('MalformedXML', message), { cause });
      }
    },
    write(schema, value, members) {
      if (!members) return bytesOf(writeXml(schema, value, xmlNamespace));
      const root = schema.getMergedTraits().xmlName ?? schema.getName() ?? 'Result';
      const [name, member] = members[0]!;
      if (members.length === 1 && name === root && member.isStringSchema()) {
        // GetBucketLocation: the value itself is the document's root.
        const text = (value as Record<string, unknown>)[name] ?? '';
        return bytesOf(`<${root} xmlns="${xmlNamespace}">${text}</${root}>`);
      }
      return bytesOf(writeXml(structure(root, Object.fromEntries(members)), value, xmlNamespace));
    },
  };
}

/** REST XML as S3 speaks it: the bucket in the path or the host name, errors without a namespace. */
export const restXml: Adapter = {
  read(model, received) {
    const request = unchunk(received);
    const { query } = parseUrl(request.url);
    const { bucket, path } = bucketAndPath(request);
    const takesBucket = ({ input }: OperationModel) => hasMember(input, 'Bucket') === (bucket !== undefined);
    const route = findRoute(model, { method: request.method, path, query, headers: request.headers }, takesBucket);
    if (!route) {
      const message = 'The specified method is not allowed against this resource.';
      throw new AwsError('MethodNotAllowed', message, { status: 405 });
    }
    const labels = bucket === undefined ? route.labels : { ...route.labels, Bucket: bucket };
    return {
      operation: route.operation,
      input: readMessage(route.operation, labels, request, codecFor(model.xmlNamespace)),
    };
  },

  write(model, operation, output, requestId) {
    const { status, headers, body } = writeMessage(operation, output, codecFor(model.xmlNamespace));
    if (body.length > 0) headers['content-type'] ??= model.contentType;
    return { status, headers: { ...headers, 'x-amz-request-id': requestId }, body };
  },

  writeError(model, error, requestId, request) {
    const status = statusOf(model, error);
    const headers = { 'content-type': model.contentType, 'x-amz-request-id': requestId };
    if (request.method === 'HEAD' || status === 304) return { status, headers, body: new Uint8Array() };
    const value = { Code: error.name, Message: error.message, ...error.members, RequestId: requestId };
    const members = Object.fromEntries(Object.keys(value).map((name) => [name, 0]));
    return { status, headers, body: bytesOf(writeXml(structure('Error', members), value)) };
  },
};

/** Splits the bucket from the rest: `/bucket/key`, or `/key` at `bucket.localhost:4566`. */
export function bucketAndPath(request: HttpRequest): { bucket?: string; path: string } {
  const { path } = parseUrl(request.url);
  const [, virtual] =
    /^(.+)\.(?:localhost|s3[.-][a-z0-9.-]*amazonaws\.com(?:\.cn)?)(?::\d+)?$/.exec(request.headers.host ?? '') ?? [];
  if (virtual) return { bucket: virtual, path };
  const [, bucket, rest] = /^\/([^/]+)(\/.*)?$/.exec(path) ?? [];
  return bucket ? { bucket: decodeURIComponent(bucket), path: rest ?? '/' } : { path: '/' };
}

function hasMember(schema: NormalizedSchema, name: string): boolean {
  if (schema.isUnitSchema()) return false;
  return [...schema.structIterator()].some(([member]) => member === name);
}
