import { readFile } from 'node:fs/promises';
import { unzipSync } from 'fflate';
import { seedCodeNames, seedCodePath, zipSeedCode } from '../../scripts/seed-code.ts';

test.each(seedCodeNames())(
  'the zip of the seed code for %s has its files, and the same bytes each time',
  async (name) => {
    await zipSeedCode(name);
    const first = await readFile(seedCodePath(name));
    await zipSeedCode(name);
    expect(await readFile(seedCodePath(name))).toEqual(first);
    const files = Object.keys(unzipSync(first));
    expect(files).toEqual(expect.arrayContaining(['README.md', 'buildspec.yml']));
    expect(files.filter((file) => file.includes('__pycache__'))).toEqual([]);
  },
);
