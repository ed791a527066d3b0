import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkByCfnLint } from '../../scripts/check/cfn-lint.ts';
import { shown } from '../../scripts/check/findings.ts';
import { checkTemplates } from '../../scripts/check/templates.ts';
import { definitionOf } from '../../scripts/reference/definition.ts';
import { readTemplateFiles } from '../../scripts/templates/files.ts';
import { temporaryDirectory } from '../stacks/temporary-directory.ts';

const definitions = await Promise.all(['studio-domain', 'home-seed', 'studio-user-profile-fleet'].map(definitionOf));
const path = 'cloudformation/thing.yaml';
const head = `AWSTemplateFormatVersion: '2010-09-09'
Description: Makes things
Metadata: { StudioResources: { Need: A thing } }
`;

/** What another stack exports. */
const exporting = {
  path: 'cloudformation/provider.yaml',
  text: `${head}Resources:
  Topic: { Type: AWS::SNS::Topic }
Outputs:
  A: { Description: A, Value: !Ref Topic, Export: { Name: StudioDomainServiceToken } }
  B: { Description: B, Value: !Ref Topic, Export: { Name: RoleArn } }
  C: { Description: C, Value: !Ref Topic, Export: { Name: !Sub 'HomeSeedServiceToken-\${AWS::Region}' } }
`,
};

/** What is found in a template, without its path. */
async function problemsWith(text: string): Promise<string[]> {
  const problems = shown(await checkTemplates(readTemplateFiles([{ path, text }, exporting]), definitions));
  return problems.map((problem) => problem.slice(path.length + 1));
}

/** A template whose sections begin at line 4. */
const withSections = (...sections: string[]) => problemsWith(head + sections.join(''));

/** A parameter from line 5 to line 6, and one resource that refers to it. */
const withParameter = (name: string, ...lines: string[]) =>
  withSections(
    `Parameters:\n  ${name}:\n${lines.map((line) => `    ${line}\n`).join('')}`,
    `Resources:\n  Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Sub '\${${name}}' } }\n`,
  );

/** A role with a statement from line 13 on. */
const withStatement = (...lines: string[]) =>
  withSections(`Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] }
      Policies:
        - PolicyName: things
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
${lines.map((line) => `              ${line}\n`).join('')}`);

const withResources = (text: string) => withSections('Resources:\n', text);

test('a template that follows every rule has no finding, even if a condition excludes an empty value', async () => {
  const text = `Parameters:
  KmsKeyArn:
    Type: String
    Description: A key
    Default: ''
    AllowedPattern: '(arn:.+)?'
    ConstraintDescription: the ARN of a key
Conditions:
  HasKmsKey: !Not [!Equals [!Ref KmsKeyArn, '']]
  IsHere: !Equals [!Ref AWS::Region, us-east-1]
Resources:
  Group:
    Type: AWS::Logs::LogGroup
    Properties:
      KmsKeyId: !If [HasKmsKey, !Ref KmsKeyArn, !Ref AWS::NoValue]
      LogGroupName: !If [IsHere, here, there]
`;
  expect(await withSections(text)).toEqual([]);
  const other = text.replace('HasKmsKey, !Ref', 'IsHere, !Ref').replace('IsHere, here', 'HasKmsKey, here');
  expect(await withSections(other)).toEqual([expect.stringMatching(/^18: F3031: Group Properties\.KmsKeyId: ''/)]);
});

describe('a template’s description', () => {
  test('a template without a description or a Need is a finding', async () => {
    const text = head.replace(/(Description|Metadata): .*\n/g, '');
    expect(await problemsWith(`${text}Resources:\n  Topic: { Type: AWS::SNS::Topic }\n`)).toEqual([
      '1: description: give the template a Description: what it makes, for whom',
      '1: need: say in Metadata, StudioResources, Need what one needs it for, in at most 100 characters',
    ]);
  });

  test('examples and seed code need no Need', async () => {
    const text = `${head.replace(/Metadata: .*\n/, '')}Resources:\n  Topic: { Type: AWS::SNS::Topic }\n`;
    const folders = ['examples', 'project-templates/train/seed-code'];
    const sources = folders.map((folder) => ({ path: `cloudformation/${folder}/thing.yaml`, text }));
    expect(await checkTemplates(readTemplateFiles(sources), definitions)).toEqual([]);
  });

  test('an output without a description is a finding', async () => {
    const outputs = 'Outputs:\n  Arn: { Value: !Ref Topic }\n';
    expect(await withSections('Resources:\n  Topic: { Type: AWS::SNS::Topic }\n', outputs)).toEqual([
      '7: description: Arn: give it a Description',
    ]);
  });

  test('a template that CloudFormation would refuse is a finding', async () => {
    expect(await withResources('  Topic: { Properties: {} }\n')).toEqual([
      expect.stringMatching(/^5: template: .*must contain a Type member/),
    ]);
  });
});

describe('parameters', () => {
  test.each<[string, string, string[], string]>([
    [
      'an untyped one',
      'VpcId',
      ['Type: String', 'Description: A VPC', 'AllowedPattern: vpc-.+', 'ConstraintDescription: a VPC'],
      '5: parameter-type: VpcId: is a String; give it the type AWS::EC2::VPC::Id',
    ],
    [
      'one that takes any text',
      'Name',
      ['{ Type: String, Description: A name }'],
      '5: parameter-constraint: Name: takes any text; give it AllowedPattern or AllowedValues',
    ],
    [
      'one that does not say what it accepts',
      'Name',
      ['{ Type: String, Description: A name, AllowedPattern: a+ }'],
      '5: constraint-description: Name: give it a ConstraintDescription, which says what is accepted',
    ],
    ['one without a description', 'Count', ['{ Type: Number }'], '5: description: Count: give it a Description'],
  ])('%s is found', async (_, name, lines, problem) => {
    expect(await withParameter(name, ...lines)).toEqual([problem]);
  });

  test('an optional parameter cannot have one of AWS’s types', async () => {
    const lines = ['Type: CommaDelimitedList', 'Description: Subnets', "Default: ''"];
    const list = `Parameters:\n  SubnetIds:\n${lines.map((line) => `    ${line}\n`).join('')}`;
    const used =
      "Resources:\n  Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Join ['', !Ref SubnetIds] } }\n";
    expect(await withSections(list, used)).toEqual([]);
  });

  test('a parameter without a reference is a finding, one that a condition refers to is not', async () => {
    const parameters = `Parameters:
  First: { Type: CommaDelimitedList, Description: Names }
  Second: { Type: Number, Description: How many }
Conditions:
  HasFirst: !Not [!Equals [!Join ['', !Ref First], '']]
Resources:
  Topic: { Type: AWS::SNS::Topic, Condition: HasFirst }
`;
    expect(await withSections(parameters)).toEqual(['6: unused-parameter: Second: nothing refers to it; remove it']);
  });

  test('a parameter in no group or in two, and a group with an unknown name, are findings', async () => {
    const text = `${head.replace(/Metadata: .*\n/, '')}Metadata:
  StudioResources: { Need: A thing }
  AWS::CloudFormation::Interface:
    ParameterGroups:
      - { Label: { default: Names }, Parameters: [First, First, Third] }
Parameters:
  First: { Type: Number, Description: One }
  Second: { Type: Number, Description: Another }
Resources:
  Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Sub '\${First} \${Second}' } }
`;
    expect(await problemsWith(text)).toEqual([
      '5: parameter-group: Second: is in no group of the Interface',
      '5: parameter-group: Third: is in a group, and no parameter',
      '5: parameter-group: First: is in two groups',
    ]);
  });
});

describe('resources', () => {
  test("a property and a value that AWS's schemas do not know are found", async () => {
    const text =
      '  Group:\n    Type: AWS::Logs::LogGroup\n    Properties:\n      Retention: 7\n      RetentionInDays: 8\n';
    expect(await withResources(text)).toEqual([
      expect.stringMatching(/^8: F3002: Group Properties\.Retention: Additional properties are not allowed/),
      expect.stringMatching(/^9: W3030: Group Properties\.RetentionInDays: 8 is not one of/),
    ]);
  });

  test('a function with a timeout over Lambda’s limit is a finding', async () => {
    const text = `  Function:
    Type: AWS::Lambda::Function
    Properties:
      Code: { S3Bucket: bucket, S3Key: key }
      Handler: index.handler
      Runtime: nodejs24.x
      Role: !Sub arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/function
      Timeout: 901
`;
    expect(await withResources(text)).toEqual([
      '12: lambda-timeout: Function: Lambda lets no function run longer than 900 s; give it a shorter Timeout',
    ]);
    expect(await withResources(text.replace('901', '900'))).toEqual([]);
  });

  const machine = (definition: string) => `  Waiter:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: !ImportValue RoleArn
      ${definition}
`;
  const states = (next: string) =>
    `{ StartAt: A, States: { A: { Type: Wait, Seconds: 1, Next: ${next} }, B: { Type: Succeed } } }`;
  const text = (next: string) =>
    `DefinitionString: !Sub '{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:\${AWS::Partition}:states:::lambda:invoke", "Next": "${next}"}, "B": {"Type": "Succeed"}}}'`;

  test.each([
    ['an object', `Definition: ${states('B')}`, `Definition: ${states('C')}`],
    ['a text', text('B'), text('C')],
  ])('a state machine as %s with a transition to a missing state is a finding', async (_, right, wrong) => {
    const problems = await withResources(machine(wrong));
    expect(problems).toEqual([
      '9: state-machine: Waiter: State B is not reachable',
      expect.stringMatching(/^9: state-machine: Waiter: Missing .* target: C$/),
    ]);
    expect(await withResources(machine(right))).toEqual([]);
  });

  test('a state machine whose definition is not JSON is a finding', async () => {
    expect(await withResources(machine("DefinitionString: '{'"))).toContainEqual(
      expect.stringMatching(/^9: state-machine: Waiter: its definition is no JSON/),
    );
  });
});

describe('custom resources', () => {
  const domain = (...lines: string[]) => `  Domain:
    Type: Custom::MyDomain
    Properties:
      ServiceToken: !ImportValue StudioDomainServiceToken
      DomainName: research
      VPC: vpc-0123456789abcdef0
      SubnetIds: subnet-0123456789abcdef0,subnet-0123456789abcdef1
      DefaultUserSettings:
        ExecutionRole: arn:aws:iam::111122223333:role/studio-user
${lines.map((line) => `        ${line}\n`).join('')}`;
  test('the handler’s properties and aliases have no finding, whatever the type’s name', async () => {
    expect(await withSections(`Resources:\n${domain()}`)).toEqual([]);
  });

  test('a nested property that the handler does not know is a finding', async () => {
    const idle = 'JupyterLabAppSettings: { AppLifecycleManagement: { IdleSettings: { IdleTimeout: 60 } } }';
    expect(await withSections(`Resources:\n${domain(idle)}`)).toEqual([
      expect.stringMatching(/^14: F3002: Domain .*IdleSettings\.IdleTimeout: Additional properties are not allowed/),
    ]);
  });

  test('a missing property is a finding', async () => {
    const text = domain().replace(/ {6}(DomainName|VPC).*\n/g, '');
    expect(await withSections(`Resources:\n${text}`)).toEqual([
      expect.stringMatching(/^7: F3003: Domain Properties: 'DomainName' is a required property/),
    ]);
  });

  test('an attribute that the handler does not return is a finding', async () => {
    const outputs = `Outputs:
  Good: { Description: A, Value: !GetAtt Domain.Url }
  Bad: { Description: B, Value: !GetAtt Domain.Name }
  Worse: { Description: C, Value: !Sub 'a \${Domain.Color}' }
`;
    const found = await withSections(`Resources:\n${domain()}${outputs}`);
    expect(found.filter((problem) => problem.includes(': attribute: '))).toEqual([
      expect.stringMatching(/^16: attribute: Domain\.Name: Custom::StudioDomain has DomainId, DomainArn, /),
      expect.stringMatching(/^17: attribute: Domain\.Color: /),
    ]);
  });

  test('the finding for a resource without attributes says so', async () => {
    const text = `Resources:
  Seed:
    Type: Custom::HomeSeed
    Properties:
      ServiceToken: !ImportValue { 'Fn::Sub': 'HomeSeedServiceToken-\${AWS::AccountId}' }
      DomainId: d-abc
      Source: s3://bucket/a.zip
Outputs:
  Bad: { Description: A, Value: !GetAtt Seed.Count }
`;
    expect(await withSections(text)).toContain('12: attribute: Seed.Count: Custom::HomeSeed has none at all');
  });

  test('a custom resource without a handler is a finding unless the template has the function', async () => {
    const other = (token: string) => `Resources:
  Other: { Type: Custom::Other, Properties: { ServiceToken: ${token} } }
`;
    expect(await withSections(other('!Ref AWS::StackName'))).toEqual([
      '5: service-token: Other: no handler makes Custom::Other; name an installed one by !ImportValue <name>ServiceToken',
    ]);
    const own = `  Function:
    Type: AWS::Lambda::Function
    Properties:
      Code: { S3Bucket: bucket, S3Key: key }
      Handler: index.handler
      Runtime: nodejs24.x
      Role: !Sub arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/function
`;
    expect(await withSections(`${other('!GetAtt Function.Arn')}${own}`)).toEqual([]);
  });

  test('an import that nothing exports is a finding', async () => {
    expect(await withSections(`Resources:\n${domain().replace('StudioDomainS', 'S')}`)).toContain(
      '8: import: ServiceToken: no template below cloudformation/ exports it',
    );
  });
});

describe('policies', () => {
  test('a wildcard action is a finding', async () => {
    const problems = await withStatement(
      "- { Effect: Allow, Action: ['s3:Get*'], Resource: !Sub 'arn:${AWS::Partition}:s3:::a/*' }",
    );
    expect(problems).toEqual(['14: wildcard-action: Role: name the actions instead of s3:Get*']);
  });

  test('the resource * is a finding if the action supports narrower ones, also in a branch of Fn::If', async () => {
    const everything = (action: string) => `- { Effect: Allow, Action: ${action}, Resource: '*' }`;
    expect(await withStatement(everything('sagemaker:ListDomains'))).toEqual([]);
    const found =
      '14: wildcard-resource: Role: sagemaker:DeleteDomain can be allowed on domain; name them as its Resource';
    expect(await withStatement(everything('[sagemaker:ListDomains, sagemaker:DeleteDomain]'))).toEqual([found]);
    expect(await withStatement(everything('sagemaker:DeleteDomain').replace('Allow', 'Deny'))).toEqual([]);
  });

  test("AWS's own broad policies are found where they are attached", async () => {
    const text = `  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] }
      ManagedPolicyArns:
        - !Sub arn:\${AWS::Partition}:iam::aws:policy/AmazonS3FullAccess
`;
    expect(await withResources(text)).toEqual([
      '10: broad-policy: Role: name the rights that are needed instead of arn:${AWS::Partition}:iam::aws:policy/AmazonS3FullAccess',
    ]);
  });
});

describe('explanations', () => {
  const explained = (comment: string) =>
    withSections(
      `Parameters:\n${comment}  Name: { Type: String, Description: A name }\n`,
      "Resources:\n  Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Sub '${Name}' } }\n",
    );

  test("what a comment explains beside the rule's id is silent", async () => {
    expect(await explained('  # Accepted parameter-constraint: people may write what they like.\n')).toEqual([]);
  });

  test('a comment without a reason accepts nothing', async () => {
    expect(await explained('  # Accepted parameter-constraint:\n')).toHaveLength(1);
  });

  test('a comment that accepts nothing any more is a finding', async () => {
    const comments = '  # Accepted parameter-constraint: people may.\n  # Accepted W3045: it was so.\n';
    expect(await explained(comments)).toEqual([
      '6: accepted: nothing here is found by W3045, so its explanation explains nothing; remove it',
    ]);
  });

  test('a comment accepts findings of what it stands in or above, and nothing else', async () => {
    const text = `Parameters:
  First: { Type: String, Description: A name }
  # Accepted parameter-constraint: people may.
  Second: { Type: String, Description: A name }
Resources:
  Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Sub '\${First}\${Second}' } }
`;
    expect(await withSections(text)).toEqual([expect.stringMatching(/^5: parameter-constraint: First/)]);
  });
});

describe('cfn-lint', () => {
  const thing = { path, text: head };
  const directory = temporaryDirectory();
  const linter = (...lines: string[]) => {
    const command = join(directory(), 'cfn-lint');
    writeFileSync(command, ['#!/bin/sh', ...lines].join('\n'));
    chmodSync(command, 0o755);
    return command;
  };

  test('without it, there are no findings', async () => {
    expect(await checkByCfnLint([thing], { command: join(directory(), 'none') })).toBeUndefined();
  });

  test('its errors are findings', async () => {
    const match = {
      Filename: path,
      Location: { Start: { LineNumber: 3 } },
      Message: 'not so',
      Rule: { Id: 'E3002' },
    };
    const command = linter(`echo '${JSON.stringify([match])}'`, 'exit 2');
    expect(shown((await checkByCfnLint([thing], { command }))!)).toEqual([`${path}:3: cfn-lint E3002: not so`]);
  });

  test('a failure to run it is a finding', async () => {
    const command = linter('echo no Python >&2', 'exit 1');
    await expect(checkByCfnLint([thing], { command })).rejects.toThrow(`Running ${command}: no Python`);
  });
});
