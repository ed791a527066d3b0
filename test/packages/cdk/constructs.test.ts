import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as cdk from '@studio-resources/cdk';
import { App, type CfnResource, CustomResource, Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { handlerNames, pascalCase, root } from '../../../scripts/handlers.ts';
import { definitionOf } from '../../../scripts/reference/definition.ts';

type Constructor = new (scope: Construct, id: string, props: object) => CustomResource;

const resources = handlerNames().filter((name) => name !== 'responder');
const lower = (name: string) => name[0]!.toLowerCase() + name.slice(1);
const constructOf = (name: string) => (cdk as unknown as Record<string, Constructor>)[pascalCase(name)]!;

/** What the construct's type takes besides what all constructs take: by name, whether it has to be given. */
function membersOf(name: string): Map<string, boolean> {
  const text = readFileSync(join(root, `packages/cdk/src/generated/${name}.ts`), 'utf8');
  const [, body = ''] = new RegExp(
    `interface ${pascalCase(name)}Props extends StudioResourceProps \\{(.*?)\\n\\}`,
    's',
  ).exec(text)!;
  return new Map([...body.matchAll(/^ {2}readonly (\w+)(\??): /gm)].map(([, member, mark]) => [member!, mark === '']));
}

/** The declaration in the template, before references are put into it. */
function declarationOf(resource: CustomResource): { type: string; properties: Record<string, unknown> } {
  const own = resource.node.defaultChild as CfnResource & { cfnProperties: Record<string, unknown> };
  return { type: own.cfnResourceType, properties: Stack.of(resource).resolve(own.cfnProperties) };
}

test.each(resources)(
  '%s takes the properties of its definition, requires those that it requires, and no other',
  async (name) => {
    const { types } = await definitionOf(name);
    const defined = [...types].map(([property, { missing }]) => [lower(property), !missing] as const);
    expect(Object.fromEntries(membersOf(name))).toEqual(Object.fromEntries(defined));
  },
);

test.each(resources)('%s passes every property on by its name in CloudFormation', async (name) => {
  const { type, types } = await definitionOf(name);
  const given = Object.fromEntries([...types.keys()].map((property) => [lower(property), `the ${property}`]));
  const resource = new (constructOf(name))(new Stack(new App(), 'stack'), 'Thing', given);
  const declared = declarationOf(resource);
  expect(declared.type).toBe(type);
  const { ServiceToken, ...properties } = declared.properties;
  expect(ServiceToken).toHaveProperty('Fn::ImportValue');
  expect(properties).toEqual(Object.fromEntries([...types.keys()].map((property) => [property, `the ${property}`])));
});

test.each(resources)('%s has a getter for each attribute, and no other', async (name) => {
  const { attributes } = await definitionOf(name);
  const Thing = constructOf(name);
  const generated = name === 'studio-user-profile' ? Object.getPrototypeOf(Thing) : Thing;
  const getters = Object.entries(Object.getOwnPropertyDescriptors(generated.prototype)).filter(([, { get }]) => get);
  expect(getters.map(([getter]) => getter)).toEqual(attributes.map(lower));
  const stack = new Stack(new App(), 'stack');
  const thing = new Thing(stack, 'Thing', {}) as unknown as Record<string, unknown>;
  const logicalId = stack.resolve((thing as unknown as CustomResource).ref).Ref;
  for (const attribute of attributes) {
    expect(stack.resolve(thing[lower(attribute)])).toEqual({ 'Fn::GetAtt': [logicalId, attribute] });
  }
});

test('a removal policy and a timeout are of the resource, not of its properties', () => {
  const stack = new Stack(new App(), 'stack');
  const contents = new cdk.StudioContents(stack, 'Contents', {
    domainId: 'd-abcdefghijkl',
    removalPolicy: RemovalPolicy.RETAIN,
    serviceTimeout: Duration.minutes(5),
  });
  expect(declarationOf(contents).properties).toEqual({
    ServiceToken: { 'Fn::ImportValue': 'StudioContentsServiceToken' },
    ServiceTimeout: '300',
    DomainId: 'd-abcdefghijkl',
  });
  const { deletionPolicy, updateReplacePolicy } = (contents.node.defaultChild as CfnResource).cfnOptions;
  expect([deletionPolicy, updateReplacePolicy]).toEqual(['Retain', 'Retain']);
  expect(contents).toBeInstanceOf(CustomResource);
});

test('a token stands for a value that is newer than the types, and anywhere for a structure', () => {
  const stack = new Stack(new App(), 'stack');
  const InstanceType = Token.asAny('ml.new.large');
  const space = new cdk.StudioSpace(stack, 'Space', {
    domainId: 'd-abcdefghijkl',
    spaceName: 'workbench',
    spaceSettings: { JupyterLabAppSettings: { DefaultResourceSpec: { InstanceType } } },
    ownershipSettings: Token.asAny({ OwnerUserProfileName: 'ada' }),
  });
  expect(declarationOf(space).properties).toMatchObject({
    SpaceSettings: { JupyterLabAppSettings: { DefaultResourceSpec: { InstanceType: 'ml.new.large' } } },
    OwnershipSettings: { OwnerUserProfileName: 'ada' },
  });
});
