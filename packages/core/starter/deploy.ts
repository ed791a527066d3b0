/**
 * Creates or updates a stack, and waits for it:
 * `node deploy.ts --stack NAME --template FILE [--bucket NAME [--create-bucket]] [--endpoint URL] [Parameter=Value …]`
 *
 * With `--bucket`, it uploads the zips in `dist` before. With `--endpoint`, it goes to a local cloud, otherwise to the
 * account and Region of your AWS configuration. With `--delete`, it deletes the stack.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CloudFormation, type Stack, type UpdateStackCommandInput } from '@aws-sdk/client-cloudformation';
import { S3 } from '@aws-sdk/client-s3';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    stack: { type: 'string' },
    template: { type: 'string' },
    bucket: { type: 'string' },
    'create-bucket': { type: 'boolean', default: false },
    endpoint: { type: 'string' },
    delete: { type: 'boolean', default: false },
  },
});
const { stack, template, bucket, endpoint } = values;
if (!stack || !template) throw new Error('Deploying: give --stack NAME and --template FILE');

const credentials = { accessKeyId: '000000000000', secretAccessKey: 'local' };
const options = endpoint === undefined ? {} : { endpoint, region: 'us-east-1', credentials };
const cloudformation = new CloudFormation(options);
const s3 = new S3(options);

const begun = new Date();
try {
  const id = values.delete ? await remove(stack) : await deploy(stack, template);
  if (id !== undefined) await report(id);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

/** Begins to create or update the stack; gives its id, or undefined where there is nothing to change. */
async function deploy(StackName: string, path: string): Promise<string | undefined> {
  const given = bucket === undefined ? {} : await upload(bucket);
  for (const text of positionals) {
    const [, name, value] = /^(\w+)=(.*)$/s.exec(text) ?? fail(`${text} is no Parameter=Value`);
    given[name!] = value!;
  }
  const TemplateBody = await readFile(path, 'utf8');
  const before = await find(StackName);
  // What is not given stays as it is.
  const declared = (await cloudformation.getTemplateSummary({ TemplateBody })).Parameters ?? [];
  const kept = (before?.Parameters ?? [])
    .map(({ ParameterKey }) => ParameterKey!)
    .filter((key) => !(key in given) && declared.some(({ ParameterKey }) => ParameterKey === key));
  const input = {
    StackName,
    TemplateBody,
    Parameters: [
      ...Object.entries(given).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
      ...kept.map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true })),
    ],
    Capabilities: ['CAPABILITY_IAM'],
  } satisfies UpdateStackCommandInput;
  if (!before) {
    const { StackId } = await cloudformation.createStack({ ...input, OnFailure: 'DELETE' });
    return StackId;
  }
  try {
    return (await cloudformation.updateStack(input)).StackId;
  } catch (error) {
    if (!(error as Error).message.includes('No updates are to be performed')) throw error;
    console.log(`${StackName}: nothing has changed`);
    return undefined;
  }
}

/** Uploads the zips of the build, and gives the parameters that name them. */
async function upload(Bucket: string): Promise<Record<string, string>> {
  const zips: Record<string, string> = JSON.parse(await readFile('dist/parameters.json', 'utf8'));
  if (values['create-bucket']) {
    await s3.createBucket({ Bucket }).catch((error: Error) => {
      if (error.name !== 'BucketAlreadyOwnedByYou') throw error;
    });
  }
  for (const Key of Object.values(zips)) await s3.putObject({ Bucket, Key, Body: await readFile(`dist/${Key}`) });
  return { ArtifactBucket: Bucket, ...zips };
}

async function remove(StackName: string): Promise<string | undefined> {
  const { StackId } = (await find(StackName)) ?? fail(`there is no stack ${StackName}`);
  await cloudformation.deleteStack({ StackName });
  return StackId;
}

async function find(StackName: string): Promise<Stack | undefined> {
  try {
    return (await cloudformation.describeStacks({ StackName })).Stacks?.[0];
  } catch (error) {
    if (/does not exist/.test((error as Error).message)) return undefined;
    throw error;
  }
}

/** Waits until the stack is at rest; prints its outputs, or why it failed. */
async function report(StackName: string): Promise<void> {
  let found = await find(StackName);
  while (found?.StackStatus?.endsWith('_IN_PROGRESS')) {
    await setTimeout(1000);
    found = await find(StackName);
  }
  console.log(`${stack}: ${found?.StackStatus}`);
  for (const { OutputKey, OutputValue } of found?.Outputs ?? []) console.log(`  ${OutputKey}: ${OutputValue}`);
  const { StackEvents = [] } = await cloudformation.describeStackEvents({ StackName });
  const failed = StackEvents.filter((event) => event.Timestamp! >= begun && event.ResourceStatus?.endsWith('_FAILED'));
  for (const event of failed.reverse()) console.error(`  ${event.LogicalResourceId}: ${event.ResourceStatusReason}`);
  if (failed.length > 0) process.exitCode = 1;
}

function fail(why: string): never {
  throw new Error(`Deploying ${stack}: ${why}`);
}
