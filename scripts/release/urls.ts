import type { Place } from './place.ts';
import type { Release } from './release.ts';

type Where = Pick<Place, 'bucket' | 'region'>;

/** The URL of a template of a release, as CloudFormation takes it. */
export function templateUrl({ bucket, region }: Where, { prefix }: Pick<Release, 'prefix'>, path: string): string {
  return `https://${bucket}.s3.${region}.${domainOf(region).services}/${prefix}/${path}`;
}

/**
 * The page of the console that creates the provider's stack:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-create-stacks-quick-create-links.html
 */
export function launchUrl(where: Where, release: Pick<Release, 'prefix'>): string {
  const { region } = where;
  const template = encodeURIComponent(templateUrl(where, release, 'provider.yaml'));
  const page = `#/stacks/create/review?templateURL=${template}&stackName=studio-resources`;
  return `https://${domainOf(region).console}/cloudformation/home?region=${region}${page}`;
}

/** The command that installs the provider. */
export function installCommand(where: Where & Pick<Place, 'partition'>, release: Pick<Release, 'prefix'>): string {
  // A role is passed within its account only, so the account may stay open.
  const roles = `arn:${where.partition}:iam::*:role/studio-*`;
  return [
    `aws cloudformation create-stack --region ${where.region} --stack-name studio-resources`,
    `--template-url ${templateUrl(where, release, 'provider.yaml')}`,
    `--capabilities CAPABILITY_IAM --parameters 'ParameterKey=ExecutionRoleArns,ParameterValue=${roles}'`,
  ].join(' ');
}

function domainOf(region: string): { services: string; console: string } {
  if (region.startsWith('cn-')) return { services: 'amazonaws.com.cn', console: 'console.amazonaws.cn' };
  if (region.startsWith('us-gov-')) return { services: 'amazonaws.com', console: 'console.amazonaws-us-gov.com' };
  return { services: 'amazonaws.com', console: 'console.aws.amazon.com' };
}
