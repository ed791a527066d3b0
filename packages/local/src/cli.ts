#!/usr/bin/env node
import { asksForHelp } from './command-line.ts';
import { startLocalCloud } from './local.ts';
import { localHelp, readLocalCommandLine } from './options.ts';
import { untilStopped } from './stopped.ts';

async function main(args: string[]): Promise<void> {
  if (asksForHelp(args)) {
    console.log(localHelp);
    return;
  }
  const stopped = untilStopped();
  const options = readLocalCommandLine(args);
  const local = await startLocalCloud(options);
  console.log(`The local cloud is at ${local.endpoint}, ${options.speed} times as fast as AWS. Ctrl-C stops it.`);
  await stopped;
  await local.close();
}

try {
  await main(process.argv.slice(2));
  process.exit(0);
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
