import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { AwsError } from '../../../errors.ts';
import type { Principal } from '../../../principal.ts';
import type { Call } from '../../../service.ts';
import { s3 } from '../../s3/index.ts';
import { placedSteps, readDefinition } from './definition.ts';
import type { ExecutionRecord } from './records.ts';
import type { Json } from './step.ts';

/** That a step cannot begin, or does not succeed; `message` says why, as the step's failure reason. */
export class StepFailure extends Error {}

/** What a value is worth in an execution, its references replaced. Files are read with the rights of `role`. */
export async function resolve(value: Json, execution: ExecutionRecord, role: Principal, call: Call): Promise<Json> {
  const inner = (one: Json) => resolve(one, execution, role, call);
  if (Array.isArray(value)) return Promise.all(value.map(inner));
  if (typeof value !== 'object' || value === null) return value;
  if (typeof value.Get === 'string') return referred(value.Get, execution, call);
  const join = value['Std:Join'] as { On?: string; Values?: Json[] } | undefined;
  if (join) return (await Promise.all((join.Values ?? []).map(inner))).map(String).join(join.On ?? '');
  const get = value['Std:JsonGet'] as { PropertyFile?: { Get?: string }; Path?: string } | undefined;
  if (get) return fromPropertyFile(get.PropertyFile?.Get ?? '', get.Path ?? '', execution, role, call);
  const entries = Object.entries(value).map(async ([name, item]) => [name, await inner(item)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

function referred(reference: string, execution: ExecutionRecord, call: Call): Json {
  const [kind, name = '', ...path] = partsOf(reference);
  if (kind === 'Parameters') return parameterOf(name, execution);
  if (kind === 'Execution') return executionVariable(name, execution, call);
  const properties = execution.steps.find((step) => step.name === name)?.properties;
  const found = at(properties as Json | undefined, path);
  if (found === undefined) throw new StepFailure(`ClientError: Unable to resolve the property ${reference}.`);
  return found;
}

/** `Steps.Train['a'].b[0]` as `Steps`, `Train`, `a`, `b`, `0`. */
function partsOf(path: string): string[] {
  return [...path.matchAll(/[^.[\]'"]+/g)].map(([part]) => part);
}

/** What is at a path; in a list, that of the number or of the name. */
function at(value: Json | undefined, [first, ...rest]: string[]): Json | undefined {
  if (first === undefined || value === undefined) return value;
  if (Array.isArray(value)) {
    const named = value.find((item) =>
      Object.entries(item ?? {}).some(([member, name]) => member.endsWith('Name') && name === first),
    );
    return at(named ?? value[Number(first)], rest);
  }
  if (typeof value !== 'object' || value === null) return undefined;
  return at(value[first], rest);
}

/** Values of parameters are texts in requests; in a pipeline they have their types. */
function parameterOf(name: string, { definition, parameters }: ExecutionRecord): Json {
  const { Type, DefaultValue = '' } = readDefinition(definition).Parameters.find((one) => one.Name === name)!;
  const given = parameters.find((one) => one.Name === name)?.Value;
  if (given === undefined) return DefaultValue;
  if (Type === 'Integer' || Type === 'Float') return Number(given);
  return Type === 'Boolean' ? given.toLowerCase() === 'true' : given;
}

function executionVariable(name: string, { shown, arn, pipelineName }: ExecutionRecord, call: Call): Json {
  const variables: Record<string, string> = {
    PipelineName: pipelineName,
    PipelineArn: shown.PipelineArn,
    PipelineExecutionId: arn.slice(arn.lastIndexOf('/') + 1),
    PipelineExecutionArn: arn,
    StartDateTime: shown.CreationTime.toISOString(),
    CurrentDateTime: new Date(call.clock.now()).toISOString(),
  };
  const value = variables[name];
  if (value === undefined) throw new StepFailure(`ClientError: There is no Execution.${name}.`);
  return value;
}

/**
 * A value in a file that a processing step has written. Jobs write nothing here; a test that needs a condition
 * decide puts the file where the job would.
 */
async function fromPropertyFile(
  reference: string,
  path: string,
  execution: ExecutionRecord,
  role: Principal,
  call: Call,
): Promise<Json> {
  const [, stepName, , fileName] = partsOf(reference);
  const step = placedSteps(readDefinition(execution.definition)).find((one) => one.step.Name === stepName)?.step;
  const file = step?.PropertyFiles?.find((one) => one.PropertyFileName === fileName);
  const properties = execution.steps.find(({ name }) => name === stepName)?.properties as Json | undefined;
  const uri = at(properties, ['ProcessingOutputConfig', 'Outputs', file?.OutputName ?? '', 'S3Output', 'S3Uri']);
  const [, Bucket = '', prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(String(uri)) ?? [];
  const Key = [prefix.replace(/\/$/, ''), file?.FilePath].filter(Boolean).join('/');
  const found = at(parse(await read(Bucket, Key, role, call), reference), partsOf(path));
  if (found === undefined) throw new StepFailure(`ClientError: There is no ${path} in the property file ${reference}.`);
  return found;
}

async function read(Bucket: string, Key: string, role: Principal, call: Call): Promise<string> {
  try {
    const { Body } = (await call.invoke(s3, 'GetObject', { Bucket, Key }, role)) as Pick<
      GetObjectCommandOutput,
      'Body'
    >;
    return Buffer.from((Body ?? []) as unknown as Uint8Array).toString();
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    const message = `ClientError: Failed to read the property file s3://${Bucket}/${Key}. Error Details: ${cause.message}`;
    throw new StepFailure(message, { cause });
  }
}

function parse(text: string, reference: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new StepFailure(`ClientError: The property file ${reference} is not JSON.`, { cause });
  }
}
