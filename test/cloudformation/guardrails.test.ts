import { type ContextEntry, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { conditionKeysOf } from '../../packages/local/src/iam/condition-keys.ts';
import { sagemaker } from '../../packages/local/src/services/sagemaker/index.ts';
import { type Guardrail, guardrails, roles } from '../../scripts/check/guardrail-decisions.ts';
import { type Action, checkGuardrails, sagemakerActions } from '../../scripts/check/guardrails.ts';
import { account, region } from '../../scripts/start/clients.ts';
import { createWideRole, KmsKeyArn } from '../security/data-scientists.ts';
import { deployTemplate, startCloud } from '../stacks/cloud.ts';
import type { TestCloud } from '../stacks/test-cloud.ts';

let cloud: TestCloud;
let actions: Action[];
/** By what a guardrail is about: a role that this guardrail holds back, and nothing else. */
const guarded = new Map<string, string>();

const own = `arn:aws:iam::${account}:role/guarded-by-instance-types`;
const arn = (path: string) => `arn:aws:sagemaker:${region}:${account}:${path}`;
const key = (name: string) => `arn:aws:kms:${region}:${account}:key/${name}`;
const subnets = ['subnet-00000001', 'subnet-00000002'];

const parameters: Record<string, Record<string, string>> = {
  'instance types': {},
  'VPC settings': { SubnetIds: subnets.join(', '), SecurityGroupIds: 'sg-00000001' },
  'keys of AWS KMS': { KmsKeyArn },
  tags: { RequiredTagKey: 'CostCenter', SecondRequiredTagKey: 'Team', ThirdRequiredTagKey: 'Stage' },
};

/** What a request says that keeps to a guardrail, and what one that does not; each value may be one of several. */
const values: Record<string, { right: string[]; wrong: string[] }> = {
  'sagemaker:InstanceTypes': { right: ['ml.m5.large', 'system'], wrong: ['ml.p4d.24xlarge'] },
  'sagemaker:VpcSubnets': { right: subnets, wrong: ['subnet-0000000f'] },
  'sagemaker:VpcSecurityGroupIds': { right: ['sg-00000001'], wrong: ['sg-0000000f'] },
  'sagemaker:VolumeKmsKeyArn': { right: [KmsKeyArn], wrong: [key('another')] },
  'sagemaker:OutputKmsKeyArn': { right: [KmsKeyArn], wrong: [key('another')] },
  'sagemaker:FeatureGroupOfflineStoreKmsKeyArn': { right: [KmsKeyArn], wrong: [key('another')] },
  'sagemaker:FeatureGroupOnlineStoreKmsKeyArn': { right: [KmsKeyArn], wrong: [key('another')] },
  'sagemaker:FeatureGroupOfflineStoreConfig': { right: ['true'], wrong: [] },
  'sagemaker:FeatureGroupEnableOnlineStore': { right: ['true'], wrong: [] },
  'sagemaker:DirectInternetAccess': { right: ['Disabled'], wrong: ['Enabled'] },
  'aws:TagKeys': { right: ['CostCenter', 'Team', 'Stage', 'Note'], wrong: ['CostCenter', 'Stage', 'Note'] },
};
const lists = new Set([
  'sagemaker:InstanceTypes',
  'sagemaker:VpcSubnets',
  'sagemaker:VpcSecurityGroupIds',
  'aws:TagKeys',
]);

beforeAll(async () => {
  actions = await sagemakerActions();
  cloud = await startCloud({ provider: false });
  for (const [about, given] of Object.entries(parameters)) {
    const RoleName = `guarded-by-${about.toLowerCase().replaceAll(' ', '-')}`;
    const role = await deployTemplate(cloud, RoleName, 'execution-role.yaml', { RoleName, ...given });
    guarded.set(about, await createWideRole(cloud, `wide-${RoleName}`, role.GuardrailPolicyArns!));
  }
});
afterAll(() => cloud?.stop());

type Context = Record<string, readonly string[] | undefined>;

/** What IAM says to an action with these condition keys. */
async function decide(PolicySourceArn: string, action: string, context: Context, resource = '*'): Promise<string> {
  const ContextEntries = Object.entries(context).flatMap(([ContextKeyName, given]): ContextEntry[] => {
    if (!given) return [];
    const ContextKeyType = lists.has(ContextKeyName) ? 'stringList' : 'string';
    return [{ ContextKeyName, ContextKeyValues: [...given], ContextKeyType }];
  });
  const { EvaluationResults } = await cloud.clients.iam.send(
    new SimulatePrincipalPolicyCommand({
      PolicySourceArn,
      ActionNames: [action.includes(':') ? action : `sagemaker:${action}`],
      ResourceArns: [resource],
      ContextEntries,
    }),
  );
  return EvaluationResults![0]!.EvalDecision!;
}

/** The condition keys of a request that keeps to every guardrail. */
async function rightContext(action: string): Promise<Context> {
  const taken = await conditionKeysOf(`sagemaker:${action}`);
  const right = Object.entries(values).filter(([name]) => taken.has(name));
  return Object.fromEntries(right.map(([name, { right: given }]) => [name, given]));
}

const platform = 'it is denied altogether, as the platform team’s';
const alwaysDenied = new Set([
  ...guardrails[0]!.unreachable.denied,
  ...guardrails.flatMap(({ keys }) => Object.values(keys).flatMap(({ optional }) => optional[platform] ?? [])),
]);

/** Every action that takes a key of a guardrail, with what is decided about a request without it. */
function decisions({ keys }: Guardrail) {
  return Object.entries(keys).flatMap(([name, { required, optional }]) => [
    ...required.map((action) => ({ name, action, without: 'explicitDeny' })),
    ...Object.values(optional).flatMap((all) => all.map((action) => ({ name, action, without: 'allowed' }))),
  ]);
}

test('every action that takes an instance type, VPC settings, a key, tags or a role is decided about', () => {
  expect(checkGuardrails(actions)).toEqual([]);
});

test('a new action in the service authorisation reference or in the SDK is found, until it is decided about', () => {
  const table = 'scripts/check/guardrail-decisions.ts';
  const keyed: Action = { name: 'CreateRocket', keys: ['sagemaker:InstanceTypes'], members: [] };
  const decide = 'decide what the guardrails do about it';
  expect(checkGuardrails([...actions, keyed])).toEqual([
    `${table}: sagemaker:CreateRocket takes sagemaker:InstanceTypes; ${decide}`,
  ]);
  const members = ['Stages.InstanceType', 'Config.VolumeKmsKeyId', 'Subnets', 'RoleArn', 'Tags'];
  const unkeyed: Action = { name: 'CreateRocket', keys: [], members };
  expect(checkGuardrails([...actions, unkeyed])).toEqual([
    ...['instance types', 'VPC settings', 'keys of AWS KMS', 'tags'].map(
      (about) => `${table}: sagemaker:CreateRocket takes ${about} without a condition key; ${decide}`,
    ),
    `${table}: sagemaker:CreateRocket takes a role; ${decide}`,
  ]);
  const gone = actions.filter(({ name }) => name !== 'CreateTransformJob');
  expect(checkGuardrails(gone)).toContain(
    `${table}: sagemaker:CreateTransformJob no longer takes sagemaker:InstanceTypes, or is no action; remove its decision`,
  );
});

describe.each(guardrails)('$about', (guardrail) => {
  const { about, keys, unreachable } = guardrail;
  const role = () => guarded.get(about)!;

  test('a request that keeps to the guardrail is allowed', async () => {
    const wrong: string[] = [];
    for (const action of new Set(decisions(guardrail).map((each) => each.action))) {
      const expected = alwaysDenied.has(action) || unreachable.denied.includes(action) ? 'explicitDeny' : 'allowed';
      // It is to take off a tag that is not required.
      const more = action === 'DeleteTags' ? { 'aws:TagKeys': ['Note'] } : {};
      const decision = await decide(role(), action, { ...(await rightContext(action)), ...more });
      if (decision !== expected) wrong.push(`${action}: ${decision}`);
    }
    expect(wrong).toEqual([]);
  });

  test('another value is denied, alone or among others', async () => {
    const wrong: string[] = [];
    for (const { name, action, without } of decisions(guardrail)) {
      const value = values[name];
      // The platform team's actions alone take a key without values here; tags that are not required are no wrong ones.
      if (!value || (name === 'aws:TagKeys' && without === 'allowed')) continue;
      const right = await rightContext(action);
      const mixed = lists.has(name) && name !== 'aws:TagKeys' ? [[...value.right, ...value.wrong]] : [];
      for (const given of [value.wrong, ...mixed]) {
        const decision = await decide(role(), action, { ...right, [name]: given });
        if (decision !== 'explicitDeny') wrong.push(`${action}: ${name} ${given}: ${decision}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('a request without the key is denied or let through, as it is decided', async () => {
    const wrong: string[] = [];
    for (const { name, action, without } of decisions(guardrail)) {
      const isDenied = alwaysDenied.has(action) || unreachable.denied.includes(action);
      // A definition within a schedule names instance types; here there is none, and no model without a VPC.
      const context = { ...(await rightContext(action)), [name]: undefined };
      if (without === 'allowed') Object.assign(context, notCondition(action));
      const decision = await decide(role(), action, context);
      if (decision !== (isDenied ? 'explicitDeny' : without)) wrong.push(`${action} without ${name}: ${decision}`);
    }
    expect(wrong).toEqual([]);
  });

  test('what no condition key reaches is denied, unless it is accepted', async () => {
    const wrong: string[] = [];
    const accepted = Object.values(unreachable.accepted).flat();
    for (const action of [...unreachable.denied, ...accepted]) {
      const decision = await decide(role(), action, await rightContext(action));
      const expected = accepted.includes(action) && !alwaysDenied.has(action) ? 'allowed' : 'explicitDeny';
      if (decision !== expected) wrong.push(`${action}: ${decision}`);
    }
    expect(wrong).toEqual([]);
    expect(Object.keys(keys)).not.toEqual([]);
  });
});

/** What a request says, or does not, so that it is not denied under the condition that its decision names. */
function notCondition(action: string): Context {
  if (/MonitoringSchedule$/.test(action)) return { 'sagemaker:InstanceTypes': undefined };
  if (action === 'CreateEndpointConfig') return { 'sagemaker:ModelArn': [arn('model/houses')] };
  if (action !== 'CreateFeatureGroup') return {};
  return {
    'sagemaker:FeatureGroupOfflineStoreConfig': undefined,
    'sagemaker:FeatureGroupEnableOnlineStore': ['false'],
  };
}

describe('what is denied under another condition', () => {
  const conditional = (about: string, action: string, context: Context) => decide(guarded.get(about)!, action, context);

  test.each(['CreateMonitoringSchedule', 'UpdateMonitoringSchedule'])(
    '%s with a definition of its own',
    async (name) => {
      const whole = await rightContext(name);
      for (const [about, missing] of [
        ['VPC settings', 'sagemaker:VpcSubnets'],
        ['VPC settings', 'sagemaker:VpcSecurityGroupIds'],
        ['keys of AWS KMS', 'sagemaker:VolumeKmsKeyArn'],
        ['keys of AWS KMS', 'sagemaker:OutputKmsKeyArn'],
      ] as const) {
        expect(await conditional(about, name, whole)).toBe('allowed');
        expect(await conditional(about, name, { ...whole, [missing]: undefined })).toBe('explicitDeny');
      }
    },
  );

  test('an app in a shared space, on the instance type that is the space’s default', async () => {
    const shared = { 'sagemaker:SpaceSharingType': ['Shared'] };
    expect(await conditional('instance types', 'CreateApp', shared)).toBe('explicitDeny');
    const named = { ...shared, 'sagemaker:InstanceTypes': ['ml.t3.medium'] };
    expect(await conditional('instance types', 'CreateApp', named)).toBe('allowed');
    const own = { 'sagemaker:SpaceSharingType': ['Private'] };
    expect(await conditional('instance types', 'CreateApp', own)).toBe('allowed');
  });

  test('an endpoint for inference components outside of the VPC', async () => {
    expect(await conditional('VPC settings', 'CreateEndpointConfig', {})).toBe('explicitDeny');
  });

  test('a notebook instance with a network interface of its own outside of the VPC', async () => {
    const right = await rightContext('CreateNotebookInstance');
    for (const access of [['Enabled'], undefined]) {
      const context = { ...right, 'sagemaker:DirectInternetAccess': access };
      expect(await conditional('VPC settings', 'CreateNotebookInstance', context)).toBe('explicitDeny');
      expect(await conditional('instance types', 'CreateNotebookInstance', context)).toBe('allowed');
    }
  });

  test('a store of a feature group without the key', async () => {
    const right = await rightContext('CreateFeatureGroup');
    for (const store of ['Offline', 'Online']) {
      const context = { ...right, [`sagemaker:FeatureGroup${store}StoreKmsKeyArn`]: undefined };
      expect(await conditional('keys of AWS KMS', 'CreateFeatureGroup', context)).toBe('explicitDeny');
    }
  });

  test('a key by the name of its condition key in SageMaker’s guide', async () => {
    const right: Context = { ...(await rightContext('CreateTrainingJob')) };
    for (const [published, guide] of [
      ['sagemaker:VolumeKmsKeyArn', 'sagemaker:VolumeKmsKey'],
      ['sagemaker:OutputKmsKeyArn', 'sagemaker:OutputKmsKey'],
    ] as const) {
      const named = (value: string) => ({ ...right, [published]: undefined, [guide]: [value] });
      expect(await conditional('keys of AWS KMS', 'CreateTrainingJob', named(KmsKeyArn))).toBe('allowed');
      expect(await conditional('keys of AWS KMS', 'CreateTrainingJob', named(key('another')))).toBe('explicitDeny');
    }
  });
});

describe('roles', () => {
  const pass = (resource: string, service?: string) =>
    decide(own, 'iam:PassRole', { 'iam:PassedToService': service ? [service] : undefined }, resource);

  test('the role can be passed to SageMaker alone, and no other role can', async () => {
    expect(await pass(own, 'sagemaker.amazonaws.com')).toBe('allowed');
    expect(await pass(own, 'glue.amazonaws.com')).toBe('implicitDeny');
    expect(await pass(own)).toBe('implicitDeny');
    expect(await pass(`${own}-stronger`, 'sagemaker.amazonaws.com')).toBe('implicitDeny');
    expect(await pass('*', 'sagemaker.amazonaws.com')).toBe('implicitDeny');
  });

  test('every action that takes a role asks for the right to pass it', () => {
    const members = new Map(actions.map((action) => [action.name, action.members]));
    const asking = roles.passed.filter((action) => {
      const path = members.get(action)!.filter((member) => roles.member.test(member));
      const inputs = path.map((member) =>
        member.split('.').reduceRight<unknown>((value, name) => ({ [name]: value }), own),
      );
      return inputs.some((input) => passedRoles(action, input as Record<string, unknown>).includes(own));
    });
    expect(asking).toEqual([...roles.passed]);
  });
});

function passedRoles(operation: string, input: Record<string, unknown>): string[] {
  return sagemaker.passedRoles!(operation as never, input as never, undefined as never);
}
