import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stack } from '@aws-sdk/client-cloudformation';
import { startLocalCloud } from '@studio-resources/local';
import { buildZips } from './build-zips.ts';
import { root } from './handlers.ts';
import { deleteBucket, publish } from './start/artifacts.ts';
import { account, type Clients, createClients } from './start/clients.ts';
import { describeInventory, takeInventory } from './start/inventory.ts';
import { playOnce } from './start/once.ts';
import { readOptions, type StartOptions } from './start/options.ts';
import { deployStack, type Ended } from './start/stack.ts';
import { createView, type View } from './start/view.ts';

/** The roles that the handlers may pass: those that CloudFormation names after the stack. */
const passableRoles = `arn:aws:iam::${account}:role/studio-*`;

const artifacts = { bucket: 'studio-resources-artifacts', prefix: 'local' };

async function main(options: StartOptions): Promise<number> {
  const view = createView(process.stdout);
  view.say('Building the zips …');
  for await (const _ of buildZips());

  const local = await startLocalCloud({ ...options, onFunctionFailure: (lines) => view.say(lines.join('\n')) });
  try {
    view.say(`The local cloud is at ${local.endpoint}, ${options.speed} times as fast as AWS.\n`);
    const clients = createClients(local.endpoint);
    const url = await publish(clients.s3, artifacts);

    const provider = await deployStack(clients.cloudformation, view, {
      name: 'studio-resources',
      template: { url },
      parameters: {
        ArtifactBucket: artifacts.bucket,
        ArtifactPrefix: artifacts.prefix,
        ExecutionRoleArns: passableRoles,
      },
    });
    if (!succeeded(view, provider)) return 1;

    const studio = await deployStack(clients.cloudformation, view, {
      name: 'studio',
      template: await readFile(options.template ?? join(root, 'cloudformation/examples/studio.yaml'), 'utf8'),
      parameters: options.parameters,
    });
    const created = succeeded(view, studio);
    if (options.once) {
      if (!created) return 1;
      const played = await playOnce(clients, view, { provider: provider.stack, studio: studio.stack });
      await deleteBucket(clients.s3, artifacts.bucket);
      return (await isEmpty(clients, view)) && played ? 0 : 1;
    }
    if (created) describeOutputs(view, studio.stack);
    await describeWhatExists(clients, view);
    describeUse(view, local.endpoint);
    await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
    view.say('\nStopping the local cloud.');
    return 0;
  } finally {
    await local.close();
  }
}

function succeeded(view: View, { stack, succeeded, failures }: Ended): boolean {
  if (succeeded) return true;
  view.say(`${stack.StackName} is ${stack.StackStatus}:`);
  for (const { LogicalResourceId, ResourceStatusReason } of failures) {
    view.say(`  ${LogicalResourceId}: ${ResourceStatusReason}`);
  }
  return false;
}

function describeOutputs(view: View, { StackName, Outputs = [] }: Stack) {
  view.say(`Outputs of ${StackName}`);
  for (const { OutputKey, OutputValue } of Outputs) view.say(`  ${OutputKey}: ${OutputValue}`);
}

async function describeWhatExists(clients: Clients, view: View) {
  view.say('\nWhat exists now');
  for (const line of describeInventory(await takeInventory(clients))) view.say(line);
}

async function isEmpty(clients: Clients, view: View): Promise<boolean> {
  const inventory = await takeInventory(clients);
  view.say('What is left in the account');
  for (const line of describeInventory(inventory)) view.say(line);
  return [...inventory.values()].every((found) => found.length === 0);
}

function describeUse(view: View, endpoint: string) {
  view.say(`
Try it with any AWS client, in another terminal:
  export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
  export AWS_ACCESS_KEY_ID=000000000000 AWS_SECRET_ACCESS_KEY=local
  aws sagemaker list-domains
  aws cloudformation describe-stack-events --stack-name studio
  aws logs filter-log-events --log-group-name /aws/lambda/studio-resources-studio-domain

Ctrl-C stops it.`);
}

try {
  process.exitCode = await main(readOptions(process.argv.slice(2)));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
