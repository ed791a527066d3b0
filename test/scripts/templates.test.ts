import { checkDocumentedYaml } from '../../scripts/check/documented-yaml.ts';
import { checkTemplates } from '../../scripts/check/templates.ts';
import { readTemplateFiles } from '../../scripts/templates/files.ts';
import { definitions, head, problemsWith, withResources, withSections } from './template-problems.ts';

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

  test('a template that YAML 1.1 does not allow is a finding, and so is a block of YAML in a page', async () => {
    expect(await withResources('  Topic: { Type: AWS::SNS::Topic, Metadata: { Ask: Ready? Go } }\n')).toEqual([
      '5: template: Template format error: YAML not well-formed. (line 5, column 57)',
    ]);
    const page = (block: string) => [{ path: 'README.md', text: `# Page\n\n\`\`\`yaml\n${block}\n\`\`\`\n` }];
    expect(checkDocumentedYaml(page('A: !Sub "${B}"'))).toEqual([]);
    expect(checkDocumentedYaml(page('A: { B: c? d }'))).toEqual([
      'README.md:3: template: the YAML here: Template format error: YAML not well-formed. (line 1, column 10)',
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
