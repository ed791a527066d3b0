/** `npm run conform` asks an endpoint, or a real account, whether AWS does what the local cloud assumes of it. */
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { asksForHelp } from '../packages/local/src/command-line.ts';
import { openAccount } from './conform/account.ts';
import { type ConformOptions, conformHelp, isLocal, readOptions } from './conform/options.ts';
import { count, json, outcomeLines, plan, summary } from './conform/report.ts';
import { runScenarios } from './conform/run.ts';
import { scenarios } from './conform/scenarios/index.ts';

async function main(options: ConformOptions): Promise<number> {
  const { endpoint, profile, region = process.env.AWS_REGION ?? 'us-east-1' } = options;
  const interrupt = new AbortController();
  process.once('SIGINT', () => {
    console.log('Interrupted. What was created is removed …');
    interrupt.abort(new Error('the run was interrupted'));
  });
  const own = isLocal(endpoint) && process.env.AWS_ACCESS_KEY_ID === undefined;
  const account = await openAccount({
    config: {
      endpoint,
      profile,
      region,
      ...(own && { credentials: { accessKeyId: '000000000000', secretAccessKey: 'local' } }),
    },
    region,
    prefix: `conform-${randomBytes(3).toString('hex')}`,
    signal: interrupt.signal,
  });
  if (!isLocal(endpoint)) {
    console.log(plan(options.scenarios, account).join('\n'));
    if (!options.yes) {
      console.log('\nNothing was created. To run it, add --yes');
      return 1;
    }
  }
  const run = await runScenarios(
    options.scenarios,
    account,
    (outcome) => console.log(outcomeLines(outcome).join('\n')),
    interrupt.signal,
  );
  await mkdir(dirname(options.json), { recursive: true });
  await writeFile(options.json, json(run, { endpoint, region, account: account.identity.id }));
  console.log(['', ...summary(run), `The results are in ${options.json}`].join('\n'));
  return interrupt.signal.aborted || count(run, 'differs') > 0 || run.left.length > 0 ? 1 : 0;
}

try {
  const args = process.argv.slice(2);
  if (asksForHelp(args)) console.log(conformHelp);
  else process.exitCode = await main(readOptions(args, scenarios));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
