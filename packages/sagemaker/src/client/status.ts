import type { DescribeImageResponse, DescribeImageVersionResponse } from '@aws-sdk/client-sagemaker';
import { isTransient, type Status } from '@studio-resources/core';
import { BusyError, codeOf } from './client.ts';
import { withMember } from './named-members.ts';

/** What Describe* returns for a domain, a user profile or a space. */
export interface Described {
  Status?: string;
  FailureReason?: string;
}

interface Dated extends Described {
  LastModifiedTime?: Date;
}

/**
 * Converts SageMaker's status into the runtime's. `what` names the resource in the reason of a failure, and a member of
 * `described` the value that the reason is about.
 */
export function statusOf(described: Described, what: string): Status {
  const { Status, FailureReason } = described;
  switch (Status) {
    case 'InService':
    case 'CREATED':
      return 'ready';
    case 'Pending':
    case 'Updating':
    case 'Deleting':
    case 'CREATING':
    case 'UPDATING':
    case 'DELETING':
      return { pending: `${what} is ${Status}` };
    case 'Failed':
    case 'Update_Failed':
    case 'Delete_Failed':
    case 'CREATE_FAILED':
    case 'UPDATE_FAILED':
    case 'DELETE_FAILED':
      return { failed: `${what} is ${Status}: ${withMember(FailureReason || 'SageMaker gives no reason', described)}` };
    default:
      return { failed: `${what} has the unknown status ${Status}` };
  }
}

export function imageStatus({ ImageName, ImageStatus: Status, FailureReason }: DescribeImageResponse): Status {
  return statusOf({ Status, FailureReason }, `image ${ImageName}`);
}

export function imageVersionStatus(imageName: string, version: DescribeImageVersionResponse): Status {
  const { Version, BaseImage, ImageVersionStatus: Status, FailureReason } = version;
  const isMissing = /\b(cannot find|not found)\b/i.test(FailureReason ?? '');
  const reason = isMissing
    ? `${FailureReason?.replace(/\.$/, '')}; push that image first, or correct BaseImage`
    : FailureReason;
  return statusOf({ Status, FailureReason: reason }, `version ${Version} of image ${imageName}, from ${BaseImage},`);
}

/** Whether SageMaker is working on the resource. Until that ends, it refuses other changes. */
export function isTransitioning(status: string | undefined): boolean {
  return ['Pending', 'Updating', 'Deleting', 'CREATING', 'UPDATING', 'DELETING'].includes(status ?? '');
}

/**
 * Updates a resource. SageMaker refuses that while another operation on it is in progress, such as an earlier attempt
 * of this request whose response was lost, or another team's change. `describe` tells such an error from a permanent
 * one.
 *
 * `update` must not retry by itself where it sends a list that several write: what it sends is to be made from what is
 * there when it is sent.
 *
 * Throws BusyError when a retry can succeed, with SageMaker's error as its cause.
 */
export async function updateWhenIdle(
  what: string,
  before: Dated,
  update: () => Promise<unknown>,
  describe: () => Promise<Dated | undefined>,
): Promise<void> {
  if (isTransitioning(before.Status)) throw new BusyError(`${what}: it is ${before.Status}`);
  try {
    await update();
  } catch (cause) {
    if (isTransient(cause)) throw new BusyError(what, { cause });
    if (codeOf(cause) !== 'ResourceInUse') throw cause;
    const now = await describe();
    // The other operation may have ended between the error and this call. Then the time of the last change differs.
    const isChanged = now?.LastModifiedTime?.getTime() !== before.LastModifiedTime?.getTime();
    if (!isTransitioning(now?.Status) && !isChanged) throw cause;
    throw new BusyError(`${what}: it is ${now?.Status}`, { cause });
  }
}
