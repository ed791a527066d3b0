import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  type Stack,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import type { Account } from '../account.ts';
import { refusal } from '../answers.ts';
import type { Scenario } from '../scenario.ts';
import { createRole, trustIn } from '../shared.ts';

export const stacks: readonly Scenario[] = [
  {
    name: 'stack-missing',
    fact: 'A stack that does not exist is a ValidationError that says so.',
    asks: 'DescribeStacks with a name that no stack has',
    expected: /^ValidationError: Stack with id \S+ does not exist$/,
    source: 'AWS CDK compares the text',
    certainty: 'reported',
    observe: (account) =>
      refusal(account.clients.cloudformation.send(new DescribeStacksCommand({ StackName: account.name('missing') }))),
  },
  {
    name: 'stack-update-nothing',
    fact: 'An update that changes nothing is a ValidationError.',
    asks: 'UpdateStack with the template that the stack has',
    expected: 'ValidationError: No updates are to be performed.',
    source: 'AWS SAM CLI and AWS CDK match the text',
    certainty: 'reported',
    makes: 'a stack with a wait condition handle',
    async observe(account) {
      const StackName = await createStack(account, 'nothing', { TemplateBody: handles(['A']) });
      const { cloudformation } = account.clients;
      return refusal(cloudformation.send(new UpdateStackCommand({ StackName, TemplateBody: handles(['A']) })));
    },
  },
  {
    name: 'stack-template-during-update',
    fact: 'While a stack is being updated, GetTemplate gives the new template.',
    asks: 'GetTemplate while an update waits for a signal',
    expected: 'the new template',
    source: 'no source was found; the runtime works with either',
    certainty: 'unverified',
    makes: 'a stack with wait condition handles',
    async observe(account) {
      const { cloudformation } = account.clients;
      const StackName = await createStack(account, 'template', { TemplateBody: handles(['A']) });
      await cloudformation.send(new UpdateStackCommand({ StackName, TemplateBody: waiting }));
      const { TemplateBody = '' } = await cloudformation.send(new GetTemplateCommand({ StackName }));
      const status = (await describe(account, StackName)).StackStatus;
      if (status !== 'UPDATE_IN_PROGRESS') throw new Error(`The update is ${status} already`);
      return TemplateBody.includes('WaitCondition"') ? 'the new template' : 'the old template';
    },
  },
  {
    name: 'stack-role-source-account',
    fact: "CloudFormation sends no aws:SourceAccount when it assumes a stack's role.",
    asks: 'CreateStack with a role whose trust policy demands it',
    expected: 'ValidationError',
    source:
      'documented for roles of extensions only; AWS CDK, pull request 28342, reports that it works. No template here needs it',
    certainty: 'unverified',
    makes: 'a role without permissions, a stack with a wait condition handle',
    async observe(account) {
      const condition = { StringEquals: { 'aws:SourceAccount': account.identity.id } };
      const RoleARN = await createRole(account, 'stack', trustIn('cloudformation.amazonaws.com', condition));
      // A role that was created seconds ago is refused like one that never will be usable.
      await account.pause(20_000);
      const answer = await refusal(createStack(account, 'role', { TemplateBody: handles(['A']), RoleARN }));
      return answer.replace(/:.*/s, '');
    },
  },
  {
    name: 'custom-resource-strings',
    fact: 'Numbers and booleans reach a custom resource as strings, also in lists and objects.',
    asks: 'a custom resource with a number, a boolean, a list and an object of them',
    expected: '{"Number":"1","Boolean":"true","List":["1","false"],"Object":{"Number":"0.5"}}',
    source: 'aws-cloudformation/cloudformation-coverage-roadmap, issue 1037; AWS CDK, issue 15249',
    certainty: 'reported',
    makes: 'a stack with a function and its role',
    observe: async (account) => (await answers(account)).Scalars ?? '',
  },
  {
    name: 'custom-resource-empty-list',
    fact: 'An empty parameter of type CommaDelimitedList reaches a custom resource as a list with an empty string.',
    asks: 'a custom resource with Ref of such a parameter',
    expected: '[""]',
    source: 'aws-cloudformation/cfn-language-discussion, issue 102',
    certainty: 'reported',
    makes: 'a stack with a function and its role',
    observe: async (account) => (await answers(account)).EmptyList ?? '',
  },
  {
    name: 'custom-resource-no-value',
    fact: 'A property with AWS::NoValue does not reach a custom resource.',
    asks: 'a custom resource with such a property beside another one',
    expected: '{"Kept":"a"}',
    source: 'CloudFormation User Guide, pseudo parameters: "Removes the corresponding resource property"',
    certainty: 'documented',
    makes: 'a stack with a function and its role',
    observe: async (account) => (await answers(account)).NoValue ?? '',
  },
];

/** A template with these handles, which cost nothing and take no time. */
function handles(names: readonly string[]): string {
  const handle = { Type: 'AWS::CloudFormation::WaitConditionHandle' };
  return JSON.stringify({ Resources: Object.fromEntries(names.map((name) => [name, handle])) });
}

/** An update to it ends by itself, as failed, after half a minute. */
const waiting = JSON.stringify({
  Resources: {
    A: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
    B: {
      Type: 'AWS::CloudFormation::WaitCondition',
      Properties: { Handle: { Ref: 'A' }, Timeout: '30', Count: 1 },
    },
  },
});

/** The function answers with what it was asked, as JSON. */
const asking = JSON.stringify({
  Parameters: { Empty: { Type: 'CommaDelimitedList', Default: '' } },
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [trustIn('lambda.amazonaws.com')] },
      },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Code: {
          ZipFile: [
            "const response = require('cfn-response');",
            'exports.handler = (event, context) => {',
            '  const { Scalars, EmptyList, NoValue } = event.ResourceProperties;',
            '  const data = { Scalars, EmptyList, NoValue };',
            '  for (const name in data) data[name] = JSON.stringify(data[name]);',
            "  response.send(event, context, 'SUCCESS', data, 'conform');",
            '};',
          ].join('\n'),
        },
      },
    },
    Asked: {
      Type: 'Custom::Asked',
      Properties: {
        ServiceToken: { 'Fn::GetAtt': ['Function', 'Arn'] },
        ServiceTimeout: 120,
        Scalars: { Number: 1, Boolean: true, List: [1, false], Object: { Number: 0.5 } },
        EmptyList: { Ref: 'Empty' },
        NoValue: { Kept: 'a', Removed: { Ref: 'AWS::NoValue' } },
      },
    },
  },
  Outputs: Object.fromEntries(
    ['Scalars', 'EmptyList', 'NoValue'].map((name) => [name, { Value: { 'Fn::GetAtt': ['Asked', name] } }]),
  ),
});

/** What a custom resource was asked, by property. */
function answers(account: Account): Promise<Record<string, string>> {
  return account.once('answers', async () => {
    const more = { TemplateBody: asking, Capabilities: ['CAPABILITY_IAM' as const] };
    const { Outputs = [] } = await describe(account, await createStack(account, 'asking', more));
    return Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!]));
  });
}

interface NewStack {
  TemplateBody: string;
  RoleARN?: string;
  Capabilities?: 'CAPABILITY_IAM'[];
}

/** Creates a stack completely; its name. */
async function createStack(account: Account, words: string, more: NewStack): Promise<string> {
  const { cloudformation } = account.clients;
  const StackName = account.name(words);
  await cloudformation.send(new CreateStackCommand({ StackName, ...more }));
  account.made(`stack ${StackName}`, () => removeStack(account, StackName, more.RoleARN));
  const { StackStatus, StackStatusReason } = await ended(account, StackName);
  if (StackStatus !== 'CREATE_COMPLETE') throw new Error(`stack ${StackName} is ${StackStatus}: ${StackStatusReason}`);
  return StackName;
}

async function removeStack(account: Account, StackName: string, RoleARN?: string): Promise<void> {
  const { cloudformation } = account.clients;
  // An update that was refused a signal still rolls back.
  const { StackId } = await ended(account, StackName);
  await cloudformation.send(new DeleteStackCommand({ StackName, RoleARN }));
  const { StackStatus, StackStatusReason } = await ended(account, StackId!);
  if (StackStatus !== 'DELETE_COMPLETE') throw new Error(`it is ${StackStatus}: ${StackStatusReason}`);
}

/** The stack once no operation works on it. */
function ended(account: Account, nameOrId: string): Promise<Stack> {
  const atRest = async () => {
    const stack = await describe(account, nameOrId);
    return stack.StackStatus?.endsWith('_IN_PROGRESS') ? undefined : stack;
  };
  return account.until(`stack ${nameOrId} to be at rest`, atRest, 5);
}

async function describe({ clients: { cloudformation } }: Account, StackName: string): Promise<Stack> {
  const { Stacks = [] } = await cloudformation.send(new DescribeStacksCommand({ StackName }));
  return Stacks[0]!;
}
