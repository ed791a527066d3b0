import { setTimeout as sleep } from 'node:timers/promises';
import { sendSuccess } from 'cfn-custom-resource';
import { createDomain, isReady } from './domain-calls.mjs';

/** Creates a domain, and looks at it every five seconds within the one invocation until it is ready. */
export async function handler(event) {
  const DomainId = await createDomain(event.ResourceProperties);
  while (!(await isReady(DomainId))) await sleep(5000);
  await sendSuccess(DomainId, {}, event);
}
