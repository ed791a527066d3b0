/**
 * Puts AWS's runtime client, with its licence and notices, into what is packed of packages/local: `runtime-client.ts dist`.
 * As a dependency, it would compile a native part on installation, which takes a C++ toolchain and is not used.
 */
import { cp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const [dist] = process.argv.slice(2);
if (!dist) throw new Error('Packing the runtime client: name the directory of the compiled code');
const from = dirname(createRequire(import.meta.url).resolve('aws-lambda-ric'));
for (const file of ['index.mjs', 'LICENSE', 'NOTICE', 'THIRD-PARTY-LICENSES']) {
  await cp(join(from, file), join(dist, 'lambda/aws-lambda-ric', file));
}
