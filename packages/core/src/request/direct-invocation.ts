import { InvalidRequestError } from '../errors.ts';
import { createUncertainId } from '../lifecycle/phase.ts';
import { nearest } from '../schema/nearest.ts';
import { shown } from '../schema/type.ts';
import type { Request } from './request.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The members of an input, and the one that Terraform adds. `Attempt` only makes an input differ. */
const members = ['ResourceType', 'StateName', 'LogicalResourceId', 'ResourceProperties', 'Attempt', 'tf'];

const requestTypes = { create: 'Create', update: 'Update', delete: 'Delete' } as const;

/** Longer than an invocation can last, in seconds. */
const NO_TIMEOUT = 3600;

/**
 * Whether a function was invoked without CloudFormation, as Terraform's `aws_lambda_invocation` does. What CloudFormation,
 * the waiter and EventBridge send is something else, whatever members it has besides.
 */
export function isDirect(payload: unknown): payload is Fields {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return false;
  const has = (name: string) => Object.hasOwn(payload, name);
  if (['RequestType', 'ResponseURL', 'StackId', 'RequestId', 'waiter', 'detail-type'].some(has)) return false;
  return has('tf') || has('StateName');
}

/** By what a direct invocation is read. */
interface Reader {
  /** The partition, Region and account of the function. */
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  /** Lambda's id of the invocation. */
  readonly requestId: string;
  /** The type that the function serves. */
  readonly type: string;
  /** Why the resource cannot be used without a stack. */
  readonly needsStack?: string;
}

/**
 * The request that a direct invocation stands for. Its input is
 * `{ ResourceType, StateName, LogicalResourceId, ResourceProperties }` and what Terraform adds with
 * `lifecycle_scope = "CRUD"`: `tf: { action: 'create' | 'update' | 'delete', prev_input }`
 * (terraform-provider-aws, internal/service/lambda/invocation.go, read 2026-12-01).
 *
 * In place of a stack's ARN it has one that no stack can have: of the service `terraform`, with the provider and the name of the
 * state. Terraform hands no earlier result in, so the resource is found by its owner.
 *
 * @throws InvalidRequestError where the provider does not answer such invocations, and for an input that cannot be read; it
 * names the member
 */
export function requestOfInvocation(input: Fields, reader: Reader): Request {
  if (reader.needsStack !== undefined) {
    throw new InvalidRequestError(
      `Reading the input: ${reader.type} cannot be used without a stack, because ${reader.needsStack}`,
    );
  }
  const { DIRECT_INVOCATIONS: provider } = process.env;
  if (!provider) {
    throw new InvalidRequestError(
      'Reading the input: this function answers no direct invocations; set the parameter DirectInvocations of its provider to true, or use the resource in a stack',
    );
  }
  const problems = problemsIn(input, reader.type);
  const { action, prev_input: previous } = Object(input.tf) as Fields;
  const requestType = isAction(action) ? requestTypes[action] : undefined;
  if (requestType === 'Update') {
    const old = Object(previous) as Fields;
    if (!isRecord(old.ResourceProperties)) problems.push('tf.prev_input.ResourceProperties has to be an object');
    for (const name of ['ResourceType', 'StateName', 'LogicalResourceId'] as const) {
      if (old[name] === input[name]) continue;
      problems.push(
        `${name} was ${shown(old[name])}, and cannot be changed; give it that value again, and replace the resource instead`,
      );
    }
  }
  if (problems.length > 0 || !requestType) throw new InvalidRequestError(`Reading the input: ${problems.join('; ')}`);
  const { partition, region, account, requestId } = reader;
  return {
    responseUrl: '',
    expectsResponse: true,
    isDirect: true,
    stackId: `arn:${partition}:terraform:${region}:${account}:state/${provider}/${input.StateName}`,
    requestId,
    logicalResourceId: String(input.LogicalResourceId),
    // Not that of a resource, so that it is looked for.
    physicalResourceId: requestType === 'Create' ? undefined : createUncertainId(requestId),
    partition,
    region,
    account,
    requestType,
    resourceType: reader.type,
    properties: withoutService(input.ResourceProperties as Fields),
    oldProperties: requestType === 'Update' ? withoutService((previous as Fields).ResourceProperties as Fields) : {},
    serviceTimeout: NO_TIMEOUT,
  };
}

function problemsIn(input: Fields, type: string): string[] {
  const problems = Object.keys(input)
    .filter((name) => !members.includes(name))
    .map((name) => `${name} is unknown${nearest(name, members)}`);
  const form = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
  for (const name of ['StateName', 'LogicalResourceId']) {
    if (typeof input[name] !== 'string' || !form.test(input[name])) {
      problems.push(`${name} has to be 1 to 100 letters, digits, dots, hyphens and underscores`);
    }
  }
  if (input.ResourceType !== type) problems.push(`ResourceType has to be ${type}, which this function serves`);
  if (!isRecord(input.ResourceProperties)) problems.push('ResourceProperties has to be an object');
  const { action } = Object(input.tf) as Fields;
  if (!isRecord(input.tf)) problems.push('tf is missing; set lifecycle_scope = "CRUD", and no terraform_key');
  else if (!isAction(action)) problems.push('tf.action has to be create, update or delete');
  return problems;
}

function isAction(action: unknown): action is keyof typeof requestTypes {
  return typeof action === 'string' && Object.hasOwn(requestTypes, action);
}

/** What a template has beside its properties means nothing here. */
function withoutService({ ServiceToken: _, ServiceTimeout: __, ...properties }: Fields): Fields {
  return properties;
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
