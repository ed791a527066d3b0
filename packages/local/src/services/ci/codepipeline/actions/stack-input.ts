import type * as CloudFormation from '@aws-sdk/client-cloudformation';
import type * as S3 from '@aws-sdk/client-s3';
import { locationOf, newLocation, readFile } from '../artifacts.ts';
import { ActionFailure, type Job, perform } from '../job.ts';

/** What CreateStack, UpdateStack and CreateChangeSet take alike. */
type StackInput = Pick<
  CloudFormation.CreateStackInput,
  'TemplateBody' | 'TemplateURL' | 'Parameters' | 'Capabilities' | 'RoleARN' | 'Tags'
> & { StackName: string };

/** Bytes that a template may have in the call itself. */
const mostInline = 51_200;

/** Reads what a stack is to be from the action's configuration and its input artifacts. */
export async function stackInput(job: Job): Promise<StackInput> {
  const { StackName = '', TemplatePath, TemplateConfiguration, Capabilities = '', RoleArn } = job.configuration;
  if (!TemplatePath) throw new ActionFailure('ConfigurationError', 'TemplatePath must be specified');
  if (!RoleArn) throw new ActionFailure('ConfigurationError', 'RoleArn must be specified');
  const settings = TemplateConfiguration ? readJson(await text(job, TemplateConfiguration), TemplateConfiguration) : {};
  const parameters = { ...(settings.Parameters as object), ...(await overrides(job)) };
  const tags = Object.entries((settings.Tags ?? {}) as Record<string, string>);
  const capabilities = Capabilities.split(',').filter((one) => one !== '') as CloudFormation.Capability[];
  return {
    StackName,
    ...(await templateOf(job, TemplatePath)),
    Parameters: Object.entries(parameters).map(([ParameterKey, value]) => ({
      ParameterKey,
      ParameterValue: parameterValue(value),
    })),
    Capabilities: capabilities.length > 0 ? capabilities : undefined,
    RoleARN: RoleArn,
    Tags: tags.length > 0 ? tags.map(([Key, Value]) => ({ Key, Value })) : undefined,
  };
}

async function text(job: Job, reference: string): Promise<string> {
  return new TextDecoder().decode(await readFile(job, reference));
}

/** A template that is too large for the call goes by way of the artifact store. */
async function templateOf(job: Job, path: string): Promise<{ TemplateBody: string } | { TemplateURL: string }> {
  const body = await text(job, path);
  if (Buffer.byteLength(body) <= mostInline) return { TemplateBody: body };
  const { bucket: Bucket, key: Key } = newLocation(job, 'template');
  await perform<typeof S3, 'PutObject'>(job, 's3', 'PutObject', { Bucket, Key, Body: Buffer.from(body) });
  return { TemplateURL: `https://${Bucket}.s3.${job.region}.amazonaws.com/${Key}` };
}

function readJson(body: string, name: string): Record<string, unknown> {
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch (cause) {
    throw new ActionFailure('ConfigurationError', `${name} is not JSON`, cause);
  }
}

/** ParameterOverrides, with what its functions say of artifacts. */
async function overrides(job: Job): Promise<Record<string, unknown>> {
  const given = job.configuration.ParameterOverrides;
  if (!given) return {};
  const values = Object.entries(readJson(given, 'ParameterOverrides'));
  return Object.fromEntries(await Promise.all(values.map(async ([key, value]) => [key, await resolved(job, value)])));
}

async function resolved(job: Job, value: unknown): Promise<unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const [[name, args] = ['', undefined]] = Object.entries(value);
  const [artifact, ...rest] = (Array.isArray(args) ? args : []).map(String);
  if (name === 'Fn::GetParam' && artifact && rest.length === 2) {
    const [file, key] = rest as [string, string];
    const found = readJson(await text(job, `${artifact}::${file}`), file)[key];
    if (found !== undefined) return found;
    throw new ActionFailure('ConfigurationError', `${file} of artifact ${artifact} has no ${key}`);
  }
  if (name === 'Fn::GetArtifactAtt' && artifact) {
    const { bucket, key } = await locationOf(job, artifact);
    const attributes: Record<string, string> = {
      BucketName: bucket,
      ObjectKey: key,
      URL: `https://s3.${job.region}.amazonaws.com/${bucket}/${key}`,
    };
    const found = attributes[rest[0] ?? ''];
    if (found) return found;
  }
  throw new ActionFailure(
    'ConfigurationError',
    `ParameterOverrides has ${JSON.stringify(value)}, which is no function of CodePipeline`,
  );
}

function parameterValue(value: unknown): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}
