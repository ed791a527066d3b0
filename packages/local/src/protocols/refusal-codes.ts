import type { Model, OperationModel, Protocol } from './model.ts';
import type { Problem } from './problem.ts';

/** What a service answers where its protocol's own code is not the one. */
interface Codes {
  invalid: string;
  /** Where a required member is missing. */
  missing?: string;
  /** By the member that is wrong, where that has a code of its own. */
  ofMember?: (member: string, problem: Problem, model: Model) => string | undefined;
}

/**
 * What services answer by their protocol: the code `ValidationError` of IAM's, STS's and CloudFormation's common errors;
 * `ValidationException` as SageMaker, Lambda, CodePipeline, EventBridge, Service Catalog and Systems Manager answer (seen in
 * issues of terraform-provider-aws and of the AWS CDK, and documented by Step Functions and Systems Manager).
 */
const byProtocol: Record<Protocol, Codes> = {
  'aws-json': { invalid: 'ValidationException' },
  'rest-json': { invalid: 'ValidationException' },
  query: { invalid: 'ValidationError' },
  // EC2's error codes.
  ec2: { invalid: 'InvalidParameterValue', missing: 'MissingParameter' },
  'rest-xml': { invalid: 'InvalidRequest' },
};

/** The services that document a code of their own, in the descriptions of their errors unless said otherwise. */
const byService: Record<string, Codes> = {
  efs: { invalid: 'BadRequest' },
  ram: { invalid: 'InvalidParameterException', missing: 'MissingRequiredParameterException', ofMember: memberError },
  ecr: { invalid: 'InvalidParameterException' },
  'cloudwatch-logs': { invalid: 'InvalidParameterException' },
  codebuild: { invalid: 'InvalidInputException' },
  codecommit: { invalid: 'ValidationException', ofMember: memberError },
  // That CloudTrail answers this one for members without an error of their own is not documented.
  cloudtrail: { invalid: 'InvalidParameterException', ofMember: memberError },
  // `InvalidParameterException`, whose code on the wire is this one.
  sns: { invalid: 'InvalidParameter' },
  // S3's error codes; which of them a member has, where it is not in the body, is documented for few.
  s3: { invalid: 'InvalidArgument', missing: 'InvalidRequest', ofMember: s3Error },
};

/** The members whose values have an error of their own among S3's error codes. */
const s3Errors: Record<string, string> = {
  LocationConstraint: 'InvalidLocationConstraint',
  StorageClass: 'InvalidStorageClass',
  ServerSideEncryption: 'InvalidEncryptionAlgorithmError',
  TagSet: 'InvalidTag',
};

/** The code of the error with which a service answers a problem. */
export function codeOf(model: Model, operation: OperationModel, problem: Problem): string {
  const codes = byService[model.id] ?? byProtocol[model.protocol];
  const member = problem.path.findLast((step) => typeof step === 'string') ?? '';
  const own = codes.ofMember?.(member, problem, model);
  if (own !== undefined) return own;
  if (model.id === 's3' && isInXml(operation, problem)) return 'MalformedXML';
  return (problem.kind === 'missing' ? codes.missing : undefined) ?? codes.invalid;
}

/** Some services have an error a member: `InvalidRepositoryNameException`, `RepositoryNameRequiredException`. */
function memberError(member: string, { kind }: Problem, { errors }: Model): string | undefined {
  const name = `${member[0]?.toUpperCase()}${member.slice(1)}`;
  const code = kind === 'missing' ? `${name}RequiredException` : `Invalid${name}Exception`;
  return errors.has(code) ? code : undefined;
}

function s3Error(_: string, { kind, path }: Problem): string | undefined {
  const steps = kind === 'constraint' ? path.filter((step) => typeof step === 'string') : [];
  return steps.map((step) => s3Errors[step]).find((code) => code !== undefined);
}

/** S3 checks a body of XML against its schema. */
function isInXml({ input }: OperationModel, { path, kind }: Problem): boolean {
  if (kind === 'missing' && path.length === 1) return false;
  const [, member] = [...input.structIterator()].find(([name]) => name === path[0]) ?? [];
  return member?.getMergedTraits().httpPayload !== undefined;
}
