import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { InvalidRequestError } from '../errors.ts';

const algorithm = 'aes-256-gcm';
const ivLength = 12;
const tagLength = 16;

/**
 * Makes a text unreadable to whoever lacks the secret, and useless for any other request than the one that it is bound
 * to. Base64url.
 */
export function seal(text: string, secret: string, boundTo: string): string {
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv(algorithm, keyOf(secret), iv).setAAD(Buffer.from(boundTo));
  const hidden = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), hidden]).toString('base64url');
}

/**
 * The text that was sealed.
 *
 * @throws InvalidRequestError when it was sealed with another secret or for another request, or was changed since
 */
export function unseal(sealed: string, secret: string, boundTo: string): string {
  try {
    const bytes = Buffer.from(sealed, 'base64url');
    const [iv, tag, hidden] = [
      bytes.subarray(0, ivLength),
      bytes.subarray(ivLength, ivLength + tagLength),
      bytes.subarray(ivLength + tagLength),
    ];
    const decipher = createDecipheriv(algorithm, keyOf(secret), iv, { authTagLength: tagLength })
      .setAAD(Buffer.from(boundTo))
      .setAuthTag(tag);
    return Buffer.concat([decipher.update(hidden), decipher.final()]).toString('utf8');
  } catch {
    throw new InvalidRequestError(
      "Reading the waiter's state: it is not sealed with this function's STATE_KEY for this request",
    );
  }
}

function keyOf(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'studio-resources waiter', 32));
}
