import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cloudformation } from '../../packages/local/src/cloudformation/service.ts';
import { createCloud } from '../../packages/local/src/create-cloud.ts';
import { ConnectionFault } from '../../packages/local/src/faults/connection-fault.ts';
import type { Rule } from '../../packages/local/src/faults/rule.ts';
import { handle } from '../../packages/local/src/http.ts';
import { authorise } from '../../packages/local/src/iam/authorise.ts';
import { ec2 } from '../../packages/local/src/services/ec2/index.ts';
import { efs } from '../../packages/local/src/services/efs/index.ts';
import { iam } from '../../packages/local/src/services/iam/index.ts';
import { createLambda } from '../../packages/local/src/services/lambda/index.ts';
import { logs } from '../../packages/local/src/services/logs/index.ts';
import { ram } from '../../packages/local/src/services/ram/index.ts';
import { s3 } from '../../packages/local/src/services/s3/index.ts';
import { sagemaker } from '../../packages/local/src/services/sagemaker/index.ts';
import { secretsManager } from '../../packages/local/src/services/secrets-manager/index.ts';
import { serviceCatalog } from '../../packages/local/src/services/service-catalog/index.ts';
import { sfn } from '../../packages/local/src/services/sfn/index.ts';
import { ssm } from '../../packages/local/src/services/ssm/index.ts';
import { sts } from '../../packages/local/src/services/sts.ts';
import type { Store } from '../../packages/local/src/store.ts';
import type { Send } from './http-module.ts';
import { type Randomness, randomness } from './randomness.ts';
import { simulatedRunner } from './runner.ts';
import type { VirtualTime } from './virtual-time.ts';
import { type Caller, callerOf, type World } from './world.ts';

/** Virtual milliseconds that a request takes on its way, and its answer on the way back. */
const transit = [1, 60] as const;

/** What makes one simulated cloud another than the next. */
export interface Setting {
  seed: number;
  /** How long the services take, as a multiple of what they take at AWS. */
  durations: number;
  rules: readonly Rule[];
}

/** The local cloud in this process, at virtual time: its functions run within it, and reach it without a socket. */
export class SimulatedCloud implements World {
  readonly time: VirtualTime;
  readonly store: Store;
  readonly cloud: ReturnType<typeof createCloud>;
  readonly call: Caller;
  readonly files = mkdtempSync(join(tmpdir(), 'studio-resources-chaos-files-'));

  constructor(time: VirtualTime, store: Store, { seed, durations, rules }: Setting) {
    const chance = randomness(seed);
    const send = this.#network(chance.fork('network'));
    const runner = simulatedRunner({ clock: time, randomness: chance.fork('functions'), send, files: this.files });
    const lambda = createLambda({ runner });
    this.time = time;
    this.store = store;
    this.cloud = createCloud({
      clock: time,
      store,
      endpoint: 'http://127.0.0.1:4566',
      services: [
        cloudformation,
        ec2,
        efs,
        iam,
        lambda,
        logs,
        ram,
        s3,
        sagemaker,
        secretsManager,
        serviceCatalog,
        sfn,
        ssm,
        sts,
      ],
      authorise,
      durations,
      faults: { rules, seed },
    });
    this.call = callerOf(this.cloud);
  }

  /** Ends it; what its functions wrote to files is gone then. */
  close(): void {
    this.cloud.close();
    rmSync(this.files, { recursive: true, force: true });
  }

  /** Carries a request to the cloud and its answer back, each of which takes its time. */
  #network(chance: Randomness): Send {
    return (request, reply) => {
      let connected = true;
      const answer = (one: Parameters<typeof reply>[0]) => {
        this.time.after(chance.between(...transit), () => {
          if (connected) reply(one);
        });
      };
      this.time.after(chance.between(...transit), () => {
        handle(this.cloud, request).then(
          (response) => {
            const date = new Date(this.time.now()).toUTCString();
            answer({ ...response, headers: { ...response.headers, date } });
          },
          (cause: Error) => {
            if (!(cause instanceof ConnectionFault)) throw cause;
            answer(Object.assign(new Error(cause.message), { code: cause.code }));
          },
        );
      });
      return () => {
        connected = false;
      };
    };
  }
}
