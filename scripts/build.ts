import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle } from './bundle.ts';
import { handlerNames, root } from './handlers.ts';
import { seedCodeNames, zipSeedCode } from './seed-code.ts';

const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(0)} KB`;

for (const name of handlerNames()) {
  const { zip, start } = await bundle(name);
  console.log(`dist/${name}.zip  ${kilobytes(zip)} (loads ${kilobytes(start)} at start)`);
}

for (const name of seedCodeNames()) {
  console.log(`dist/project-templates/${name}.zip  ${kilobytes(await zipSeedCode(name))}`);
}

// A stack within another takes its template from where the release is.
await cp(join(root, 'cloudformation/custom-image/image.yaml'), join(root, 'dist/custom-image/image.yaml'));
console.log('dist/custom-image/image.yaml');
