import { scaledClock } from './clock.ts';
import { readFaults } from './faults/read.ts';
import type { FailedInvocation } from './lambda/executor.ts';
import { openCloud } from './open-cloud.ts';
import { keepState, loadState } from './persist.ts';
import { recordExchanges } from './record.ts';
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
  /** The directory with the files of the file systems that functions mount; a temporary one if left out. */
  files?: string;
  /** The file with the rules by which faults are injected. */
  faults?: string;
  /** Decides where faults are injected; 1 if left out. */
  seed?: number;
  /** The Jupyter server that presigned URLs of Studio lead to, such as `http://127.0.0.1:8888`. */
  jupyter?: string;
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
    files,
    faults,
    seed,
    jupyter,
    onFunctionFailure = (lines) => console.error(lines.join('\n')),
  } = options;
  const rules = faults ? await readFaults(faults) : [];
  const store = new Store();
  const clock = scaledClock(speed, persist ? await loadState(persist, store) : undefined);
  const opened = await openCloud({
    port,
    clock,
    store,
    durations,
    files,
    jupyter,
    faults: { rules, seed },
    onFailure: (failure) => onFunctionFailure(describe(failure)),
  });
  // In the order in which they are closed: nothing is answered, run or recorded once the state is kept.
  const open: { close(): unknown }[] = [opened];
  const close = async () => {
    for (const one of open) await one.close();
  };
  try {
    if (record) open.push(await recordExchanges(record, opened.cloud));
    if (persist) open.push(await keepState(persist, opened.cloud));
    opened.serve();
  } catch (cause) {
    await close();
    throw cause;
  }
  return { endpoint: opened.cloud.endpoint, close };
}

function describe({ functionArn, requestId, errorType, lines }: FailedInvocation): string[] {
  return [
    `${functionArn.split(':').at(-1)} failed (${errorType}, request ${requestId}):`,
    ...lines.map((line) => `  ${line}`),
  ];
}
