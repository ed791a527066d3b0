import CfnLambda from 'cfn-lambda';

/** `CALLS` is set when it is bundled: whether it makes a call first. */
async function AsyncCreate(properties) {
  if (CALLS) await (await import('./create-script.mjs')).createScript(properties);
  return { PhysicalResourceId: 'cfn-lambda' };
}

const serve = CfnLambda({ AsyncCreate, AsyncUpdate: AsyncCreate, AsyncDelete: AsyncCreate });

export async function handler(event, context) {
  await new Promise((resolve) => {
    serve(event, { ...context, done: resolve });
  });
}
