import { describeContract } from '../contract.ts';
import { projectsSubject } from './projects-subject.ts';
import { projectsWorld } from './projects-world.ts';

describeContract('studio-projects, built', async () => {
  const world = await projectsWorld();
  return projectsSubject(world, world.roles);
}, ['taken names', 'replacements', 'collisions', 'failures']);

test('the service roles that were missing are made, and deleted where the template says so', async () => {
  const world = await projectsWorld();
  try {
    const ResourceProperties = { ExecutionRole: world.roles[0], DeleteServiceRoles: 'true' };
    const { PhysicalResourceId, Data } = await world.send({ RequestType: 'Create', ResourceProperties });
    expect(await world.serviceRoles()).toHaveLength(11);
    expect(Data).toMatchObject({
      LaunchRoleArn: 'arn:aws:iam::111122223333:role/service-role/AmazonSageMakerServiceCatalogProductsLaunchRole',
      PortfolioName: 'Amazon SageMaker Solutions and ML Ops products',
    });
    await world.send({ RequestType: 'Delete', PhysicalResourceId, ResourceProperties });
    expect(await world.serviceRoles()).toEqual([]);
    expect(await world.look(PhysicalResourceId)).toEqual({ ExecutionRoles: [], Tags: undefined });
  } finally {
    await world.close();
  }
});
