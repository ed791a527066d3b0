import type { Names } from './names.ts';

/** A template with the resource in it, for the reference and for people to copy. */
export function example({ id }: Names): string {
  return `AWSTemplateFormatVersion: '2010-09-09'
Description: A text that is kept under a name.

Parameters:
  Text:
    Type: String
    Description: The text
    Default: Hello
    AllowedPattern: '.{1,4096}'
    ConstraintDescription: at most 4096 characters

Resources:
  ${id}:
    Type: Custom::${id}
    Properties:
      ServiceToken: !ImportValue ${id}ServiceToken
      Name: greeting
      Text: !Ref Text

Outputs:
  Arn:
    Description: Where it is kept
    Value: !GetAtt ${id}.Arn
`;
}

/** A test that deploys the example with the built zip, and deletes it. */
export function exampleTest({ name }: Names): string {
  return `import { takeInventory } from '../../scripts/start/inventory.ts';
import { deployTemplate, removeStack, startCloud, type TestCloud } from './cloud.ts';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startCloud();
});

afterAll(() => cloud.stop());

test('examples/${name}.yaml makes it, changes it, and leaves nothing', async () => {
  const before = await takeInventory(cloud.clients);
  const made = await deployTemplate(cloud, 'example', 'examples/${name}.yaml');
  const changed = await deployTemplate(cloud, 'example', 'examples/${name}.yaml', { Text: 'Welcome' });
  expect(changed).toEqual(made);
  await removeStack(cloud, 'example');
  expect(await takeInventory(cloud.clients)).toEqual(before);
});
`;
}
