import { deletionChoices } from '@studio-resources/sagemaker/contents/deletable';

test.each([
  ['properties that say nothing', {}, { contents: 'Apps', homeEfsFileSystem: 'Retain', orphanedResources: false }],
  [
    'choices that are spelled right',
    { DeleteContents: 'All', HomeEfsFileSystem: 'Delete' },
    { contents: 'All', homeEfsFileSystem: 'Delete', orphanedResources: true },
  ],
  [
    'choices that cannot be understood',
    { DeleteContents: 'Everything', HomeEfsFileSystem: 'delete' },
    { contents: 'Apps', homeEfsFileSystem: 'Retain', orphanedResources: false },
  ],
  [
    "an adoption in CloudFormation's string",
    { HomeEfsFileSystem: 'Delete', AdoptExisting: 'True' },
    { contents: 'Apps', homeEfsFileSystem: 'Delete', orphanedResources: false },
  ],
  [
    'no adoption in a string',
    { HomeEfsFileSystem: 'Delete', AdoptExisting: 'false' },
    { contents: 'Apps', homeEfsFileSystem: 'Delete', orphanedResources: true },
  ],
])('%s', (_, properties, choices) => {
  expect(deletionChoices(properties)).toEqual(choices);
});
