import {
  AddTagsCommand,
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DeleteEndpointCommand,
  DeleteTagsCommand,
  DescribeEndpointCommand,
  ListTagsCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-sagemaker';
import { account, region } from '../../scripts/start/clients.ts';
import { DataScientists, KmsKeyArn, outcome, RoleArn, SecurityGroupIds } from './data-scientists.ts';

let people: DataScientists;

const Tags = [
  { Key: 'CostCenter', Value: '4711' },
  { Key: 'Team', Value: 'vision' },
];
const arn = (path: string) => `arn:aws:sagemaker:${region}:${account}:${path}`;

beforeAll(async () => {
  people = await DataScientists.start({ SecondRequiredTagKey: 'Team' });
  const ada = await people.sagemaker('ada');
  const { subnets } = people;
  await ada.send(
    new CreateModelCommand({
      ModelName: 'houses',
      ExecutionRoleArn: RoleArn,
      PrimaryContainer: { Image: `${account}.dkr.ecr.${region}.amazonaws.com/image:1` },
      VpcConfig: { Subnets: subnets, SecurityGroupIds },
      Tags,
    }),
  );
  const variant = { VariantName: 'all', ModelName: 'houses', InitialInstanceCount: 1 };
  await ada.send(
    new CreateEndpointConfigCommand({
      EndpointConfigName: 'houses',
      ProductionVariants: [{ ...variant, InstanceType: 'ml.m5.large' }],
      KmsKeyId: KmsKeyArn,
      Tags,
    }),
  );
  for (const EndpointName of ['production', 'trial', 'sagemaker-houses-production']) {
    await ada.send(new CreateEndpointCommand({ EndpointName, EndpointConfigName: 'houses', Tags }));
    const { sagemaker } = people.cloud.clients;
    const status = async () => (await sagemaker.send(new DescribeEndpointCommand({ EndpointName }))).EndpointStatus;
    await people.cloud.until(async () => (await status()) === 'InService', `${EndpointName} to be in service`);
  }
  const tag = (name: string, Key: string, Value: string) =>
    people.cloud.clients.sagemaker.send(
      new AddTagsCommand({ ResourceArn: arn(`endpoint/${name}`), Tags: [{ Key, Value }] }),
    );
  await tag('production', 'Protected', 'true');
  // As the stack of a project's deployment tags it.
  await tag('sagemaker-houses-production', 'sagemaker:project-id', 'p-abcdefghijkl');
});
afterAll(() => people?.cloud.stop());

test('attack: a data scientist replaces what a protected endpoint, or that of a project, serves', async () => {
  const ada = await people.sagemaker('ada');
  const update = (EndpointName: string) =>
    outcome(ada.send(new UpdateEndpointCommand({ EndpointName, EndpointConfigName: 'houses' })));
  expect(await update('production')).toBe('denied');
  expect(await update('sagemaker-houses-production')).toBe('denied');
  const deletion = new DeleteEndpointCommand({ EndpointName: 'sagemaker-houses-production' });
  expect(await outcome(ada.send(deletion))).toBe('denied');
  expect(await update('trial')).toBe('done');
});

test('attack: a role with every right of SageMaker takes off the tags that are required', async () => {
  const { sagemaker } = (await people.wide()).clients;
  const ResourceArn = arn('endpoint/trial');
  const untag = (...TagKeys: string[]) => outcome(sagemaker.send(new DeleteTagsCommand({ ResourceArn, TagKeys })));
  await sagemaker.send(new AddTagsCommand({ ResourceArn, Tags: [{ Key: 'Note', Value: 'mine' }] }));
  expect(await untag('CostCenter')).toBe('denied');
  expect(await untag('Note', 'Team')).toBe('denied');
  expect(await untag('sagemaker:project-id')).toBe('denied');
  expect(await untag('Note')).toBe('done');
  const { Tags: left } = await sagemaker.send(new ListTagsCommand({ ResourceArn }));
  expect(left).toEqual(expect.arrayContaining(Tags));
});
