import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto';
import { AwsError } from '../../errors.ts';
import { requestId } from '../../request-id.ts';
import type { Call } from '../../service.ts';
import type { KeyRecord } from './records.ts';
import { rotationsOf } from './rotation.ts';

/** What binds a ciphertext to its use: the same is needed to decrypt it. */
export type EncryptionContext = Record<string, string>;

interface Header {
  /** The key's ARN. */
  key: string;
  /** How many times the key had been rotated. */
  rotations: number;
  iv: string;
  tag: string;
}

/** Encrypts with the newest key material. The ciphertext names the key and its material. */
export function encrypt(key: KeyRecord, plaintext: Uint8Array, context: EncryptionContext, call: Call): Uint8Array {
  const rotations = rotationsOf(key, call.clock.now()).length;
  const iv = createHash('sha256').update(requestId(call.cloud.store)).digest().subarray(0, 12);
  const cipher = createCipheriv('aes-256-gcm', materialOf(key, rotations), iv);
  cipher.setAAD(canonical(context));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  const tag = cipher.getAuthTag().toString('hex');
  const header: Header = { key: key.arn, rotations, iv: iv.toString('hex'), tag };
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), body]);
}

/** The ARN of the key that a ciphertext was made with; undefined for what is none. */
export function keyOfCiphertext(ciphertext: Uint8Array): string | undefined {
  return parse(ciphertext)?.header.key;
}

/** Throws InvalidCiphertextException for what this key has not made, or not with this encryption context. */
export function decrypt(key: KeyRecord, ciphertext: Uint8Array, context: EncryptionContext): Uint8Array {
  const parsed = parse(ciphertext);
  if (parsed?.header.key !== key.arn) throw invalidCiphertext();
  const { rotations, iv, tag } = parsed.header;
  const decipher = createDecipheriv('aes-256-gcm', materialOf(key, rotations), Buffer.from(iv, 'hex'));
  decipher.setAAD(canonical(context));
  decipher.setAuthTag(Buffer.from(tag, 'hex'));
  try {
    return Buffer.concat([decipher.update(parsed.body), decipher.final()]);
  } catch {
    throw invalidCiphertext();
  }
}

/** KMS gives this error without a text. */
export function invalidCiphertext(): AwsError {
  return new AwsError('InvalidCiphertextException', '');
}

function parse(ciphertext: Uint8Array): { header: Header; body: Uint8Array } | undefined {
  const end = ciphertext.indexOf(10);
  if (end < 0) return undefined;
  try {
    const header = JSON.parse(Buffer.from(ciphertext.subarray(0, end)).toString()) as Header;
    return { header, body: ciphertext.subarray(end + 1) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function materialOf({ seed }: KeyRecord, rotations: number): Buffer {
  return createHmac('sha256', seed).update(String(rotations)).digest();
}

/** The order of its pairs does not count. */
function canonical(context: EncryptionContext): Buffer {
  return Buffer.from(JSON.stringify(Object.entries(context).sort(([one], [other]) => (one < other ? -1 : 1))));
}
