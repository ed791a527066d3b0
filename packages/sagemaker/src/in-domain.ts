import { BusyError } from './busy.ts';
import { findDomain } from './domain.ts';
import { codeOf } from './failures.ts';
import { isInMotion } from './statuses.ts';

/**
 * Makes something in a domain. SageMaker refuses that while it is at work on the domain, such as for a lifecycle
 * configuration that another resource of the stack attaches to it.
 *
 * Throws BusyError when it is worth another try, with SageMaker's refusal, if there was one, as its cause.
 */
export async function makeInDomain<T>(DomainId: string, what: string, make: () => Promise<T>): Promise<T> {
  await mustBeAtRest(DomainId, what);
  return makeInQuietDomain(DomainId, what, make);
}

/** The same in a domain that was seen to be at rest a moment ago, by whoever makes many things in it. */
export async function makeInQuietDomain<T>(DomainId: string, what: string, make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (['ResourceInUse', 'ValidationException'].includes(codeOf(error))) await mustBeAtRest(DomainId, what, error);
    throw error;
  }
}

async function mustBeAtRest(DomainId: string, what: string, cause?: unknown): Promise<void> {
  const { Status } = (await findDomain(DomainId)) ?? {};
  if (!isInMotion(Status) || Status === 'Deleting') return;
  throw new BusyError(`Creating ${what}: domain ${DomainId} is ${Status}`, { cause });
}
