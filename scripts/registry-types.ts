import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { nativeTypes } from '../packages/local/src/cloudformation/types/index.ts';
import { type RegistrySchema, registryTypes } from './registry-types/facts.ts';

// Writes what AWS's registry says of the types that the local cloud has, from the schemas that AWS publishes:
//
//   curl -O https://schema.cloudformation.us-east-1.amazonaws.com/CloudformationSchema.zip
//   unzip CloudformationSchema.zip -d schemas
//   npm run registry-types -- --schemas schemas

const { values } = parseArgs({ options: { schemas: { type: 'string' } } });
if (values.schemas === undefined) throw new Error('Writing registry types: --schemas DIRECTORY is missing');
const directory = values.schemas;
const schemas = readdirSync(directory)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(`${directory}/${name}`, 'utf8')) as RegistrySchema);
const types = registryTypes(schemas, new Set(nativeTypes.keys()));
await writeFile(
  new URL('../packages/local/registry-types.json', import.meta.url),
  `${JSON.stringify(types, undefined, 2)}\n`,
);
console.log(`${Object.keys(types).length} of ${nativeTypes.size} types are in ${directory}`);
