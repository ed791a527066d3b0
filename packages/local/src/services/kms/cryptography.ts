import { createHash } from 'node:crypto';
import type * as KMS from '@aws-sdk/client-kms';
import { AwsError } from '../../errors.ts';
import { requestId } from '../../request-id.ts';
import type { Call } from '../../service.ts';
import { decrypt, encrypt, invalidCiphertext, keyOfCiphertext } from './ciphertext.ts';
import { checkUsable, getKey } from './find-key.ts';
import type { KeyRecord, Operations } from './records.ts';

const algorithm = 'SYMMETRIC_DEFAULT' as const;

export const cryptographicOperations: Operations = {
  Encrypt({ KeyId, Plaintext = new Uint8Array(), EncryptionContext = {}, DryRun }, call) {
    const key = usableKey(KeyId, call);
    checkDryRun(DryRun);
    return {
      KeyId: key.arn,
      CiphertextBlob: encrypt(key, Plaintext, EncryptionContext, call),
      EncryptionAlgorithm: algorithm,
    };
  },

  Decrypt({ CiphertextBlob = new Uint8Array(), KeyId, EncryptionContext = {}, DryRun }, call) {
    const key = keyFor(CiphertextBlob, KeyId, call);
    const Plaintext = decrypt(key, CiphertextBlob, EncryptionContext);
    checkDryRun(DryRun);
    return { KeyId: key.arn, Plaintext, EncryptionAlgorithm: algorithm };
  },

  GenerateDataKey: (input, call) => generateDataKey(input, call),

  GenerateDataKeyWithoutPlaintext(input, call) {
    const { Plaintext: _, ...encrypted } = generateDataKey(input, call);
    return encrypted;
  },

  ReEncrypt(input, call) {
    const { CiphertextBlob = new Uint8Array(), SourceKeyId, DestinationKeyId } = input;
    const source = keyFor(CiphertextBlob, SourceKeyId, call);
    const plaintext = decrypt(source, CiphertextBlob, input.SourceEncryptionContext ?? {});
    const destination = usableKey(DestinationKeyId, call);
    checkDryRun(input.DryRun);
    return {
      CiphertextBlob: encrypt(destination, plaintext, input.DestinationEncryptionContext ?? {}, call),
      SourceKeyId: source.arn,
      KeyId: destination.arn,
      SourceEncryptionAlgorithm: algorithm,
      DestinationEncryptionAlgorithm: algorithm,
    };
  },
};

type DataKeyRequest = KMS.GenerateDataKeyRequest & KMS.GenerateDataKeyWithoutPlaintextRequest;

function generateDataKey(
  { KeyId, KeySpec, NumberOfBytes, EncryptionContext = {}, DryRun }: DataKeyRequest,
  call: Call,
) {
  const key = usableKey(KeyId, call);
  if ((KeySpec === undefined) === (NumberOfBytes === undefined)) {
    throw new AwsError('ValidationException', 'Please specify either number of bytes or key spec.');
  }
  checkDryRun(DryRun);
  const length = NumberOfBytes ?? (KeySpec === 'AES_128' ? 16 : 32);
  const Plaintext = randomBytes(length, call);
  return { KeyId: key.arn, Plaintext, CiphertextBlob: encrypt(key, Plaintext, EncryptionContext, call) };
}

function randomBytes(length: number, { cloud }: Call): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, () =>
    createHash('sha256')
      .update(`data key ${requestId(cloud.store)}`)
      .digest(),
  );
  return Buffer.concat(blocks).subarray(0, length);
}

function usableKey(id: string | undefined, call: Call): KeyRecord {
  const key = getKey(id, call);
  checkUsable(key);
  return key;
}

/** The key of a ciphertext, which the caller may name besides. Throws IncorrectKeyException for another one. */
function keyFor(ciphertext: Uint8Array, id: string | undefined, call: Call): KeyRecord {
  const arn = keyOfCiphertext(ciphertext);
  if (arn === undefined) throw invalidCiphertext();
  const key = usableKey(id ?? arn, call);
  if (key.arn === arn) return key;
  const message = 'The key ID in the request does not identify a CMK that can perform this operation.';
  throw new AwsError('IncorrectKeyException', message);
}

function checkDryRun(dryRun: boolean | undefined): void {
  if (dryRun)
    throw new AwsError('DryRunOperationException', 'The request would have succeeded, but the DryRun option is set.');
}
