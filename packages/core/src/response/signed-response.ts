import type { RequestIdentity } from '../request/request.ts';
import { isSigned, sign } from '../waiting/seal.ts';
import { keyOf, type StateKey } from '../waiting/state-key.ts';

/**
 * A response that could not be delivered, for the responder: with the key's id and a signature that is of use for this
 * request alone. So the responder sends nothing in a function's name that no function has made.
 */
export function signedResponse(body: string, to: RequestIdentity, key: StateKey): string {
  return `${key.id}.${sign(signedText(body, to), key.text)}.${body}`;
}

/**
 * The response in it, byte by byte; undefined where it is not one that `signedResponse` made for this request.
 *
 * @throws InvalidRequestError where it names a key that the secret does not have
 * @throws KeyUnavailableError where the secret cannot be read now
 */
export async function responseIn(signed: string, to: RequestIdentity): Promise<string | undefined> {
  const [, id, signature, body] = /^([\w-]+)\.([\w-]+)\.(.*)$/s.exec(signed) ?? [];
  if (id === undefined || signature === undefined || body === undefined) return undefined;
  const { text } = await keyOf(id);
  return isSigned(signedText(body, to), text, signature) ? body : undefined;
}

function signedText(body: string, { stackId, requestId, logicalResourceId, responseUrl }: RequestIdentity): string {
  return JSON.stringify([stackId, requestId, logicalResourceId, responseUrl, body]);
}
