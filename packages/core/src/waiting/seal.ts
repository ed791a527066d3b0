import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const ivLength = 12;
const tagLength = 16;

/** Encrypts a text, and authenticates it together with another one that stays open. Base64url. */
export function seal(text: string, secret: string, open: string): string {
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv(algorithm, derived(secret, 'state'), iv).setAAD(Buffer.from(open));
  const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), encrypted]).toString('base64url');
}

/** The text that was sealed; undefined where it was sealed with another secret, or either text was changed since. */
export function unseal(sealed: string, secret: string, open: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url');
  // Buffer.from passes over what is not base64url.
  if (bytes.byteLength < ivLength + tagLength || bytes.toString('base64url') !== sealed) return undefined;
  const [iv, tag, encrypted] = [
    bytes.subarray(0, ivLength),
    bytes.subarray(ivLength, ivLength + tagLength),
    bytes.subarray(ivLength + tagLength),
  ];
  try {
    const decipher = createDecipheriv(algorithm, derived(secret, 'state'), iv, { authTagLength: tagLength })
      .setAAD(Buffer.from(open))
      .setAuthTag(tag);
    return Buffer.concat([decipher.update(encrypted), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

/** The signature of a text: base64url. */
export function sign(text: string, secret: string): string {
  return createHmac('sha256', derived(secret, 'response')).update(text).digest('base64url');
}

export function isSigned(text: string, secret: string, signature: string): boolean {
  const [expected, given] = [sign(text, secret), signature].map((each) => Buffer.from(each));
  return expected!.byteLength === given!.byteLength && timingSafeEqual(expected!, given!);
}

/** A key for each use, so that what is made for one is of no use for the other. */
function derived(secret: string, use: 'state' | 'response'): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `studio-resources ${use}`, 32));
}
