/**
 * `npm run managed-policies -- --from FILE` writes what the local cloud knows of AWS's managed policies. Any account has the
 * file, and it is the same in all of them:
 *
 *     aws iam get-account-authorization-details --filter AWSManagedPolicy > policies.json
 *     npm run managed-policies -- --from policies.json
 *
 * A policy that is in the account's answer no more, because AWS has withdrawn it, goes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { managedPolicyLines } from './managed-policies/lines.ts';

const target = new URL('../packages/local/data/managed-policies.jsonl', import.meta.url);
const { from } = parseArgs({ options: { from: { type: 'string' } } }).values;
if (from === undefined) {
  console.error("Writing AWS's managed policies: name the file with --from, as scripts/managed-policies.ts says");
  process.exitCode = 1;
} else {
  const lines = managedPolicyLines(JSON.parse(readFileSync(from, 'utf8')));
  writeFileSync(target, `${lines.join('\n')}\n`);
  console.log(`${lines.length} policies`);
}
