import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../scripts/handlers.ts';
import { account } from '../../scripts/start/clients.ts';
import { removeStack, startCloud } from './cloud.ts';
import { type Arguments, argumentValue, parseHcl } from './hcl.ts';
import { artifacts } from './provider.ts';
import { applyModule, installStudio, type TerraformStudio } from './terraform.ts';
import type { TestCloud } from './test-cloud.ts';

let cloud: TestCloud;
let installed: TerraformStudio['installed'];
let execution: TerraformStudio['execution'];

beforeAll(async () => {
  cloud = await startCloud({ provider: false });
  ({ installed, execution } = await installStudio(cloud));
});

afterAll(() => cloud.stop());

test('the provider’s module has no output for what is not installed, and names the others', async () => {
  expect(installed.StudioDomainServiceToken).toMatch(/:function:studio-resources-studio-domain$/);
  const { stack, outputs, resource } = await applyModule(cloud, 'provider', {
    template_url: `https://${artifacts.bucket}.s3.amazonaws.com/${artifacts.prefix}/provider.yaml`,
    stack_name: 'second',
    NamePrefix: 'second',
    ArtifactBucket: artifacts.bucket,
    ArtifactPrefix: artifacts.prefix,
    ExecutionRoleArns: `arn:aws:iam::${account}:role/studio-*`,
    InstallStudioSetup: false,
    SubnetIds: [],
  });
  expect(stack.failures).toEqual([]);
  expect(outputs).toMatchObject({ StudioSetupServiceToken: null, StudioSpaceServiceToken: expect.any(String) });
  expect(resource).toMatchObject({ capabilities: ['CAPABILITY_IAM'], parameters: { InstallStudioSetup: 'false' } });
  await removeStack(cloud, 'second');
});

test('the configuration of README.md deploys as it is written', async () => {
  const page = await readFile(join(root, 'cloudformation/terraform/README.md'), 'utf8');
  const [, text = ''] = /```hcl\n(module "provider"[\s\S]*?)```/.exec(page) ?? [];
  const { module: modules = {}, output = {} } = await parseHcl('README.md', text);
  const mine = { vpc_id: execution.vpc, subnet_ids: execution.subnets, execution_role_arn: execution.role };
  const scope = { var: mine, module: {} as Record<string, unknown> };
  const stacks: string[] = [];
  for (const name of ['provider', 'domain', 'ada']) {
    const { source, ...given } = (await argumentValue(modules[name]![0], scope)) as Arguments;
    const folder = (source as string).replace('./studio/', '');
    if (folder === 'provider') {
      // It is installed already, from the release of this test.
      scope.module[name] = installed;
      expect(Object.keys(given)).toEqual(['ExecutionRoleArns', 'template_url']);
      continue;
    }
    const { stack, outputs } = await applyModule(cloud, folder, given);
    expect(stack.failures).toEqual([]);
    scope.module[name] = outputs;
    stacks.unshift(given.stack_name as string);
  }
  expect(await argumentValue(output.url![0]!.value, scope)).toMatch(/^https:/);
  for (const name of stacks) await removeStack(cloud, name);
});
