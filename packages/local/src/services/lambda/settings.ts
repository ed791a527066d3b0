import type {
  CreateFunctionRequest,
  FunctionConfiguration,
  LoggingConfig,
  UpdateFunctionConfigurationRequest,
} from '@aws-sdk/client-lambda';
import { reservedVariables } from '../../lambda/variables.ts';
import { checkMost, invalidParameter } from './errors.ts';

type Request = Partial<CreateFunctionRequest> & Partial<UpdateFunctionConfigurationRequest>;

/** The runtimes that Lambda still creates functions for, and that the machine's Node or Python can stand in for; by language. */
const runtimes: Record<string, readonly string[]> = {
  nodejs: ['nodejs24.x', 'nodejs22.x'],
  python: ['python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'],
};

/** Members of the API that would change what runs here, and that nothing here does. */
const unsupported = [
  'ImageConfig',
  'CodeSigningConfigArn',
  'CapacityProviderConfig',
  'DurableConfig',
  'TenancyConfig',
  'PublishTo',
] as const;

/** Checks what CreateFunction and UpdateFunctionConfiguration have in common. Throws as Lambda does. */
export function checkSettings(request: Request): void {
  // The service model has the limits of functions on instances of one's own.
  checkMost(request.Timeout, 'timeout', 900);
  checkMost(request.MemorySize, 'memorySize', 10_240);
  checkMost(request.EphemeralStorage?.Size, 'ephemeralStorage.size', 10_240);
  if (request.Runtime !== undefined) checkRuntime(request.Runtime);
  checkVariables(request.Environment?.Variables ?? {});
  checkSupported(request);
}

function checkRuntime(runtime: string): void {
  const language = runtimes[/^[a-z]*/.exec(runtime)![0]];
  if (language?.includes(runtime)) return;
  throw invalidParameter(
    language
      ? `The runtime parameter of ${runtime} is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime (${language[0]}) while creating or updating functions.`
      : `The local cloud runs functions for ${Object.values(runtimes).flat().join(', ')}, not for ${runtime}.`,
  );
}

function checkVariables(variables: Record<string, string>): void {
  const unable =
    'Lambda was unable to configure your environment variables because the environment variables you have provided';
  const reserved = Object.keys(variables).filter((name) => reservedVariables.has(name));
  if (reserved.length > 0) {
    throw invalidParameter(
      `${unable} contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  }
  const text = JSON.stringify(variables);
  if (Buffer.byteLength(text) > 4096) {
    throw invalidParameter(`${unable} exceeded the 4KB limit. String measured: ${text.slice(0, 256)}…`);
  }
}

function checkSupported(request: Request): void {
  for (const name of unsupported) {
    const value = request[name];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    throw invalidParameter(`The local cloud does not support ${name}. Leave it out, and bundle what the code needs.`);
  }
  if (request.PackageType && request.PackageType !== 'Zip') {
    throw invalidParameter('The local cloud runs functions of PackageType Zip only.');
  }
  if (request.DeadLetterConfig?.TargetArn) {
    throw invalidParameter('The local cloud has no queues and topics: use an OnFailure destination instead.');
  }
  if (request.SnapStart?.ApplyOn === 'PublishedVersions') {
    throw invalidParameter(`${request.Runtime ?? 'nodejs24.x'} is not supported for SnapStart enabled functions.`);
  }
}

/** The members that a request sets, as GetFunctionConfiguration shows them. */
export function appliedSettings(request: Request, name: string): Partial<FunctionConfiguration> {
  const { Runtime, Role, Handler, Description, Timeout, MemorySize, KMSKeyArn, EphemeralStorage } = request;
  const settings: Partial<FunctionConfiguration> = {
    Runtime,
    Role,
    Handler,
    Description,
    Timeout,
    MemorySize,
    KMSKeyArn,
    EphemeralStorage,
    FileSystemConfigs: request.FileSystemConfigs,
    TracingConfig: request.TracingConfig && { Mode: request.TracingConfig.Mode ?? 'PassThrough' },
    LoggingConfig: request.LoggingConfig && loggingConfig(request.LoggingConfig, name),
    Environment: request.Environment && { Variables: request.Environment.Variables ?? {} },
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

export function loggingConfig(given: LoggingConfig, name: string): LoggingConfig {
  const LogGroup = given.LogGroup ?? `/aws/lambda/${name}`;
  if (given.LogFormat !== 'JSON') {
    if (given.ApplicationLogLevel || given.SystemLogLevel) {
      throw invalidParameter('Log level can only be set when the log format is JSON.');
    }
    return { LogFormat: 'Text', LogGroup };
  }
  const { ApplicationLogLevel = 'INFO', SystemLogLevel = 'INFO' } = given;
  return { LogFormat: 'JSON', ApplicationLogLevel, SystemLogLevel, LogGroup };
}
