import { StackCloud } from '../stack-cloud.ts';

const template = (Analytics: string) => ({
  Resources: { CDKMetadata: { Type: 'AWS::CDK::Metadata', Properties: { Analytics } } },
  Outputs: { Id: { Value: { Ref: 'CDKMetadata' } } },
});

test('the metadata of the AWS CDK is a resource that is created, updated in place and deleted', async () => {
  const cloud = new StackCloud();
  const created = await cloud.create('studio', template('v2:deflate64:H4sIAAAAAAAA'));
  expect(created).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
  const TemplateBody = JSON.stringify(template('v2:deflate64:H4sIAAAAAAAB'));
  await cloud.call('UpdateStack', { StackName: 'studio', TemplateBody });
  const updated = await cloud.ended('studio');
  expect(updated).toMatchObject({ StackStatus: 'UPDATE_COMPLETE', Outputs: created.Outputs });
  expect(await cloud.delete('studio')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
});
