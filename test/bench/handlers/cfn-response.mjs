import { SUCCESS, send } from 'cfn-response';

/** `CALLS` is set when it is bundled: whether it makes a call first. */
export async function handler(event, context) {
  if (CALLS) await (await import('./create-script.mjs')).createScript(event.ResourceProperties);
  await new Promise((resolve) => {
    send(event, { ...context, done: resolve }, SUCCESS, {}, event.RequestId);
  });
}
