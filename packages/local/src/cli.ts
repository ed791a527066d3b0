#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { startLocalCloud } from './local.ts';
import { localArguments, readLocalArguments } from './options.ts';

try {
  const { values } = parseArgs({ options: localArguments });
  const local = await startLocalCloud(readLocalArguments(values));
  console.log(`The local cloud is at ${local.endpoint}, ${values.speed} times as fast as AWS. Ctrl-C stops it.`);
  const stop = async () => {
    await local.close();
    process.exit(0);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
