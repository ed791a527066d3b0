/** `npm run deploy` deploys a template as a stack, in an account or a local cloud, and shows before what will change. */
import { setTimeout as sleep } from 'node:timers/promises';
import { asksForHelp } from '../packages/local/src/command-line.ts';
import { isLocal } from './conform/options.ts';
import { askAt } from './deploy/ask.ts';
import { deployHelp, readOptions } from './deploy/options.ts';
import { deploy } from './deploy/run.ts';
import { changeLines } from './deploy/show.ts';
import { account, clientsOf } from './start/clients.ts';
import { createView } from './start/view.ts';

async function main(args: string[]): Promise<number> {
  if (asksForHelp(args)) {
    console.log(deployHelp);
    return 0;
  }
  const options = readOptions(args);
  const { profile } = options;
  const endpoint = options.endpoint ?? process.env.AWS_ENDPOINT_URL;
  const local = isLocal(endpoint);
  const given = options.region ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
  const region = given ?? (local ? 'us-east-1' : undefined);
  const isOwn = local && process.env.AWS_ACCESS_KEY_ID === undefined && profile === undefined;
  const credentials = { accessKeyId: account, secretAccessKey: 'local' };
  const clients = clientsOf({ endpoint, profile, region, ...(isOwn && { credentials }) });
  return deploy(options, {
    clients,
    view: createView(process.stdout),
    ask: askAt(process.stdin, process.stdout),
    pause: (signal) => sleep(local ? 150 : 3000, undefined, { signal }),
    interruption() {
      const interrupt = new AbortController();
      // Not only once: npm passes on the signal that the terminal has sent to this process as well.
      process.on('SIGINT', () => interrupt.abort());
      return interrupt.signal;
    },
    show: changeLines,
  });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
