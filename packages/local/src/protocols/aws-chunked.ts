import { AwsError } from '../errors.ts';
import { type HttpRequest, textOf } from './adapter.ts';

/**
 * Undoes `aws-chunked`, in which clients wrap an upload that they sign or sum up while they send it: chunks of
 * `<hex size>[;chunk-signature=…]\r\n<bytes>\r\n`, an empty one, then trailing headers, which join the request's own.
 */
export function unchunk(request: HttpRequest): HttpRequest {
  if (!request.headers['x-amz-content-sha256']?.startsWith('STREAMING-')) return request;
  const chunks: Uint8Array[] = [];
  let position = 0;
  const line = () => {
    const end = request.body.indexOf(13, position);
    if (end < 0) throw new AwsError('IncompleteBody', 'The request body terminated unexpectedly');
    const text = textOf(request.body.subarray(position, end));
    position = end + 2;
    return text;
  };
  for (;;) {
    const size = Number.parseInt(line(), 16);
    if (!(position + size <= request.body.length)) {
      throw new AwsError('IncompleteBody', 'The request body terminated unexpectedly');
    }
    if (size === 0) break;
    chunks.push(request.body.subarray(position, position + size));
    position += size + 2;
  }
  const headers = { ...request.headers };
  while (position < request.body.length) {
    const [, name, value] = /^([^:]+):(.*)$/.exec(line()) ?? [];
    if (name) headers[name.toLowerCase()] = value!.trim();
  }
  const encodings = headers['content-encoding']?.split(',').filter((encoding) => encoding.trim() !== 'aws-chunked');
  if (encodings?.length) headers['content-encoding'] = encodings.join(',').trim();
  else delete headers['content-encoding'];
  return { ...request, headers, body: Buffer.concat(chunks) };
}
