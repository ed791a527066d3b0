import { accountPrincipal } from '../../../../packages/local/src/principal.ts';
import { s3 } from '../../../../packages/local/src/services/s3/index.ts';
import { sagemaker } from '../../../../packages/local/src/services/sagemaker/index.ts';
import { Store } from '../../../../packages/local/src/store.ts';
import { account, region, StackCloud } from '../stack-cloud.ts';
import { error } from '../studio.ts';

const TemplateURL = 'https://templates.s3.amazonaws.com/project.json';
const ProjectName = 'houses';
let cloud: StackCloud;

beforeEach(async () => {
  cloud = new StackCloud(new Store(), [sagemaker]);
  await cloud.invoke(s3, 'CreateBucket', { Bucket: 'templates' });
  await putTemplate(/^[a-z]+$/);
});

async function putTemplate(team: RegExp): Promise<void> {
  const text = { Type: 'String' };
  const Body = JSON.stringify({
    Parameters: {
      SageMakerProjectName: text,
      SageMakerProjectId: text,
      Team: { ...text, AllowedPattern: team.source },
    },
    Resources: {
      Parameter: {
        Type: 'AWS::SSM::Parameter',
        Properties: { Type: 'String', Value: { 'Fn::Join': [' ', ['Team', { Ref: 'Team' }]] }, Name: name },
      },
    },
  });
  await cloud.invoke(s3, 'PutObject', {
    Bucket: 'templates',
    Key: 'project.json',
    Body: new TextEncoder().encode(Body),
  });
}

const name = { 'Fn::Sub': '/$' + '{SageMakerProjectName}/$' + '{SageMakerProjectId}' };

function providers(Team = 'red') {
  return [
    { CfnTemplateProvider: { TemplateName: 'project', TemplateURL, Parameters: [{ Key: 'Team', Value: Team }] } },
  ];
}

function create(more: object = {}, principal = accountPrincipal(account)) {
  const input = { ProjectName, TemplateProviders: providers(), ...more };
  return cloud.cloud.invoke(sagemaker, 'CreateProject', input, { principal, region });
}

const describe = () => cloud.invoke(sagemaker, 'DescribeProject', { ProjectName });

/** The project once nothing is under way. */
function settled() {
  return cloud.when(async () => {
    const project = await describe();
    return /InProgress$/.test(project.ProjectStatus!) ? undefined : project;
  });
}

test('a project is launched from a template, updated and deleted', async () => {
  const { ProjectId, ProjectArn } = await create({
    ProjectDescription: 'Prices',
    Tags: [{ Key: 'team', Value: 'red' }],
  });
  expect(await describe()).toMatchObject({ ProjectStatus: 'CreateInProgress', ProjectDescription: 'Prices' });
  const created = await settled();
  expect(created).toMatchObject({ ProjectStatus: 'CreateCompleted', ProjectArn, ProjectId });
  const { Name, Id } = created.TemplateProviderDetails![0]!.CfnTemplateProviderDetail!.StackDetail!;
  expect(Name).toBe(`sagemaker-${ProjectName}-${ProjectId}`);
  const { Tags } = await cloud.stack(Id!);
  expect(Tags).toEqual([
    { Key: 'team', Value: 'red' },
    { Key: 'sagemaker:project-name', Value: ProjectName },
    { Key: 'sagemaker:project-id', Value: ProjectId },
  ]);

  const Tag = { Key: 'team', Value: 'blue' };
  await cloud.invoke(sagemaker, 'UpdateProject', {
    ProjectName,
    TemplateProvidersToUpdate: providers('blue'),
    Tags: [Tag],
  });
  expect(await settled()).toMatchObject({ ProjectStatus: 'UpdateCompleted' });
  expect((await cloud.stack(Id!)).Parameters).toContainEqual(
    expect.objectContaining({ ParameterKey: 'Team', ParameterValue: 'blue' }),
  );
  expect((await cloud.invoke(sagemaker, 'ListTags', { ResourceArn: ProjectArn })).Tags).toEqual([Tag]);

  await cloud.invoke(sagemaker, 'DeleteProject', { ProjectName });
  await expect(cloud.invoke(sagemaker, 'DeleteProject', { ProjectName })).rejects.toEqual(
    error('ConflictException', 'is in DeleteInProgress status'),
  );
  expect(await settled()).toMatchObject({ ProjectStatus: 'DeleteCompleted' });
  expect((await cloud.stack(Id!)).StackStatus).toBe('DELETE_COMPLETE');
  await expect(cloud.invoke(sagemaker, 'DeleteProject', { ProjectName })).rejects.toEqual(
    error('ValidationException', 'is in DeleteCompleted status'),
  );
  // The rest of it is listed for a while, and blocks nothing.
  await cloud.clock.pass(400_000);
  await expect(describe()).rejects.toEqual(error('ValidationException', `Project ${ProjectName} does not exist`));
});

test('an update of only the description launches nothing', async () => {
  await create();
  await settled();
  await cloud.invoke(sagemaker, 'UpdateProject', { ProjectName, ProjectDescription: 'Prices of houses' });
  expect(await describe()).toMatchObject({ ProjectStatus: 'UpdateCompleted', ProjectDescription: 'Prices of houses' });
});

test('a project whose stack fails fails, and can only be deleted', async () => {
  await create({ TemplateProviders: providers('x'.repeat(4096)) });
  const failed = await settled();
  expect(failed.ProjectStatus).toBe('CreateFailed');
  const { StatusMessage } = failed.TemplateProviderDetails![0]!.CfnTemplateProviderDetail!.StackDetail!;
  expect(StatusMessage).toContain('maximum parameter value of 4096 characters');
  await expect(cloud.invoke(sagemaker, 'UpdateProject', { ProjectName, ProjectDescription: '' })).rejects.toEqual(
    error('ValidationException', 'is in CreateFailed status'),
  );
  await expect(create()).rejects.toEqual(error('ValidationException', 'Project already exists'));
  await cloud.invoke(sagemaker, 'DeleteProject', { ProjectName });
  expect((await settled()).ProjectStatus).toBe('DeleteCompleted');
  await create();
  expect((await settled()).ProjectStatus).toBe('CreateCompleted');
});

test("a template that CloudFormation refuses is refused with CloudFormation's message, and no project is created", async () => {
  await expect(create({ TemplateProviders: providers('RED') })).rejects.toEqual(
    error('ValidationException', /Parameter '?Team'? (must match|failed to satisfy)/),
  );
  await expect(describe()).rejects.toEqual(error('ValidationException', 'does not exist'));
});

test('projects are listed by part of their name', async () => {
  await create();
  await create({ ProjectName: 'boats' });
  const { ProjectSummaryList } = await cloud.invoke(sagemaker, 'ListProjects', { NameContains: 'oa', SortBy: 'Name' });
  expect(ProjectSummaryList).toEqual([expect.objectContaining({ ProjectName: 'boats' })]);
});

test('an invalid request for a project is refused', async () => {
  await expect(create({ ProjectName: 'a'.repeat(33) })).rejects.toEqual(error('ValidationException', 'projectName'));
  await expect(create({ TemplateProviders: undefined })).rejects.toEqual(
    error('ValidationException', 'Exactly one of ServiceCatalogProvisioningDetails and TemplateProviders'),
  );
  await expect(create({ TemplateProviders: [{}] })).rejects.toEqual(
    error('ValidationException', 'CfnTemplateProvider'),
  );
  const Tags = [{ Key: 'aws:mine', Value: '' }];
  await expect(create({ Tags })).rejects.toEqual(error('ValidationException', 'aws: prefixed'));
  await expect(cloud.invoke(sagemaker, 'DeleteProject', { ProjectName })).rejects.toEqual(
    error('ValidationException', 'does not exist'),
  );
});

function project(more: object = {}) {
  const CfnTemplateProviderDetail = providers()[0]!.CfnTemplateProvider;
  const Properties = { ProjectName, TemplateProviderDetails: [{ CfnTemplateProviderDetail }], ...more };
  return {
    Resources: { Project: { Type: 'AWS::SageMaker::Project', Properties } },
    Outputs: {
      Arn: { Value: { Ref: 'Project' } },
      Id: { Value: { 'Fn::GetAtt': ['Project', 'ProjectId'] } },
      Status: { Value: { 'Fn::GetAtt': ['Project', 'ProjectStatus'] } },
    },
  };
}

test('a stack creates a project and deletes it; a change that replaces it fails, because its name is in use', async () => {
  const made = await cloud.create('project', project());
  const { ProjectArn, ProjectId } = await describe();
  const outputs = [ProjectArn, ProjectId, 'CreateCompleted'];
  expect(made.Outputs!.map(({ OutputValue }) => OutputValue)).toEqual(outputs);
  const changed = await cloud.update('project', project({ ProjectDescription: 'Prices' }));
  expect(changed.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await cloud.history('project')).toContainEqual(expect.stringContaining('Project already exists'));
  expect((await describe()).ProjectId).toBe(ProjectId);
  const renamed = await cloud.update('project', project({ ProjectName: 'boats' }));
  expect(renamed.StackStatus).toBe('UPDATE_COMPLETE');
  expect(await describe()).toMatchObject({ ProjectStatus: 'DeleteCompleted' });
  expect((await cloud.delete('project')).StackStatus).toBe('DELETE_COMPLETE');
  await cloud.clock.pass(400_000);
  expect((await cloud.invoke(sagemaker, 'ListProjects', {})).ProjectSummaryList).toEqual([]);
});

test('a stack succeeds even if its project fails, as in AWS', async () => {
  const CfnTemplateProviderDetail = providers('x'.repeat(4096))[0]!.CfnTemplateProvider;
  const made = await cloud.create('project', project({ TemplateProviderDetails: [{ CfnTemplateProviderDetail }] }));
  expect(made.StackStatus).toBe('CREATE_COMPLETE');
  expect(made.Outputs!.map(({ OutputValue }) => OutputValue)).toContain('CreateFailed');
  expect((await cloud.delete('project')).StackStatus).toBe('DELETE_COMPLETE');
});
