import { AwsError } from '../../../errors.ts';
import type { Principal } from '../../../principal.ts';
import type { Call } from '../../../service.ts';
import { PhaseFailure } from './phases.ts';
import type { BuildRecord } from './records.ts';

/** A build's log. */
export interface BuildLog {
  write(line: string): void;
  /** Brings what was written to CloudWatch Logs. */
  flush(): Promise<void>;
}

/** Opens a build's log stream with the rights of its role. Throws PhaseFailure where the role may not. */
export async function openLog(
  build: BuildRecord,
  principal: Principal,
  secrets: string[],
  call: Call,
): Promise<BuildLog> {
  const { cloud, region, clock } = call;
  const config = build.logsConfig?.cloudWatchLogs;
  if (config?.status === 'DISABLED') return { write() {}, async flush() {} };
  const logGroupName = config?.groupName ?? `/aws/codebuild/${build.projectName}`;
  const own = build.id.split(':').at(-1)!;
  const logStreamName = config?.streamName ? `${config.streamName}/${own}` : own;
  const perform = (operation: string, input: Record<string, unknown>) =>
    cloud.call({ service: 'cloudwatch-logs', operation, input, principal, region });
  try {
    await openStream(perform, logGroupName, logStreamName);
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    const message = `Service role ${build.serviceRole} does not allow AWS CodeBuild to create Amazon CloudWatch Logs log streams for build ${build.arn}. Error message: ${cause.message}`;
    throw new PhaseFailure('ACCESS_DENIED', message, cause);
  }
  build.logs = { groupName: logGroupName, streamName: logStreamName, cloudWatchLogs: config };
  let lines: { timestamp: number; message: string }[] = [];
  return {
    write: (line) => lines.push({ timestamp: Math.floor(clock.now()), message: `${maskSecrets(line, secrets)}\n` }),
    async flush() {
      const logEvents = lines;
      lines = [];
      // A role that may make streams and not write to them has no log.
      if (logEvents.length > 0)
        await perform('PutLogEvents', { logGroupName, logStreamName, logEvents }).catch(ignoreAwsError);
    },
  };
}

async function openStream(
  perform: (operation: string, input: Record<string, unknown>) => Promise<unknown>,
  logGroupName: string,
  logStreamName: string,
): Promise<void> {
  try {
    await perform('CreateLogStream', { logGroupName, logStreamName });
  } catch (cause) {
    if (!(cause instanceof AwsError) || cause.name !== 'ResourceNotFoundException') throw cause;
    await perform('CreateLogGroup', { logGroupName });
    await perform('CreateLogStream', { logGroupName, logStreamName });
  }
}

/** As CodeBuild shows what comes from Parameter Store and Secrets Manager. */
function maskSecrets(line: string, secrets: string[]): string {
  return secrets.reduce((text, secret) => text.replaceAll(secret, '***'), line);
}

function ignoreAwsError(cause: unknown): void {
  if (!(cause instanceof AwsError)) throw cause;
}
