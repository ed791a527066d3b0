const AWS_TYPES = [
  ...['AWS::EC2::AvailabilityZone::Name', 'AWS::EC2::Image::Id', 'AWS::EC2::Instance::Id'],
  ...['AWS::EC2::KeyPair::KeyName', 'AWS::EC2::SecurityGroup::GroupName', 'AWS::EC2::SecurityGroup::Id'],
  ...['AWS::EC2::Subnet::Id', 'AWS::EC2::VPC::Id', 'AWS::EC2::Volume::Id', 'AWS::Route53::HostedZone::Id'],
];

const PLAIN_TYPES = new Set([
  ...['String', 'Number', 'CommaDelimitedList', 'List<String>', 'List<Number>', 'AWS::SSM::Parameter::Name'],
  ...AWS_TYPES,
  ...AWS_TYPES.map((type) => `List<${type}>`),
]);

/** What a parameter's type means. */
export interface ParameterType {
  /** The value names an SSM parameter, whose value is the parameter's. */
  fromSsm: boolean;
  list: boolean;
  /** The type of the value, or of each of its elements: `String`, `Number` or an AWS-specific type. */
  element: string;
  /** The element is something of AWS that must exist. */
  exists: boolean;
}

/** Reads a type such as `AWS::SSM::Parameter::Value<List<AWS::EC2::Subnet::Id>>`; undefined when there is no such type. */
export function findParameterType(type: string): ParameterType | undefined {
  const ssm = /^AWS::SSM::Parameter::Value<(.+)>$/.exec(type)?.[1];
  const value = ssm ?? type;
  if (!PLAIN_TYPES.has(value)) return undefined;
  // CloudFormation has no numbers in the parameter store.
  if (ssm && /Number/.test(value)) return undefined;
  const element = value === 'CommaDelimitedList' ? 'String' : (/^List<(.+)>$/.exec(value)?.[1] ?? value);
  return { fromSsm: ssm !== undefined, list: value !== element, element, exists: AWS_TYPES.includes(element) };
}
