/**
 * `npm run service-models -- --models DIRECTORY` writes what the local cloud checks of each request, a file a service, from the
 * service models that the `aws` command line carries (in its library botocore):
 *
 *     pip install --target models --no-deps botocore
 *     npm run service-models -- --models models/botocore/data
 *
 * Run it after adding an operation to the local cloud, and to take over what AWS has changed.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { VirtualCloud } from '../packages/local/src/virtual/virtual-cloud.ts';
import { serviceModelOf, serviceModelText } from './service-models/constraints.ts';
import { documentedValues } from './service-models/documented.ts';
import { readModels } from './service-models/read.ts';

const target = new URL('../packages/local/models/', import.meta.url);
const { models: directory } = parseArgs({ options: { models: { type: 'string' } } }).values;
if (directory === undefined) {
  console.error('Writing service models: name the directory with --models, as scripts/service-models.ts says');
  process.exitCode = 1;
} else {
  const { services } = new VirtualCloud().cloud;
  const models = readModels(directory, new Set(services.keys()));
  const missing = [...services.keys()].filter((id) => !models.has(id));
  if (missing.length > 0) throw new Error(`Writing service models: ${directory} has none of ${missing.join(', ')}`);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target);
  for (const [id, { operations }] of services) {
    const names = Object.keys(operations);
    const model = models.get(id)!;
    const unknown = names.filter((name) => !model.operations[name]);
    const written = serviceModelOf(model, names, documentedValues[id]);
    writeFileSync(new URL(`${id}.json`, target), serviceModelText(written));
    console.log(`${id}: ${names.length} operations, ${Object.keys(written.shapes).length} shapes`);
    for (const name of unknown) console.log(`  ${name} is not in the model`);
    for (const pattern of written.unconverted) console.log(`  not checked: ${pattern}`);
  }
}
