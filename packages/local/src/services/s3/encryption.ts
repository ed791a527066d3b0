import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { callVia, isCustomerKey } from '../kms/via.ts';
import type { Bucket, ObjectHeaders, Version } from './state.ts';

type Asked = Pick<ObjectHeaders, 'ServerSideEncryption' | 'SSEKMSKeyId'>;

/** How an object is encrypted: as the request says, or else as its bucket does. */
export interface Encryption {
  headers: Asked;
  /** Encrypted with the customer's key, where it is one. */
  dataKey?: Uint8Array;
}

/**
 * Encrypts what is put under a key. "Using SSE-KMS" in S3's user guide: the caller needs `kms:GenerateDataKey`, and an
 * upload in parts `kms:Decrypt` besides.
 */
export async function encrypt(asked: Asked, bucket: Bucket, key: string, call: Call): Promise<Encryption> {
  const headers = asked.ServerSideEncryption ? pick(asked) : bucketDefault(bucket);
  const { ServerSideEncryption, SSEKMSKeyId } = headers;
  if (!ServerSideEncryption?.startsWith('aws:kms') || !isCustomerKey(SSEKMSKeyId)) return { headers };
  const EncryptionContext = contextOf(bucket, key);
  const input = { KeyId: SSEKMSKeyId, KeySpec: 'AES_256' as const, EncryptionContext };
  const { CiphertextBlob, KeyId } = await asS3(callVia(call, 's3', 'GenerateDataKey', input));
  return { headers: { ServerSideEncryption, SSEKMSKeyId: KeyId }, dataKey: CiphertextBlob };
}

/** Checks that the caller may decrypt an object. */
export async function decrypt(
  { dataKey, key }: Pick<Version, 'dataKey' | 'key'>,
  bucket: Bucket,
  call: Call,
): Promise<void> {
  if (!dataKey) return;
  const EncryptionContext = contextOf(bucket, key);
  await asS3(callVia(call, 's3', 'Decrypt', { CiphertextBlob: dataKey, EncryptionContext }));
}

function pick({ ServerSideEncryption, SSEKMSKeyId }: Asked): Asked {
  return { ServerSideEncryption, SSEKMSKeyId };
}

function bucketDefault({ encryption }: Bucket): Asked {
  const { SSEAlgorithm = 'AES256', KMSMasterKeyID } = encryption.Rules?.[0]?.ApplyServerSideEncryptionByDefault ?? {};
  return { ServerSideEncryption: SSEAlgorithm, SSEKMSKeyId: KMSMasterKeyID };
}

function contextOf({ name }: Bucket, key: string): Record<string, string> {
  return { 'aws:s3:arn': `arn:aws:s3:::${name}/${key}` };
}

/** S3 gives KMS's refusals under its own names: `AccessDenied`, and `KMS.DisabledException` and its like. */
async function asS3<T>(using: Promise<T>): Promise<T> {
  try {
    return await using;
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    const isDenied = cause.name === 'AccessDeniedException';
    const code = isDenied ? 'AccessDenied' : `KMS.${cause.name}`;
    throw Object.assign(new AwsError(code, cause.message, { status: isDenied ? 403 : 400 }), { cause });
  }
}
