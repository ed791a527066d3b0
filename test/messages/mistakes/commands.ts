import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { readOptions as conform } from '../../../scripts/conform/options.ts';
import { scenarios } from '../../../scripts/conform/scenarios/index.ts';
import { examine } from '../../../scripts/doctor/examine.ts';
import { readOptions as doctor } from '../../../scripts/doctor/options.ts';
import { reportLines } from '../../../scripts/doctor/report.ts';
import { readOptions as release } from '../../../scripts/release/options.ts';
import { readOptions as start } from '../../../scripts/start/options.ts';
import { ran, typed } from '../make.ts';
import type { Mistake, Subject } from '../mistake.ts';

const released = (...args: string[]) =>
  typed(() => release(['--version', '1.0.0', '--bucket-prefix', 'acme', '--regions', 'us-east-1', ...args]));

/** What the doctor prints of a stack. */
const examined =
  (stack: string): Mistake['make'] =>
  async ({ cloud }) =>
    reportLines(await examine(cloud.clients, { region: 'us-east-1', stack })).join('\n');

const portInUse: Mistake['make'] = async (world) => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    return (await ran('packages/local/src/cli.ts', '--port', `${port}`)(world)).replaceAll(`${port}`, '4566');
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
};

export const commands: Subject = {
  title: 'Command lines',
  mistakes: [
    {
      mistake: 'npm start -- --onec',
      make: typed(() => start(['--onec'])),
      property: '--onec',
      came: 'there is no option',
      cure: /--once/,
    },
    {
      mistake: 'npm start -- --port http',
      make: typed(() => start(['--port', 'http'])),
      property: '--port',
      came: '"http"',
      cure: /a whole number from 0 to 65535/,
    },
    {
      mistake: 'npm start -- --port, without a value',
      make: typed(() => start(['--port'])),
      property: '--port',
      came: 'missing',
      cure: /--help for all options/,
    },
    {
      mistake: 'npm start -- --parameters DomainName',
      make: typed(() => start(['--parameters', 'DomainName'])),
      property: /parameters|DomainName/,
      came: '"DomainName"',
      cure: 'NAME=VALUE',
    },
    {
      mistake: 'npm start -- --once --template a.yaml',
      make: typed(() => start(['--once', '--template', 'a.yaml'])),
      property: '--once',
      came: '--template',
      cure: /takes no --template/,
    },
    {
      mistake: 'npm start -- --jupyter localhost:8888',
      make: typed(() => start(['--jupyter', 'localhost:8888'])),
      property: '--jupyter',
      came: '"localhost:8888"',
      cure: /such as http:/,
    },
    {
      mistake: 'npm run local -- --speed fast',
      make: ran('packages/local/src/cli.ts', '--speed', 'fast'),
      property: '--speed',
      came: '"fast"',
      cure: /a whole number from 1 to 1000/,
    },
    {
      mistake: 'npm run local, while another one runs',
      make: portInUse,
      property: /port/,
      came: '4566',
      cure: /--port/,
    },
    {
      mistake: 'npm run local -- --faults missing.json',
      make: ran('packages/local/src/cli.ts', '--port', '0', '--faults', 'missing.json'),
      property: /--faults|missing\.json/,
      came: 'there is no such file',
      cure: /give the path/,
    },
    {
      mistake: 'npm run new -- StudioThing',
      make: ran('scripts/new.ts', 'StudioThing'),
      property: 'name of a resource',
      came: 'StudioThing',
      cure: /such as studio-thing/,
    },
    {
      mistake: 'npm run new, without a name',
      make: ran('scripts/new.ts'),
      property: 'name',
      came: 'no name is given',
      cure: /such as studio-thing/,
    },
    {
      mistake: 'npm run new -- studio-domain, which is there',
      make: ran('scripts/new.ts', 'studio-domain'),
      property: 'studio-domain',
      came: /there is handlers\/studio-domain\.ts already/,
      cure: /another name/,
    },
    {
      mistake: 'npm run release -- --version 1.0',
      make: released('--version', '1.0'),
      property: '--version',
      came: '"1.0"',
      cure: /a semantic version such as 1\.4\.0/,
    },
    {
      mistake: 'npm run release, without --bucket-prefix',
      make: typed(() => release(['--version', '1.0.0', '--regions', 'us-east-1'])),
      property: '--bucket-prefix',
      came: /missing/,
      cure: /such as acme-studio/,
    },
    {
      mistake: 'npm run release -- --regions "us-east-1 eu-west-1"',
      make: released('--regions', 'us-east-1 eu-west-1'),
      property: '--regions',
      came: '"us-east-1 eu-west-1"',
      cure: /with commas between them/,
    },
    {
      mistake: 'npm run release -- --bucket acme',
      make: released('--bucket', 'acme'),
      property: '--bucket',
      came: 'there is no option',
      cure: /--bucket-prefix/,
    },
    {
      mistake: 'npm run release -- --public --organization o-a1b2c3d4e5',
      make: released('--public', '--organization', 'o-a1b2c3d4e5'),
      property: '--public',
      came: '--organization',
      cure: 'not both',
    },
    {
      mistake: 'npm run doctor -- --region europe',
      make: typed(() => doctor(['--region', 'europe'])),
      property: '--region',
      came: '"europe"',
      cure: /such as eu-west-1/,
    },
    {
      mistake: 'npm run doctor -- --endpoint localhost:4566',
      make: typed(() => doctor(['--endpoint', 'localhost:4566'])),
      property: '--endpoint',
      came: '"localhost:4566"',
      cure: /such as http:/,
    },
    {
      mistake: 'npm run doctor -- --stak studio-resources',
      make: typed(() => doctor(['--stak', 'studio-resources'])),
      property: '--stak',
      came: 'there is no option',
      cure: /--stack/,
    },
    {
      mistake: 'npm run doctor -- --stack studio, which does not exist',
      make: examined('studio'),
      property: 'studio',
      came: 'there is no such stack in us-east-1',
      cure: /Install provider\.yaml.*give its --stack/,
    },
    {
      mistake: 'npm run doctor -- --stack base, which is no provider',
      make: examined('base'),
      property: 'base',
      came: 'it is no stack of provider.yaml',
      cure: /--stack/,
    },
    {
      mistake: 'npm run conform, without an endpoint',
      make: typed(() => conform([], scenarios)),
      property: '--endpoint',
      came: 'neither is given',
      cure: /give either --endpoint or --profile/,
    },
    {
      mistake: 'npm run conform -- --endpoint http://127.0.0.1:4566 vpc',
      make: typed(() => conform(['--endpoint', 'http://127.0.0.1:4566', 'vpc'], scenarios)),
      property: 'scenario',
      came: '"vpc"',
      cure: /There are /,
    },
  ],
};
