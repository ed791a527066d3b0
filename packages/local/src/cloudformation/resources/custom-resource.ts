import { AwsError } from '../../errors.ts';
import { scalarsToStrings } from '../template/properties.ts';
import { type Response, readResponse } from './custom-resource-response.ts';
import {
  Cancelled,
  type PhysicalResource,
  type Properties,
  type ResourceContext,
  ResourceFailure,
  type ResourceType,
} from './resource-type.ts';
import { awaitObject, cloudFormationBucket, putUrl } from './response-object.ts';

/** Seconds, unless `ServiceTimeout` says otherwise. No resource may have more. */
const LONGEST = 3600;

/** The members of a request that differ from one type of request to another. */
type Change =
  | { RequestType: 'Create' }
  | { RequestType: 'Update'; PhysicalResourceId: string; OldResourceProperties: unknown }
  | { RequestType: 'Delete'; PhysicalResourceId: string };

/** `AWS::CloudFormation::CustomResource` and every `Custom::` type: a Lambda function does what the template asks. */
export const customResource: ResourceType = {
  updatesOnRollback: true,

  check({ logicalId, type, properties }) {
    const problem = typeProblem(type) ?? (properties.ServiceToken === undefined ? missingToken : undefined);
    if (problem) throw new AwsError('ValidationError', `${problem} (resource ${logicalId})`);
  },

  async create(properties, context) {
    const answer = await send({ RequestType: 'Create' }, properties, context);
    try {
      return physicalResourceOf(await answer(), context);
    } catch (cause) {
      throw withId(cause, context);
    }
  },

  async update(PhysicalResourceId, properties, old, context) {
    if (properties.ServiceToken !== old.ServiceToken) {
      throw new ResourceFailure('Modifying service token is not allowed.', { unsent: true });
    }
    const OldResourceProperties = scalarsToStrings(old);
    const change = { RequestType: 'Update', PhysicalResourceId, OldResourceProperties } as const;
    const answer = await send(change, properties, context);
    return physicalResourceOf(await answer(), context);
  },

  async delete(PhysicalResourceId, properties, context) {
    const answer = await send({ RequestType: 'Delete', PhysicalResourceId }, properties, context);
    physicalResourceOf(await answer(), context);
  },

  missingAttribute: (attribute, physicalId) =>
    `CustomResource attribute error: Vendor response doesn't contain ${attribute} attribute in object ${physicalId}`,
};

const missingToken = 'Properties validation failed: the property ServiceToken is required for a custom resource';

function typeProblem(type: string): string | undefined {
  if (type === 'AWS::CloudFormation::CustomResource' || /^Custom::[\w@-]{1,60}$/.test(type)) return undefined;
  return `Template format error: ${type} is no name for a custom resource: up to 60 letters, digits and _@- follow Custom::`;
}

function physicalResourceOf(
  { status, reason, physicalId, data, noEcho }: Response,
  { requestId }: ResourceContext,
): PhysicalResource {
  if (status === 'SUCCESS') return { physicalId, attributes: data, noEcho };
  throw new ResourceFailure(
    `Received response status [FAILED] from custom resource. Message returned: ${reason} (RequestId: ${requestId})`,
    { physicalId },
  );
}

/** What a provider was asked to make may exist, whatever came of it: without an id of its own it is deleted by another. */
function withId(cause: unknown, context: ResourceContext): unknown {
  if (cause instanceof Cancelled) return new Cancelled(context.inventName());
  if (!(cause instanceof ResourceFailure) || cause.physicalId !== undefined) return cause;
  return new ResourceFailure(cause.message, { cause: cause.cause, physicalId: context.inventName() });
}

/**
 * Sends a request to the provider. The returned function resolves with its answer, the first object at the response
 * URL. Throws when the request cannot be sent.
 */
async function send(
  change: Change,
  properties: Properties,
  context: ResourceContext,
): Promise<() => Promise<Response>> {
  const { cloud, region, stackId, logicalId, type, requestId, signal } = context;
  const token = tokenOf(properties, region);
  const timeout = timeoutOf(properties);
  const bucket = cloudFormationBucket('custom-resource-response', region);
  const key = `${stackId}|${logicalId}|${requestId}`;
  const request = {
    ...change,
    ServiceToken: token,
    ResponseURL: await putUrl(cloud, region, bucket, key),
    StackId: stackId,
    RequestId: requestId,
    LogicalResourceId: logicalId,
    ResourceType: type,
    ResourceProperties: scalarsToStrings(properties),
  };
  // A request that is cancelled before it is sent is not sent.
  if (signal.aborted) throw new Cancelled();
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  // It may be rejected before the answer is awaited.
  promise.catch(() => {});
  const stopWaiting = awaitObject(cloud, bucket, key, resolve);
  const stopTimer = cloud.clock.after(timeout * 1000, () => reject(noAnswer(requestId)));
  const cancel = () => reject(new Cancelled());
  signal.addEventListener('abort', cancel);
  const stop = () => {
    stopWaiting();
    stopTimer();
    signal.removeEventListener('abort', cancel);
  };
  try {
    await invoke(token, request, context);
  } catch (error) {
    stop();
    throw error;
  }
  return async () => {
    try {
      return readResponse(await promise, { StackId: stackId, RequestId: requestId, LogicalResourceId: logicalId });
    } finally {
      stop();
    }
  };
}

async function invoke(token: string, request: unknown, { cloud, principal, region }: ResourceContext): Promise<void> {
  const Payload = new TextEncoder().encode(JSON.stringify(request));
  const input = { FunctionName: token, InvocationType: 'Event', Payload };
  await cloud.call({ service: 'lambda', operation: 'Invoke', input, principal, region });
}

function noAnswer(requestId: string): ResourceFailure {
  return new ResourceFailure(
    `CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId [${requestId}]. If you are using the Python cfn-response module, you may need to update your Lambda function so that CloudFormation can attach the updated version.`,
  );
}

function tokenOf({ ServiceToken: token }: Properties, region: string): string {
  const [, kind, where] =
    (typeof token === 'string' && /^arn:[\w-]+:(lambda|sns):([\w-]+):\d{12}:.+$/.exec(token)) || [];
  if (kind === 'lambda' && where === region) return token as string;
  if (kind === 'lambda') {
    throw sendFailure(`Invalid service token: ${token} is in ${where}, and must be in the stack's Region ${region}.`);
  }
  if (kind === 'sns') {
    throw sendFailure(
      `The local cloud delivers requests to Lambda functions only: ServiceToken ${token} is an SNS topic. Name a function's ARN.`,
    );
  }
  throw sendFailure(`Invalid service token: ${JSON.stringify(token)} is not the ARN of a Lambda function.`);
}

/** Seconds. */
function timeoutOf({ ServiceTimeout: timeout }: Properties): number {
  if (timeout === undefined) return LONGEST;
  const seconds = Number(timeout);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= LONGEST) return seconds;
  throw sendFailure(`Invalid ServiceTimeout: ${JSON.stringify(timeout)} is not a whole number from 1 to ${LONGEST}.`);
}

function sendFailure(problem: string): ResourceFailure {
  return new ResourceFailure(problem, { unsent: true });
}
