import { deletionChoices } from '@studio-resources/sagemaker/contents/deletable';

test.each([
  ['properties that say nothing', {}, { contents: 'Apps', homeEfsFileSystem: 'Retain', leftovers: false }],
  [
    'choices that are spelled right',
    { DeleteContents: 'All', HomeEfsFileSystem: 'Delete' },
    { contents: 'All', homeEfsFileSystem: 'Delete', leftovers: true },
  ],
  [
    'choices that cannot be understood',
    { DeleteContents: 'Everything', HomeEfsFileSystem: 'delete' },
    { contents: 'Apps', homeEfsFileSystem: 'Retain', leftovers: false },
  ],
  [
    "an adoption in CloudFormation's string",
    { HomeEfsFileSystem: 'Delete', AdoptExisting: 'True' },
    { contents: 'Apps', homeEfsFileSystem: 'Delete', leftovers: false },
  ],
  [
    'no adoption in a string',
    { HomeEfsFileSystem: 'Delete', AdoptExisting: 'false' },
    { contents: 'Apps', homeEfsFileSystem: 'Delete', leftovers: true },
  ],
])('%s', (_, properties, choices) => {
  expect(deletionChoices(properties)).toEqual(choices);
});
