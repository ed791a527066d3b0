import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { Credentials } from '../iam/credentials.ts';

/** The variables that Lambda sets, and that no function may. */
export const reservedVariables: ReadonlySet<string> = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
]);

export interface VariableSources {
  region: string;
  /** Where the function's clients reach the local cloud. */
  endpoint: string;
  credentials: Credentials;
  logStream: string;
}

/** A function's environment as on Lambda, and the one variable that sends its AWS clients to the local cloud. */
export function environmentVariables(
  configuration: FunctionConfiguration,
  { region, endpoint, credentials, logStream }: VariableSources,
): Record<string, string> {
  const { LoggingConfig: logging } = configuration;
  return {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    AWS_ENDPOINT_URL: endpoint,
    ...configuration.Environment?.Variables,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.Runtime}`,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_FUNCTION_NAME: configuration.FunctionName!,
    AWS_LAMBDA_FUNCTION_VERSION: configuration.Version!,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.MemorySize),
    AWS_LAMBDA_LOG_GROUP_NAME: logging?.LogGroup ?? `/aws/lambda/${configuration.FunctionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    ...(logging?.LogFormat === 'JSON' && {
      AWS_LAMBDA_LOG_FORMAT: 'JSON',
      AWS_LAMBDA_LOG_LEVEL: logging.ApplicationLogLevel ?? 'INFO',
    }),
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
  };
}
