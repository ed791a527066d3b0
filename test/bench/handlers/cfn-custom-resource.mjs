import { sendSuccess } from 'cfn-custom-resource';

/** `CALLS` is set when it is bundled: whether it makes a call first. */
export async function handler(event) {
  if (CALLS) await (await import('./create-script.mjs')).createScript(event.ResourceProperties);
  await sendSuccess(event.RequestId, {}, event);
}
