import { buildZips } from './build-zips.ts';

const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(0)} KB`;

for await (const { path, zip, start } of buildZips()) {
  console.log(`${path}  ${kilobytes(zip)}${start === undefined ? '' : ` (loads ${kilobytes(start)} at start)`}`);
}
