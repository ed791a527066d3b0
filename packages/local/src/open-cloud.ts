import type { Clock } from './clock.ts';
import { createCloud } from './create-cloud.ts';
import type { FaultPlan } from './faults/rule.ts';
import { authorise } from './iam/authorise.ts';
import type { FailedInvocation } from './lambda/executor.ts';
import { processRunner } from './lambda/process-runner.ts';
import { listen } from './server.ts';
import type { Cloud } from './service.ts';
import { allServices } from './services/all.ts';
import { createCodeBuild } from './services/ci/codebuild/index.ts';
import { followServices } from './services/eventbridge/bus.ts';
import { followCalls } from './services/eventbridge/trail.ts';
import { createLambda } from './services/lambda/index.ts';
import type { Store } from './store.ts';

/** What a cloud with a port and processes is made of. */
export interface OpenCloudOptions {
  /** On 127.0.0.1; 0 for any free one. */
  port: number;
  clock: Clock;
  store: Store;
  durations?: number;
  /** The directory with the files of file systems; a temporary one if left out. */
  files?: string;
  jupyter?: string;
  faults?: FaultPlan;
  onFailure: (failure: FailedInvocation) => void;
}

/** A cloud with a port and processes of its own. */
export interface OpenCloud {
  readonly cloud: Cloud;
  /** Answers requests from now on; earlier ones get 503 and are retried by clients. */
  serve(): void;
  /** Ends what runs, and frees the port. */
  close(): Promise<void>;
}

/** Opens a cloud that has every service. Throws when the port is taken, or a rule of the faults can never match. */
export async function openCloud({ port, onFailure, files, ...options }: OpenCloudOptions): Promise<OpenCloud> {
  const listener = await listen(port);
  const lambda = createLambda({ runner: processRunner(options.clock, { files }), onFailure });
  const codebuild = createCodeBuild();
  // In this order: requests stop first, then what runs is ended.
  const open: { close(): unknown }[] = [listener, lambda, codebuild];
  const close = async () => {
    for (const one of open) await one.close();
  };
  try {
    const cloud = createCloud({
      ...options,
      endpoint: listener.endpoint,
      servesStudio: true,
      services: allServices({ lambda, codebuild }),
      authorise,
    });
    open.push(cloud);
    followCalls(cloud);
    followServices(cloud);
    return { cloud, serve: () => listener.serve(cloud), close };
  } catch (cause) {
    await close();
    throw cause;
  }
}
