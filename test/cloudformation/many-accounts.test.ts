import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../../scripts/handlers.ts';
import type { Caller } from '../stacks/caller.ts';
import { runLines, shellLines } from '../stacks/shell.ts';

interface Sent {
  name: string;
  input: {
    StackSetName: string;
    TemplateURL?: string;
    Parameters?: { ParameterKey: string; ParameterValue: string }[];
    [member: string]: unknown;
  };
}

/** What the commands of a page would send CloudFormation. The SDK's schemas refuse options that it does not have. */
async function sentBy(page: string): Promise<Sent[]> {
  const sent: Sent[] = [];
  const send = async (command: { constructor: { name: string }; input: Sent['input'] }) =>
    sent.push({ name: command.constructor.name, input: command.input });
  await runLines({ clients: { cloudformation: { send } } } as unknown as Caller, shellLines(page));
  return sent;
}

const page = 'cloudformation/MANY-ACCOUNTS.md';
const { Parameters } = parse(readFileSync(join(root, 'cloudformation/provider.yaml'), 'utf8'), {
  logLevel: 'silent',
}) as { Parameters: Record<string, { Default?: unknown; AllowedPattern?: string }> };
const required = Object.keys(Parameters).filter((name) => Parameters[name]!.Default === undefined);

test('the commands for many accounts are calls of CloudFormation, in the order of a life', async () => {
  const sent = await sentBy(page);
  expect(sent.map(({ name }) => name)).toEqual([
    'CreateStackSetCommand',
    'CreateStackInstancesCommand',
    'UpdateStackSetCommand',
    'DeleteStackInstancesCommand',
    'DeleteStackSetCommand',
  ]);
  const [create, instances, , remove] = sent.map(({ input }) => input);
  expect(create).toMatchObject({
    PermissionModel: 'SERVICE_MANAGED',
    AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: true },
    Capabilities: ['CAPABILITY_IAM'],
  });
  expect(instances).toMatchObject({
    DeploymentTargets: { OrganizationalUnitIds: ['ou-abcd-12345678'] },
    Regions: ['us-east-1', 'eu-west-1'],
    OperationPreferences: {
      RegionConcurrencyType: 'PARALLEL',
      FailureTolerancePercentage: 10,
      MaxConcurrentPercentage: 25,
    },
  });
  expect(remove).toMatchObject({ RetainStacks: false, Regions: ['us-east-1', 'eu-west-1'] });
});

test('they give provider.yaml every parameter that it requires, values that it accepts, and the release of their template', async () => {
  const given = (await sentBy(page)).map(({ input }) => input).filter((input) => input.TemplateURL !== undefined);
  expect(given).toHaveLength(2);
  for (const { TemplateURL, Parameters: values = [] } of given) {
    expect(values.map(({ ParameterKey }) => ParameterKey)).toEqual(expect.arrayContaining(required));
    const value = Object.fromEntries(values.map((one) => [one.ParameterKey, one.ParameterValue]));
    for (const [name, text] of Object.entries(value)) {
      // The placeholder stands for a Region.
      const filled = text.replace('{Region}', 'us-east-1');
      expect(filled).toMatch(new RegExp(`^(${Parameters[name]!.AllowedPattern})$`));
    }
    const bucket = value.ArtifactBucket!.replace('{Region}', 'us-east-1');
    expect(TemplateURL).toBe(`https://${bucket}.s3.us-east-1.amazonaws.com/${value.ArtifactPrefix}/provider.yaml`);
  }
});
