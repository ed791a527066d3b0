import type * as Lambda from '@aws-sdk/client-lambda';
import { inlinePackage } from '../../lambda/inline-package.ts';
import { type Caller, type ResourceContext, ResourceFailure } from '../resources/resource-type.ts';
import { nativeType, tagChanges, tagMap } from './native-type.ts';
import { asIn, list, mapOf, number, optional, required, struct, tags, text } from './property.ts';
import { pollUntil, serviceClient, undefinedIfNotFound } from './service-client.ts';

export const lambdaClient = (caller: Caller) => serviceClient<typeof Lambda>(caller, 'lambda');

const code = struct({
  S3Bucket: optional(text),
  S3Key: optional(text),
  S3ObjectVersion: optional(text),
  /** The source itself, of a function with one file. */
  ZipFile: optional(text),
});

type Code = ReturnType<typeof code>;

const lambdaFunction = nativeType({
  type: 'AWS::Lambda::Function',
  properties: {
    Architectures: optional(list(text)),
    Code: required(code),
    CodeSigningConfigArn: optional(text),
    DeadLetterConfig: optional(asIn<Lambda.DeadLetterConfig>()),
    Description: optional(text),
    Environment: optional(struct({ Variables: optional(mapOf(text)) })),
    EphemeralStorage: optional(asIn<Lambda.EphemeralStorage>()),
    FileSystemConfigs: optional(asIn<Lambda.FileSystemConfig[]>()),
    FunctionName: optional(text, 'replaces'),
    Handler: optional(text),
    KmsKeyArn: optional(text),
    Layers: optional(list(text)),
    LoggingConfig: optional(asIn<Lambda.LoggingConfig>()),
    MemorySize: optional(number),
    PackageType: optional(text, 'replaces'),
    ReservedConcurrentExecutions: optional(number),
    Role: required(text),
    Runtime: optional(text),
    Tags: optional(tags),
    Timeout: optional(number),
    TracingConfig: optional(asIn<Lambda.TracingConfig>()),
    VpcConfig: optional(asIn<Lambda.VpcConfig>()),
  },
  async create(values, context) {
    const lambda = lambdaClient(context);
    const {
      Code,
      Tags,
      FunctionName: given,
      ReservedConcurrentExecutions,
      Architectures,
      PackageType,
      KmsKeyArn: KMSKeyArn,
      ...rest
    } = values;
    const FunctionName = given ?? context.inventName(64);
    await lambda('CreateFunction', {
      ...rest,
      Runtime: rest.Runtime as Lambda.Runtime | undefined,
      Architectures: Architectures as Lambda.Architecture[] | undefined,
      PackageType: PackageType as Lambda.PackageType | undefined,
      KMSKeyArn,
      FunctionName,
      Code: codeOf(Code, values),
      Tags: Tags?.length ? tagMap(Tags) : undefined,
    });
    context.initiated(FunctionName);
    await waitUntilActive(FunctionName, context);
    if (ReservedConcurrentExecutions !== undefined) {
      await lambda('PutFunctionConcurrency', { FunctionName, ReservedConcurrentExecutions });
    }
    return functionMade(FunctionName, context);
  },
  async update({ physicalId: FunctionName, values, old, changed }, context) {
    const lambda = lambdaClient(context);
    if (changed.has('Code') || changed.has('Architectures')) {
      const Architectures = values.Architectures as Lambda.Architecture[] | undefined;
      await lambda('UpdateFunctionCode', { FunctionName, Architectures, ...codeOf(values.Code, values) });
      await waitUntilActive(FunctionName, context);
    }
    if (changed.has('CodeSigningConfigArn')) {
      const { CodeSigningConfigArn } = values;
      if (CodeSigningConfigArn === undefined) await lambda('DeleteFunctionCodeSigningConfig', { FunctionName });
      else await lambda('PutFunctionCodeSigningConfig', { FunctionName, CodeSigningConfigArn });
    }
    const configuration = configurationOf(values, changed);
    if (Object.keys(configuration).length > 0) {
      await lambda('UpdateFunctionConfiguration', { FunctionName, ...configuration });
      await waitUntilActive(FunctionName, context);
    }
    if (changed.has('ReservedConcurrentExecutions')) {
      const { ReservedConcurrentExecutions } = values;
      if (ReservedConcurrentExecutions === undefined) await lambda('DeleteFunctionConcurrency', { FunctionName });
      else await lambda('PutFunctionConcurrency', { FunctionName, ReservedConcurrentExecutions });
    }
    const made = await functionMade(FunctionName, context);
    const { set, gone } = tagChanges(values.Tags, old.Tags);
    const Resource = made.attributes.Arn;
    if (gone.length > 0) await lambda('UntagResource', { Resource, TagKeys: gone });
    if (set.length > 0) await lambda('TagResource', { Resource, Tags: tagMap(set) });
    return made;
  },
  async delete(FunctionName, _, context) {
    await undefinedIfNotFound(lambdaClient(context)('DeleteFunction', { FunctionName }));
  },
});

/** Where the code is; source in the template becomes a package. */
function codeOf({ ZipFile, ...location }: Code, { Runtime }: { Runtime?: string }) {
  if (ZipFile === undefined) return location;
  return { ZipFile: inlinePackage(ZipFile, Runtime) };
}

/** What a property that is taken out of the template goes back to. */
const DEFAULTS = {
  DeadLetterConfig: {},
  Description: '',
  Environment: {},
  EphemeralStorage: { Size: 512 },
  FileSystemConfigs: [],
  Handler: undefined,
  KmsKeyArn: '',
  Layers: [],
  LoggingConfig: { LogFormat: 'Text' },
  MemorySize: 128,
  Role: undefined,
  Runtime: undefined,
  Timeout: 3,
  TracingConfig: { Mode: 'PassThrough' },
  VpcConfig: { SubnetIds: [], SecurityGroupIds: [] },
} as const;

function configurationOf(values: Partial<Record<string, unknown>>, changed: ReadonlySet<string>) {
  const names = Object.keys(DEFAULTS).filter((name) => changed.has(name)) as (keyof typeof DEFAULTS)[];
  // The API spells this one in another way.
  const spelled = (name: string) => (name === 'KmsKeyArn' ? 'KMSKeyArn' : name);
  return Object.fromEntries(names.map((name) => [spelled(name), values[name] ?? DEFAULTS[name]]));
}

/** Waits until the function is neither being made nor being changed. */
async function waitUntilActive(FunctionName: string, context: ResourceContext): Promise<void> {
  await pollUntil(context, 1, async () => {
    const state = await lambdaClient(context)('GetFunctionConfiguration', { FunctionName });
    if (state.State === 'Failed') throw new ResourceFailure(`Lambda function ${FunctionName}: ${state.StateReason}`);
    if (state.LastUpdateStatus === 'Failed') {
      throw new ResourceFailure(`Lambda function ${FunctionName}: ${state.LastUpdateStatusReason}`);
    }
    return state.State === 'Pending' || state.LastUpdateStatus === 'InProgress' ? undefined : state;
  });
}

async function functionMade(FunctionName: string, context: ResourceContext) {
  const { FunctionArn } = await lambdaClient(context)('GetFunctionConfiguration', { FunctionName });
  return { physicalId: FunctionName, attributes: { Arn: FunctionArn } };
}

export const functionTypes = [lambdaFunction];
