import { bundle } from './bundle.ts';
import { handlerNames } from './handlers.ts';

for (const name of handlerNames()) {
  const { zip, start } = await bundle(name);
  const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(0)} KB`;
  console.log(`dist/${name}.zip  ${kilobytes(zip)} (loads ${kilobytes(start)} at start)`);
}
