import type { Clock } from './clock.ts';
import type { Cloud } from './cloud.ts';
import { cloudformation } from './cloudformation/service.ts';
import { createCloud } from './create-cloud.ts';
import type { FaultPlan } from './faults/rule.ts';
import { authorise } from './iam/authorise.ts';
import type { FailedInvocation } from './lambda/executor.ts';
import { processRunner } from './lambda/process-runner.ts';
import { listen } from './server.ts';
import { cloudtrail } from './services/cloudtrail/index.ts';
import { createCodeBuild } from './services/codebuild/index.ts';
import { codecommit } from './services/codecommit/index.ts';
import { codepipeline } from './services/codepipeline/index.ts';
import { ec2 } from './services/ec2/index.ts';
import { ecr } from './services/ecr/index.ts';
import { efs } from './services/efs/index.ts';
import { followServices } from './services/eventbridge/bus.ts';
import { eventbridge } from './services/eventbridge/index.ts';
import { followCalls } from './services/eventbridge/trail.ts';
import { iam } from './services/iam/index.ts';
import { createLambda } from './services/lambda/index.ts';
import { logs } from './services/logs/index.ts';
import { ram } from './services/ram/index.ts';
import { s3 } from './services/s3/index.ts';
import { sagemaker } from './services/sagemaker/index.ts';
import { secretsManager } from './services/secrets-manager/index.ts';
import { serviceCatalog } from './services/service-catalog/index.ts';
import { sfn } from './services/sfn/index.ts';
import { sns } from './services/sns/index.ts';
import { ssm } from './services/ssm/index.ts';
import { sts } from './services/sts.ts';
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
  /** Answers requests from now on; whoever comes before is told to come again. */
  serve(): void;
  /** Ends what runs, and frees the port. */
  close(): Promise<void>;
}

/** Opens a cloud that has every service. Throws when the port is taken, or a rule of the faults could never strike. */
export async function openCloud({ port, onFailure, files, ...options }: OpenCloudOptions): Promise<OpenCloud> {
  const listener = await listen(port);
  const lambda = createLambda({ runner: processRunner(options.clock, { files }), onFailure });
  const codebuild = createCodeBuild();
  // In this order: nothing is answered any more while what runs is ended.
  const open: { close(): unknown }[] = [listener, lambda, codebuild];
  const close = async () => {
    for (const one of open) await one.close();
  };
  try {
    const cloud = createCloud({
      ...options,
      endpoint: listener.endpoint,
      services: [
        cloudformation,
        cloudtrail,
        codebuild,
        codecommit,
        codepipeline,
        ec2,
        ecr,
        efs,
        eventbridge,
        iam,
        lambda,
        logs,
        ram,
        s3,
        sagemaker,
        secretsManager,
        serviceCatalog,
        sfn,
        sns,
        ssm,
        sts,
      ],
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
