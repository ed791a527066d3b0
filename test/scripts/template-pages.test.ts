import { orphans } from '../../scripts/reference/pages.ts';
import { readTemplateFile } from '../../scripts/templates/files.ts';
import { graphOf } from '../../scripts/templates/graph.ts';
import { templatePages } from '../../scripts/templates/pages.ts';
import { picture } from '../../scripts/templates/picture.ts';

const version = "AWSTemplateFormatVersion: '2010-09-09'\n";
const template = (text: string, path = 'cloudformation/thing.yaml') => readTemplateFile(path, version + text);

/** The picture's nodes and arrows, without Mermaid's words. */
function drawn(text: string, ...others: ReturnType<typeof template>[]): string[] {
  const lines = picture(graphOf(template(text), others))
    .split('\n')
    .slice(1);
  return lines.map((line) => line.trim());
}

describe('a picture', () => {
  test('shows which resource uses which', () => {
    expect(
      drawn(`
Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { VpcId: !Ref Vpc, GroupDescription: A } }
`),
    ).toEqual(['n0["Vpc<br/>EC2 VPC"]', 'n1["Group<br/>EC2 SecurityGroup"]', 'n1 --> n0']);
  });

  test('lists a role, a log and a permission in the box of their function', () => {
    expect(
      drawn(`
Resources:
  Log: { Type: AWS::Logs::LogGroup }
  Role:
    Type: AWS::IAM::Role
    Properties: { Policies: [{ PolicyDocument: { Statement: { Resource: [!GetAtt Log.Arn, !GetAtt Bucket.Arn] } } }] }
  Function: { Type: AWS::Lambda::Function, DependsOn: Log, Properties: { Role: !GetAtt Role.Arn } }
  Permission: { Type: AWS::Lambda::Permission, Properties: { FunctionName: !Ref Function, SourceArn: !GetAtt Rule.Arn } }
  Rule: { Type: AWS::Events::Rule, Properties: { Targets: [{ Arn: !GetAtt Function.Arn }] } }
  Bucket: { Type: AWS::S3::Bucket }
`),
    ).toEqual([
      'n0["Function<br/>Lambda Function<br/>with log group, role, permission"]',
      'n1["Rule<br/>Events Rule"]',
      'n2[("Bucket<br/>S3 Bucket")]',
      'n0 --> n2',
      'n1 --> n0',
    ]);
  });

  test('shows a role that two resources or people use as a box of its own', () => {
    const nodes = drawn(`
Resources:
  Shared: { Type: AWS::IAM::Role }
  First: { Type: AWS::Lambda::Function, Properties: { Role: !GetAtt Shared.Arn } }
  Second: { Type: AWS::CodeBuild::Project, Properties: { ServiceRole: !Ref Shared } }
  Execution: { Type: AWS::IAM::Role }
  Domain: { Type: Custom::StudioDomain, Properties: { Role: !GetAtt Execution.Arn } }
`);
    expect(nodes).toContain('n0["Shared<br/>IAM Role"]');
    expect(nodes).toContain('n3["Execution<br/>IAM Role"]');
    expect(nodes).toContain('n4[["Domain<br/>Custom::StudioDomain"]]');
  });

  test('merges equal resources into one node, also if they are equal only after other merges', () => {
    expect(
      drawn(`
Resources:
  Vpc: { Type: AWS::EC2::VPC }
  FirstSubnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc } }
  SecondSubnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc } }
  FirstTarget: { Type: AWS::EFS::MountTarget, Properties: { SubnetId: !Ref FirstSubnet } }
  SecondTarget: { Type: AWS::EFS::MountTarget, Properties: { SubnetId: !Ref SecondSubnet } }
`),
    ).toEqual([
      'n0["Vpc<br/>EC2 VPC"]',
      'n1["FirstSubnet<br/>SecondSubnet<br/>EC2 Subnet"]',
      'n2["FirstTarget<br/>SecondTarget<br/>EFS MountTarget"]',
      'n1 --> n0',
      'n2 --> n1',
    ]);
  });

  test('draws conditional resources with a dashed border', () => {
    const lines = drawn(`
Conditions: { IsHere: !Equals [!Ref AWS::Region, us-east-1] }
Resources:
  Always: { Type: AWS::SNS::Topic }
  Sometimes: { Type: AWS::SNS::Topic, Condition: IsHere }
`);
    expect(lines).toEqual([
      'n0["Always<br/>SNS Topic"]',
      'n1["Sometimes<br/>SNS Topic"]',
      'classDef conditional stroke-dasharray: 5 5',
      'class n1 conditional',
    ]);
  });

  test('shows the stacks that it imports from, by their templates', () => {
    const exporting = template(
      `
Resources: { Topic: { Type: AWS::SNS::Topic } }
Outputs: { A: { Value: !Ref Topic, Export: { Name: !Sub 'Topic-\${AWS::Region}' } } }
`,
      'cloudformation/base.yaml',
    );
    const lines = drawn(
      `
Resources:
  Known: { Type: Custom::A, Properties: { Topic: !ImportValue { 'Fn::Sub': 'Topic-\${AWS::AccountId}' } } }
  Unknown: { Type: Custom::B, Properties: { Topic: !ImportValue Somewhere } }
`,
      exporting,
    );
    expect(lines).toEqual(
      expect.arrayContaining([
        'n2(["base.yaml"])',
        'n3(["Somewhere"])',
        'n0 -.-> n2',
        'n1 -.-> n3',
        'class n2,n3 stack',
      ]),
    );
  });
});

describe('the pages', () => {
  const base = template(
    `
Description: The base
Metadata: { StudioResources: { Need: A base, Takes: patience } }
Parameters:
  Size: { Type: Number, Description: How much }
  Kind: { Type: String, Description: Which, Default: a, AllowedValues: [a, b] }
Resources: { Topic: { Type: AWS::SNS::Topic } }
Outputs: { Arn: { Description: The topic, Value: !Ref Topic, Export: { Name: BaseTopic } } }
`,
    'cloudformation/zero.yaml',
  );
  const thing = template(`
Description: The thing
Metadata: { StudioResources: { Need: A thing } }
Resources: { Thing: { Type: Custom::Thing, Properties: { Topic: !ImportValue BaseTopic } } }
`);
  const example = template('\nResources: { Topic: { Type: AWS::SNS::Topic } }\n', 'cloudformation/examples/topic.yaml');
  const pages = templatePages([thing, base, example]);
  const main = pages.get('cloudformation/README.md')!;

  test('there is one main page, and one for each folder', () => {
    expect([...pages.keys()]).toEqual(['cloudformation/README.md', 'cloudformation/examples/TEMPLATES.md']);
    expect(main).toContain('[`examples`](examples/TEMPLATES.md)');
    expect(pages.get('cloudformation/examples/TEMPLATES.md')).toContain('## [`topic.yaml`](topic.yaml)');
  });

  test('the table says what each template is for and what it needs, and lists what others need first', () => {
    expect(main.split('\n').filter((line) => line.startsWith('| A '))).toEqual([
      '| A base | [`zero.yaml`](zero.yaml) | `Size`; patience |',
      '| A thing | [`thing.yaml`](thing.yaml) | [`zero.yaml`](zero.yaml) |',
    ]);
  });

  test('a section has a template’s resources, parameters and outputs', () => {
    expect(main).toContain('## [`zero.yaml`](zero.yaml)\n\nThe base\n\n```mermaid\nflowchart LR\n');
    expect(main).toContain('<details><summary>2 parameters</summary>');
    expect(main).toContain('| `Size` | required |  | How much |\n| `Kind` | `a` | `a`, `b` | Which |');
    expect(main).toContain('<details><summary>1 output</summary>');
    expect(main).toContain('| `Arn` | `BaseTopic` | The topic |');
  });

  test('a generated page without templates is a finding, a hand-written page is not', () => {
    const sources = [
      'cloudformation/examples/TEMPLATES.md',
      'cloudformation/ci/TEMPLATES.md',
      'cloudformation/ci/README.md',
    ];
    expect(
      orphans(
        sources.map((path) => ({ path, text: '' })),
        pages,
      ),
    ).toEqual(['cloudformation/ci/TEMPLATES.md']);
  });
});
