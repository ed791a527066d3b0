import * as Logs from '@aws-sdk/client-cloudwatch-logs';
import { scaledClock } from '../../packages/local/src/clock.ts';
import { createCloud } from '../../packages/local/src/create-cloud.ts';
import { authorise } from '../../packages/local/src/iam/authorise.ts';
import { processRunner } from '../../packages/local/src/lambda/process-runner.ts';
import { listen } from '../../packages/local/src/server.ts';
import type { Cloud, Service } from '../../packages/local/src/service.ts';
import { iam } from '../../packages/local/src/services/iam/index.ts';
import { createLambda } from '../../packages/local/src/services/lambda/index.ts';
import { logs } from '../../packages/local/src/services/logs/index.ts';
import { s3 } from '../../packages/local/src/services/s3/index.ts';
import { sts } from '../../packages/local/src/services/sts.ts';
import { Store } from '../../packages/local/src/store.ts';
import { account } from '../packages/local/function-cloud.ts';

/** A cloud on a socket that runs functions in processes, and whose time goes on by itself. */
export interface ScaledCloud {
  cloud: Cloud & { close(): void };
  options: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
  /** The messages of a function's log group. */
  messages(name: string): Promise<string[]>;
  close(): Promise<void>;
}

interface Options {
  /** How many times as fast as AWS time goes by. */
  speed: number;
  /** What the services take, as a multiple of what AWS takes. */
  durations: number;
  /** More services than a function itself needs. */
  services: Service[];
  /** The Jupyter server that presigned URLs lead to. */
  jupyter: string;
}

export async function scaledCloud({ speed, durations, services, jupyter }: Options): Promise<ScaledCloud> {
  const listener = await listen(0);
  const { endpoint } = listener;
  const clock = scaledClock(speed, Date.parse('2026-11-21T06:24:00Z'));
  const lambda = createLambda({ runner: processRunner(clock) });
  const cloud = createCloud({
    clock,
    store: new Store(),
    endpoint,
    durations,
    services: [lambda, iam, sts, s3, logs, ...services],
    authorise,
    jupyter,
  });
  listener.serve(cloud);
  const credentials = { accessKeyId: account, secretAccessKey: 'secret' };
  const options = { endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
  const client = new Logs.CloudWatchLogsClient(options);
  return {
    cloud,
    options,
    async messages(name) {
      const command = new Logs.FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}` });
      const { events = [] } = await client.send(command);
      return events.map(({ message }) => message ?? '');
    },
    async close() {
      client.destroy();
      cloud.close();
      await lambda.close();
      await listener.close();
    },
  };
}
