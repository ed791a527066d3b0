import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { unzipSync } from 'fflate';
import { handlerNames, root, zipPath } from '../../../scripts/handlers.ts';
import { seedCodeNames } from '../../../scripts/seed-code.ts';

interface Component {
  type: string;
  name: string;
  group?: string;
  version: string;
  'bom-ref': string;
  hashes?: { content: string }[];
}

const read = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));
const bom: { components: Component[]; dependencies: { ref: string; dependsOn?: string[] }[] } =
  read('dist/sbom.cdx.json');

test.each(handlerNames())('the zip of %s has code, licences and nothing else', (name) => {
  const files = Object.keys(unzipSync(readFileSync(zipPath(name))));
  expect(files).toEqual(expect.arrayContaining(['LICENSE', 'THIRD-PARTY-LICENSES', 'index.mjs']));
  expect(files.filter((file) => !/^(LICENSE|THIRD-PARTY-LICENSES|[\w-]+\.mjs)$/.test(file))).toEqual([]);
});

test.each(handlerNames())('the bill of materials has the packages of %s whose licences its zip has', (name) => {
  const licenses = Buffer.from(unzipSync(readFileSync(zipPath(name)))['THIRD-PARTY-LICENSES']!).toString();
  const inZip = [...licenses.matchAll(/^((?:@[\w-]+\/)?[\w.-]+ \d[\w.-]*) \([\w.-]+\)$/gm)].map(([, id]) => id!);
  const { dependsOn = [] } = bom.dependencies.find(({ ref }) => ref === `${name}.zip`)!;
  const listed = bom.components
    .filter((one) => dependsOn.includes(one['bom-ref']))
    .map(({ group, name: short, version }) => `${group ? `${group}/` : ''}${short} ${version}`);
  expect(listed.toSorted()).toEqual([...new Set(inZip)].toSorted());
  expect(listed.length).toBeGreaterThan(5);
});

test('the bill of materials has every zip with its digest, and is valid CycloneDX 1.6', () => {
  const zips = [...handlerNames(), ...seedCodeNames().map((name) => `project-templates/${name}`)];
  const digests = zips.map((name) => [
    `${name}.zip`,
    createHash('sha256')
      .update(readFileSync(join(root, 'dist', `${name}.zip`)))
      .digest('hex'),
  ]);
  const files = bom.components.filter(({ type }) => type === 'file');
  expect(Object.fromEntries(files.map(({ name, hashes }) => [name, hashes![0]!.content]))).toEqual(
    Object.fromEntries(digests),
  );
  const schemas = 'node_modules/@cyclonedx/cyclonedx-library/res/schema';
  const ajv = new Ajv.default({ strict: false, validateFormats: false });
  for (const each of ['spdx', 'jsf-0.82', 'cryptography-defs'])
    ajv.addSchema({
      ...read(`${schemas}/${each}.SNAPSHOT.schema.json`),
      $id: `http://cyclonedx.org/schema/${each}.SNAPSHOT.schema.json`,
    });
  const isValid = ajv.compile(read(`${schemas}/bom-1.6.SNAPSHOT.schema.json`));
  expect([isValid(bom), isValid.errors]).toEqual([true, null]);
});
