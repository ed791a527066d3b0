import * as Logs from '@aws-sdk/client-cloudwatch-logs';
import * as Lambda from '@aws-sdk/client-lambda';
import { createCloud } from '../../packages/local/src/create-cloud.ts';
import type { Rule } from '../../packages/local/src/faults/rule.ts';
import { authorise } from '../../packages/local/src/iam/authorise.ts';
import type { FailedInvocation } from '../../packages/local/src/lambda/executor.ts';
import { processRunner } from '../../packages/local/src/lambda/process-runner.ts';
import type { Runner } from '../../packages/local/src/lambda/runner.ts';
import { accountPrincipal } from '../../packages/local/src/principal.ts';
import { listen } from '../../packages/local/src/server.ts';
import type { Cloud } from '../../packages/local/src/service.ts';
import { iam } from '../../packages/local/src/services/iam/index.ts';
import { createLambda } from '../../packages/local/src/services/lambda/index.ts';
import { logs } from '../../packages/local/src/services/logs/index.ts';
import { sts } from '../../packages/local/src/services/sts.ts';
import { Store } from '../../packages/local/src/store.ts';
import { policyOf, trusting } from '../packages/local/authorised-cloud.ts';
import { type Answer, account, answerIn, creationOf, type Files } from '../packages/local/function-cloud.ts';
import { VirtualClock } from '../packages/local/virtual-clock.ts';
import { eventually } from './processes.ts';

/** A cloud on a socket that runs functions in processes, at a time that moves only when the test moves it. */
export interface FunctionProcesses {
  cloud: Cloud;
  clock: VirtualClock;
  lambda: Lambda.LambdaClient;
  options: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
  /** What the terminal would show. */
  failures: FailedInvocation[];
  /** Makes a function of these files, which is active then. */
  create(name: string, files: Files, more?: Partial<Lambda.CreateFunctionCommandInput>): Promise<void>;
  /** Invokes it and reads its JSON answer. */
  invoke(name: string, event?: unknown, more?: Partial<Lambda.InvokeCommandInput>): Promise<Answer>;
  /** Invokes it, and lets so many virtual milliseconds pass once it has written the text. */
  invokeAndPass(name: string, text: string, ms: number, event?: unknown): Promise<Answer>;
  /** What the function's processes have written so far. */
  written(name: string): string;
  /** The messages of a function's log group. */
  messages(name: string): Promise<string[]>;
  close(): Promise<void>;
}

interface Options {
  /** How fast the functions' own time goes by. */
  speed?: number;
  /** Real milliseconds; a minute if left out, so that no machine is too slow. */
  initTimeout?: number;
  faults?: Rule[];
}

/** Virtual milliseconds in which a function's creation or update is through. */
const settled = 2000;

export async function functionProcesses({ speed, initTimeout = 60_000, faults = [] }: Options = {}) {
  const failures: FailedInvocation[] = [];
  const listener = await listen(0);
  const { endpoint } = listener;
  const clock = new VirtualClock(speed);
  const written = new Map<string, string>();
  const processes = processRunner(clock, { initTimeout });
  const runner: Runner = {
    ...processes,
    start: (spec, log) =>
      processes.start(spec, (entry) => {
        written.set(spec.functionName, `${result.written(spec.functionName)}${entry.message}\n`);
        log(entry);
      }),
  };
  const service = createLambda({ runner, onFailure: (one) => failures.push(one) });
  const services = [service, iam, sts, logs];
  const cloud = createCloud({ clock, store: new Store(), endpoint, services, authorise, faults: { rules: faults } });
  listener.serve(cloud);
  const as = { principal: accountPrincipal(account), region: 'us-east-1' };
  const AssumeRolePolicyDocument = trusting({ Service: 'lambda.amazonaws.com' });
  await cloud.invoke(iam, 'CreateRole', { RoleName: 'function', AssumeRolePolicyDocument }, as);
  const PolicyDocument = policyOf({ Effect: 'Allow', Action: '*', Resource: '*' });
  await cloud.invoke(iam, 'PutRolePolicy', { RoleName: 'function', PolicyName: 'rights', PolicyDocument }, as);
  const credentials = { accessKeyId: account, secretAccessKey: 'secret' };
  const options = { endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
  const clients = { lambda: new Lambda.LambdaClient(options), logs: new Logs.CloudWatchLogsClient(options) };

  const result: FunctionProcesses = {
    cloud,
    clock,
    lambda: clients.lambda,
    options,
    failures,
    async create(name, files, more) {
      await clients.lambda.send(creationOf(name, files, more));
      await clock.pass(settled);
    },
    async invoke(name, event, more) {
      const Payload = event === undefined ? undefined : JSON.stringify(event);
      const command = new Lambda.InvokeCommand({ FunctionName: name, Payload, LogType: 'Tail', ...more });
      return answerIn(await clients.lambda.send(command));
    },
    async invokeAndPass(name, text, ms, event) {
      const answer = result.invoke(name, event);
      let isAnswered = false;
      const end = () => {
        isAnswered = true;
      };
      answer.then(end, end);
      await eventually(() => isAnswered || result.written(name).includes(text) || undefined);
      // Once is enough where the function is at work; one that still loads has its time later.
      await eventually(async () => {
        await clock.pass(ms);
        return isAnswered || undefined;
      });
      return answer;
    },
    written: (name) => written.get(name) ?? '',
    async messages(name) {
      const command = new Logs.FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}` });
      const { events = [] } = await clients.logs.send(command);
      return events.map(({ message }) => message ?? '');
    },
    async close() {
      for (const client of Object.values(clients)) client.destroy();
      cloud.close();
      await service.close();
      await listener.close();
    },
  };
  return result;
}
