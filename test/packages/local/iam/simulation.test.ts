import { iam } from '../../../../packages/local/src/services/iam/index.ts';
import { AuthorisedCloud, account, policyOf } from '../authorised-cloud.ts';

let cloud: AuthorisedCloud;
const arn = `arn:aws:iam::${account}:role/team`;

beforeEach(async () => {
  cloud = new AuthorisedCloud();
  await cloud.role(
    'team',
    { Effect: 'Allow', Action: 'sagemaker:Create*', Resource: '*' },
    {
      Effect: 'Deny',
      Action: 'sagemaker:CreateTrainingJob',
      Resource: '*',
      Condition: { 'ForAnyValue:StringNotLike': { 'sagemaker:InstanceTypes': 'ml.m5.*' } },
    },
  );
});
afterEach(() => cloud.cloud.close());

interface Asked {
  actions: string[];
  resources?: string[];
  types?: string[];
}

async function simulate({ actions, resources, types }: Asked, source = arn) {
  const { EvaluationResults } = await cloud.call(iam, 'SimulatePrincipalPolicy', {
    PolicySourceArn: source,
    ActionNames: actions,
    ResourceArns: resources,
    ContextEntries: types && [
      { ContextKeyName: 'sagemaker:instancetypes', ContextKeyValues: types, ContextKeyType: 'stringList' },
    ],
  });
  return EvaluationResults!.map(({ EvalActionName, EvalDecision }) => `${EvalActionName} ${EvalDecision}`);
}

test('an action is allowed, denied by a statement, or allowed by none', async () => {
  const actions = ['sagemaker:CreateTrainingJob', 'sagemaker:DeleteModel'];
  expect(await simulate({ actions, types: ['ml.m5.large', 'ml.p4d.24xlarge'] })).toEqual([
    'sagemaker:CreateTrainingJob explicitDeny',
    'sagemaker:DeleteModel implicitDeny',
  ]);
  expect(await simulate({ actions: actions.slice(0, 1), types: ['ml.m5.large'] })).toEqual([
    'sagemaker:CreateTrainingJob allowed',
  ]);
  // A key without values is one that the request does not have.
  expect(await simulate({ actions: actions.slice(0, 1), types: [] })).toEqual(['sagemaker:CreateTrainingJob allowed']);
});

test('each action is evaluated for each resource, with policies beside those of the role, and says which keys are missing', async () => {
  const resources = ['arn:aws:s3:::one/*', 'arn:aws:s3:::two/*'];
  const { EvaluationResults } = await cloud.call(iam, 'SimulatePrincipalPolicy', {
    PolicySourceArn: arn,
    ActionNames: ['s3:GetObject'],
    ResourceArns: resources,
    PolicyInputList: [policyOf({ Effect: 'Allow', Action: 's3:GetObject', Resource: resources[0] })],
  });
  expect(EvaluationResults).toEqual([
    {
      EvalActionName: 's3:GetObject',
      EvalResourceName: resources[0],
      EvalDecision: 'allowed',
      MissingContextValues: ['sagemaker:InstanceTypes'],
    },
    expect.objectContaining({ EvalResourceName: resources[1], EvalDecision: 'implicitDeny' }),
  ]);
});

test('a user, and what is no role or is not there', async () => {
  await cloud.call(iam, 'CreateUser', { UserName: 'ada' });
  const user = `arn:aws:iam::${account}:user/ada`;
  expect(await simulate({ actions: ['iam:GetUser'] }, user)).toEqual(['iam:GetUser implicitDeny']);
  await expect(simulate({ actions: ['iam:GetUser'] }, `${arn}s`)).rejects.toThrow(
    'The role with name teams cannot be found.',
  );
  await expect(simulate({ actions: ['iam:GetUser'] }, `arn:aws:iam::${account}:root`)).rejects.toThrow(
    'does not clearly define entity type and name',
  );
});
