import type { ParameterDeclaration } from '../../packages/local/src/cloudformation/template/template.ts';
import type { TemplateFile } from '../templates/files.ts';
import { referencesIn } from '../templates/references.ts';
import type { Finding } from './findings.ts';

/** AWS's own types, by which the console offers what there is and refuses the rest. */
const types: [name: RegExp, type: string][] = [
  [/VpcId$/, 'AWS::EC2::VPC::Id'],
  [/SubnetId$/, 'AWS::EC2::Subnet::Id'],
  [/SubnetIds$/, 'List<AWS::EC2::Subnet::Id>'],
  [/SecurityGroupId$/, 'AWS::EC2::SecurityGroup::Id'],
  [/SecurityGroupIds$/, 'List<AWS::EC2::SecurityGroup::Id>'],
  [/AvailabilityZone$/, 'AWS::EC2::AvailabilityZone::Name'],
  [/AvailabilityZones$/, 'List<AWS::EC2::AvailabilityZone::Name>'],
];

/** Parameters that are untyped, unlimited, unexplained, unused or in no group. */
export function checkParameters(file: TemplateFile): Finding[] {
  const { path, template, places } = file;
  const used = new Set(referencesIn(template).map(({ name }) => name));
  const found = [...template.parameters.values()].flatMap((parameter) => {
    const { name, line } = parameter;
    const wrong = [...typing(parameter), ...limits(parameter)];
    // A rule may look at all parameters of a type.
    if (!used.has(name)) wrong.push(['unused-parameter', 'nothing refers to it; remove it']);
    return wrong.map(([rule, message]) => ({ path, line, rule, message: `${name}: ${message}` }));
  });
  const line = places.at('/Metadata/AWS::CloudFormation::Interface').line;
  return [...found, ...groups(file).map((message) => ({ path, line, rule: 'parameter-group', message }))];
}

type Wrong = [rule: string, message: string];

function typing({ name, type, default: value }: ParameterDeclaration): Wrong[] {
  const wanted = types.find(([form]) => form.test(name))?.[1];
  // What may be left out cannot be of such a type: AWS wants it to exist.
  if (!wanted || value === '' || type.includes(wanted.replace(/^List<|>$/g, ''))) return [];
  return [['parameter-type', `is a ${type}; give it the type ${wanted}`]];
}

function limits(parameter: ParameterDeclaration): Wrong[] {
  const { type, allowedPattern, allowedValues, constraintDescription } = parameter;
  const { minLength, maxLength, minValue, maxValue } = parameter;
  // Without it, CloudFormation does not say what is allowed: "Parameter 'A' must be one of AllowedValues". With it, it is shown
  // for AllowedValues as well: https://github.com/aws-quickstart/quickstart-tableau-server/issues/71
  const given = [allowedPattern, allowedValues, minLength, maxLength, minValue, maxValue];
  const isLimited = given.some((limit) => limit !== undefined);
  const wrong: Wrong[] = [];
  if (type === 'String' && allowedPattern === undefined && allowedValues === undefined) {
    wrong.push(['parameter-constraint', 'takes any text; give it AllowedPattern or AllowedValues']);
  }
  if (isLimited && !constraintDescription) {
    wrong.push(['constraint-description', 'give it a ConstraintDescription, which says what is accepted']);
  }
  return wrong;
}

/** Each parameter in one group, and nothing else in any. */
function groups({ template }: TemplateFile): string[] {
  const named = (template.metadata as Metadata | undefined)?.['AWS::CloudFormation::Interface'];
  if (!named) return [];
  const grouped = (named.ParameterGroups ?? []).flatMap(({ Parameters }) => Parameters ?? []);
  const names = [...template.parameters.keys()];
  return [
    ...names.filter((name) => !grouped.includes(name)).map((name) => `${name}: is in no group of the Interface`),
    ...grouped.filter((name) => !names.includes(name)).map((name) => `${name}: is in a group, and no parameter`),
    ...grouped.filter((name, index) => grouped.indexOf(name) < index).map((name) => `${name}: is in two groups`),
  ];
}

interface Metadata {
  'AWS::CloudFormation::Interface'?: { ParameterGroups?: { Parameters?: string[] }[] };
}
