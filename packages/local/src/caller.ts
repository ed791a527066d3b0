import type { Credential, Presigned } from './credential.ts';
import { AwsError } from './errors.ts';
import { principalOf, secretOf } from './iam/credentials.ts';
import { accountPrincipal, type Principal } from './principal.ts';
import type { HttpRequest } from './protocols/adapter.ts';
import type { Protocol } from './protocols/model.ts';
import type { Cloud } from './service.ts';
import { isSignedWith } from './signing.ts';

/** What services of each protocol answer to a key that is no longer, or not quite, one. */
const codes: Record<Protocol, { invalid: string; expired: string }> = {
  'aws-json': { invalid: 'UnrecognizedClientException', expired: 'ExpiredTokenException' },
  'rest-json': { invalid: 'UnrecognizedClientException', expired: 'ExpiredTokenException' },
  query: { invalid: 'InvalidClientTokenId', expired: 'ExpiredToken' },
  ec2: { invalid: 'AuthFailure', expired: 'RequestExpired' },
  'rest-xml': { invalid: 'InvalidToken', expired: 'ExpiredToken' },
};

/**
 * Who makes a request: the account that a 12-digit access key names, the principal of an issued key, and for any other
 * key account 000000000000. Throws for an issued key that does not hold, and for a presigned URL that does not.
 */
export function callerOf(cloud: Cloud, request: HttpRequest, credential: Credential, protocol: Protocol): Principal {
  const { accessKeyId, sessionToken } = credential;
  checkPresigned(cloud, request, credential, protocol);
  if (/^\d{12}$/.test(accessKeyId)) return accountPrincipal(accessKeyId);
  if (secretOf(cloud.store, accessKeyId) === undefined) return accountPrincipal('000000000000');
  const status = protocol === 'aws-json' ? 400 : 403;
  try {
    const principal = principalOf(cloud.store, cloud.clock, accessKeyId, sessionToken);
    if (principal) return principal;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError(codes[protocol].expired, error.message, { status });
  }
  throw new AwsError(codes[protocol].invalid, 'The security token included in the request is invalid.', { status });
}

/** Refuses a presigned URL that does not hold. What is signed in its headers passes: no web page can send such. */
function checkPresigned(
  { clock, store }: Cloud,
  request: HttpRequest,
  { accessKeyId, presigned, service }: Credential,
  protocol: Protocol,
): void {
  if (!presigned) return;
  const { expires } = presigned;
  if (Number.isNaN(expires)) {
    const message =
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.';
    throw new AwsError('AuthorizationQueryParametersError', message);
  }
  if (expires <= clock.now()) {
    const members = { Expires: new Date(expires).toISOString(), ServerTime: new Date(clock.now()).toISOString() };
    throw new AwsError('AccessDenied', 'Request has expired', { status: 403, members });
  }
  const secret = secretOf(store, accessKeyId);
  // Of an account's own key no secret is known, so anybody could write its signature: it gives no more than objects.
  const holds =
    secret === undefined
      ? service === 's3' && /^(GET|HEAD|PUT)$/.test(request.method) && isSignature(presigned)
      : isSignedWith(secret, request, presigned);
  if (holds) return;
  const message =
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.';
  throw new AwsError(protocol === 'aws-json' ? 'InvalidSignatureException' : 'SignatureDoesNotMatch', message, {
    status: 403,
  });
}

/** Whether it has the form of a signature. */
function isSignature({ signature, version4 }: Presigned): boolean {
  return version4 ? /^[0-9a-f]{64}$/.test(signature) : /^[\w+/]{27}=$/.test(signature);
}
