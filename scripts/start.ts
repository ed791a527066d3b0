/** `npm start` builds the zips, starts the local cloud, installs the provider, and creates a stack of a template. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stack } from '@aws-sdk/client-cloudformation';
import { type LocalCloud, startLocalCloud } from '@studio-resources/local';
import { asksForHelp } from '../packages/local/src/command-line.ts';
import { untilStopped } from '../packages/local/src/stopped.ts';
import { buildZips, zipCount } from './build-zips.ts';
import {
  missingParameters,
  parametersMissing,
  readTemplateFile,
  refuseUnknownParameters,
  validateTemplate,
} from './deploy/template.ts';
import { root } from './handlers.ts';
import { deleteBucket, publish } from './start/artifacts.ts';
import { account, type Clients, createClients } from './start/clients.ts';
import { countInventory, describeInventory, takeInventory } from './start/inventory.ts';
import { playOnce } from './start/once.ts';
import { readOptions, type StartOptions, startHelp } from './start/options.ts';
import { deployStack, type Ended } from './start/stack.ts';
import { createView, type View } from './start/view.ts';

/** The roles that the handlers may pass: those that CloudFormation names after the stack. */
const passableRoles = `arn:aws:iam::${account}:role/studio-*`;

const artifacts = { bucket: 'studio-resources-artifacts', prefix: 'local' };

/** The exit code of a shell's command that a signal has ended. */
const interrupted = { SIGINT: 130, SIGTERM: 143, 'npm has ended': 143 };

async function main(args: string[]): Promise<number> {
  if (asksForHelp(args)) {
    console.log(startHelp);
    return 0;
  }
  const stopped = untilStopped();
  const options = readOptions(args);
  const view = createView(process.stdout);
  const template = options.template
    ? await readTemplateFile(options.template, '--template')
    : await readFile(join(root, 'cloudformation/examples/studio.yaml'), 'utf8');

  // It comes first: all of its options, and the template, are right before anything is built.
  const local = await startLocalCloud({ ...options, onFunctionFailure: (lines) => view.say(lines.join('\n')) });
  try {
    const prepared = await Promise.race([prepare(local, view, options, template), stopped]);
    if (typeof prepared === 'string') return interrupted[prepared];
    if (typeof prepared === 'number') return prepared;
    await stopped;
    view.say('\nStopping the local cloud.');
    return 0;
  } finally {
    await local.close();
  }
}

/** Brings the stacks about. Gives an exit code where nothing is to be served. */
async function prepare(
  local: LocalCloud,
  view: View,
  options: StartOptions,
  template: string,
): Promise<number | undefined> {
  const clients = createClients(local.endpoint);
  await checkTemplate(clients, options, template);
  view.say(`The local cloud is at ${local.endpoint}, ${options.speed} times as fast as AWS.`);
  await buildAll(view);
  const url = await publish(clients.s3, artifacts);
  view.say();
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
    template,
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
  await countWhatExists(clients, view);
  describeUse(view, local.endpoint);
  return undefined;
}

async function checkTemplate({ cloudformation }: Clients, { template, parameters }: StartOptions, body: string) {
  const name = template ?? 'cloudformation/examples/studio.yaml';
  const { Parameters = [] } = await validateTemplate(cloudformation, name, { TemplateBody: body });
  refuseUnknownParameters(name, Parameters, parameters);
  const missing = missingParameters(Parameters, parameters);
  if (missing.length > 0) throw parametersMissing(name, missing);
}

async function buildAll(view: View) {
  let built = 0;
  view.progress('Building the zips', built, zipCount());
  for await (const _ of buildZips()) {
    built += 1;
    view.progress('Building the zips', built, zipCount());
  }
}

function succeeded(view: View, { stack, succeeded, failures }: Ended): boolean {
  if (succeeded) return true;
  view.say(`${stack.StackName} is ${stack.StackStatus}:`);
  for (const { LogicalResourceId, ResourceStatusReason } of failures) {
    view.say(`  ${LogicalResourceId}: ${ResourceStatusReason}`);
  }
  view.say();
  return false;
}

function describeOutputs(view: View, { StackName, Outputs = [] }: Stack) {
  view.say(`Outputs of ${StackName}`);
  for (const { OutputKey, OutputValue } of Outputs) view.say(`  ${OutputKey}: ${OutputValue}`);
  view.say();
}

async function countWhatExists(clients: Clients, view: View) {
  view.say('What exists now');
  for (const line of countInventory(await takeInventory(clients), view.width)) view.say(line);
}

async function isEmpty(clients: Clients, view: View): Promise<boolean> {
  const inventory = await takeInventory(clients);
  view.say('What is left in the account');
  for (const line of describeInventory(inventory, view.width)) view.say(line);
  return [...inventory.values()].every((found) => found.length === 0);
}

function describeUse(view: View, endpoint: string) {
  view.say(`
The local cloud is at ${endpoint}. A browser shows there what exists.
Try it with any AWS client, in another terminal:
  export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
  export AWS_ACCESS_KEY_ID=000000000000 AWS_SECRET_ACCESS_KEY=local
  aws sagemaker list-domains
  aws cloudformation describe-stack-events --stack-name studio
  aws logs filter-log-events --log-group-name /aws/lambda/studio-resources-studio-domain

Ctrl-C stops it.`);
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
