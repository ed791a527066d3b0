import { scaledClock } from './clock.ts';
import { cloudformation } from './cloudformation/service.ts';
import { createCloud } from './create-cloud.ts';
import { readFaults } from './faults/read.ts';
import { authorise } from './iam/authorise.ts';
import type { FailedInvocation } from './lambda/executor.ts';
import { processRunner } from './lambda/process-runner.ts';
import { keepState, loadState } from './persist.ts';
import { recordExchanges } from './record.ts';
import { listen } from './server.ts';
import { ec2 } from './services/ec2/index.ts';
import { efs } from './services/efs/index.ts';
import { iam } from './services/iam/index.ts';
import { createLambda } from './services/lambda/index.ts';
import { logs } from './services/logs/index.ts';
import { s3 } from './services/s3/index.ts';
import { sagemaker } from './services/sagemaker/index.ts';
import { secretsManager } from './services/secrets-manager/index.ts';
import { serviceCatalog } from './services/service-catalog/index.ts';
import { sfn } from './services/sfn/index.ts';
import { ssm } from './services/ssm/index.ts';
import { sts } from './services/sts.ts';
import { Store } from './store.ts';

/** How the local cloud is started. */
export interface LocalCloudOptions {
  /** On 127.0.0.1; 0 for any free one. */
  port: number;
  /** How many times as fast as AWS time goes by. */
  speed: number;
  /** What the services take, as a multiple of what AWS takes; 1 if left out. */
  durations?: number;
  /** The file that each exchange is appended to, a JSON line each. */
  record?: string;
  /** The directory that keeps the state from one start to the next. */
  persist?: string;
  /** The file with the rules by which faults are injected. */
  faults?: string;
  /** Decides where faults strike; 1 if left out. */
  seed?: number;
  /** Called with the log lines of an invocation that failed; printed to the error output if left out. */
  onFunctionFailure?: (lines: string[]) => void;
}

/** A local cloud that serves. */
export interface LocalCloud {
  readonly endpoint: string;
  /** Ends what runs, keeps the state where asked, and frees the port. */
  close(): Promise<void>;
}

/**
 * Starts the local cloud. Throws when the port is taken, the kept state or the record cannot be read or written, or the
 * faults are not such as can be injected.
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const {
    port,
    speed,
    durations,
    record,
    persist,
    faults,
    seed,
    onFunctionFailure = (lines) => console.error(lines.join('\n')),
  } = options;
  const rules = faults ? await readFaults(faults) : [];
  const store = new Store();
  const clock = scaledClock(speed, persist ? await loadState(persist, store) : undefined);
  const listener = await listen(port);
  // In the order in which they are closed: nothing is answered, run or recorded once the state is kept.
  const open: { close(): unknown }[] = [];
  const close = async () => {
    for (const one of open) await one.close();
  };
  try {
    const lambda = createLambda({
      runner: processRunner(clock),
      onFailure: (failure) => onFunctionFailure(describe(failure)),
    });
    open.unshift(listener, lambda);
    const cloud = createCloud({
      clock,
      store,
      endpoint: listener.endpoint,
      durations,
      services: [
        cloudformation,
        ec2,
        efs,
        iam,
        lambda,
        logs,
        s3,
        sagemaker,
        secretsManager,
        serviceCatalog,
        sfn,
        ssm,
        sts,
      ],
      authorise,
      faults: { rules, seed },
    });
    open.push(cloud);
    if (persist) open.splice(2, 0, await keepState(persist, cloud));
    if (record) open.splice(2, 0, await recordExchanges(record, cloud));
    listener.serve(cloud);
  } catch (cause) {
    await close();
    throw cause;
  }
  return { endpoint: listener.endpoint, close };
}

function describe({ functionArn, requestId, errorType, lines }: FailedInvocation): string[] {
  return [
    `${functionArn.split(':').at(-1)} failed (${errorType}, request ${requestId}):`,
    ...lines.map((line) => `  ${line}`),
  ];
}
