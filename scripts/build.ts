import { BuildMemory } from './build-memory.ts';
import { bundle } from './bundle.ts';
import { handlerNames } from './handlers.ts';
import { seedCodeNames, zipSeedCode } from './seed-code.ts';

const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(0)} KB`;

const memory = new BuildMemory();

for (const name of handlerNames()) {
  const { zip, start } = await bundle(name, memory);
  console.log(`dist/${name}.zip  ${kilobytes(zip)} (loads ${kilobytes(start)} at start)`);
}

for (const name of seedCodeNames()) {
  console.log(`dist/project-templates/${name}.zip  ${kilobytes(await zipSeedCode(name))}`);
}
