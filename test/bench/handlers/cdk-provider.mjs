import { createDomain, isReady } from './domain-calls.mjs';

/** What the CDK's provider framework calls for a request. */
export async function onEvent({ ResourceProperties }) {
  return { PhysicalResourceId: await createDomain(ResourceProperties) };
}

/** What it calls until that is ready. */
export async function isComplete({ PhysicalResourceId }) {
  return { IsComplete: await isReady(PhysicalResourceId) };
}
