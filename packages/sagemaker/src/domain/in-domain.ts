import type { DescribeDomainResponse } from '@aws-sdk/client-sagemaker';
import { BusyError } from '../client/busy.ts';
import { codeOf } from '../client/failures.ts';
import { isInMotion } from '../client/statuses.ts';
import { findDomain } from './domain.ts';

/**
 * Makes something in a domain. SageMaker refuses that while it is at work on the domain, such as for a lifecycle
 * configuration that another resource of the stack attaches to it.
 *
 * Throws BusyError when it is worth another try, with SageMaker's refusal, if there was one, as its cause.
 */
export async function makeInDomain<T>(DomainId: string, what: string, make: () => Promise<T>): Promise<T> {
  const before = await findDomain(DomainId);
  if (before && isAtWork(before)) throw busy(what, before);
  return makeInQuietDomain(DomainId, what, make, before);
}

/**
 * The same in a domain that was seen to be at rest a moment ago, by whoever makes many things in it: as `before`, if it is
 * still known.
 */
export async function makeInQuietDomain<T>(
  DomainId: string,
  what: string,
  make: () => Promise<T>,
  before?: DescribeDomainResponse,
): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (!['ResourceInUse', 'ValidationException'].includes(codeOf(error))) throw error;
    const now = await findDomain(DomainId);
    // It may have been changed, and be at rest again, since it was looked at.
    const isChanged = before && now?.LastModifiedTime?.getTime() !== before.LastModifiedTime?.getTime();
    if (now && (isAtWork(now) || (isChanged && now.Status !== 'Deleting'))) throw busy(what, now, error);
    throw error;
  }
}

function isAtWork({ Status }: DescribeDomainResponse): boolean {
  return isInMotion(Status) && Status !== 'Deleting';
}

function busy(what: string, { DomainId, Status }: DescribeDomainResponse, cause?: unknown): BusyError {
  return new BusyError(`Creating ${what}: domain ${DomainId} is ${Status}`, { cause });
}
