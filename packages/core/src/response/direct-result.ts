import { RuntimeError } from '../errors.ts';
import type { Request } from '../request/request.ts';
import type { Outcome } from './response.ts';

/** What a function returns to a direct invocation. A deletion returns an empty object. */
export interface DirectResult {
  /** What `Ref` would be. */
  readonly PhysicalResourceId?: string;
  /** What `Fn::GetAtt` would give. */
  readonly Attributes?: Readonly<Record<string, string>>;
  /** What there is to say of a success. */
  readonly Reason?: string;
}

/** A direct invocation failed. Lambda returns the message as `errorMessage`; a trace would help no user. */
class InvocationError extends RuntimeError {
  override name = 'InvocationError';
  override stack = 'InvocationError';
}

/**
 * What a direct invocation returns for an outcome.
 *
 * @throws InvocationError with the reason of a failure
 */
export function directResult({ requestType }: Request, outcome: Outcome): DirectResult {
  if (outcome.status === 'SUCCESS') {
    if (requestType === 'Delete') return {};
    const { id, attributes, reason } = outcome;
    return { PhysicalResourceId: id, Attributes: attributes, ...(reason === undefined ? {} : { Reason: reason }) };
  }
  // Terraform keeps the input of an update that failed, and so sends it no second time
  // (hashicorp/terraform-plugin-sdk, issue 476).
  const again =
    '; Terraform has noted this input nevertheless, so the next apply takes another one, such as with another Attempt';
  throw new InvocationError(`${outcome.reason}${requestType === 'Update' ? again : ''}`);
}
