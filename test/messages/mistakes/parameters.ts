import { ours, ran, stackOf } from '../make.ts';
import type { Subject } from '../mistake.ts';

const example = (parameters: Record<string, string>) => ours('examples/studio.yaml', parameters);

/** `npm start` with a template of ours, which ends before anything is built. */
const started = (file: string, ...more: string[]) =>
  ran('scripts/start.ts', '--port', '0', '--template', `cloudformation/${file}`, ...more);

export const parameters: Subject = {
  title: 'Templates and their parameters',
  mistakes: [
    {
      mistake: 'Several parameters left out, in a test at virtual time',
      make: ours('domain.yaml', {}),
      property: /DomainName.*VpcId.*SubnetIds/s,
      came: 'must have values',
      cure: /parameters: \{ DomainName/,
    },
    {
      mistake: 'npm start, with several parameters left out',
      make: started('domain.yaml'),
      property: /DomainName.*VpcId.*SubnetIds/s,
      came: 'have no default',
      cure: /Add --parameters DomainName=… VpcId=… SubnetIds=…/,
    },
    {
      mistake: 'npm start, with a parameter that the template does not have',
      make: started('examples/studio.yaml', '--parameters', 'DomainNam=mine'),
      property: '--parameters',
      came: 'has no parameter DomainNam',
      cure: /did you mean DomainName.*It has DomainName/s,
    },
    {
      mistake: 'npm start, with a template that does not exist',
      make: started('domian.yaml'),
      property: '--template',
      came: /domian\.yaml.*there is no such file/,
      cure: 'give the path of a template',
    },
    {
      mistake: 'A domain’s name with a blank',
      make: example({ DomainName: 'my domain' }),
      property: 'DomainName',
      came: 'my domain',
      cure: /1 to 63 letters, digits and hyphens/,
      lacks: ['came'],
    },
    {
      mistake: 'An idle timeout below the range',
      make: example({ IdleTimeoutInMinutes: '5' }),
      property: 'IdleTimeoutInMinutes',
      came: /\b5\b/,
      cure: /from an hour to a year/,
      lacks: ['came'],
    },
    {
      mistake: 'DeleteContents: Yes',
      make: example({ DeleteContents: 'Yes' }),
      property: 'DeleteContents',
      came: 'Yes',
      cure: /one of Apps, All, None/,
      lacks: ['came'],
    },
    {
      mistake: 'The name of a role for ExecutionRoleArn',
      make: async (world) =>
        ours('domain.yaml', {
          DomainName: 'mine',
          VpcId: world.base.VpcId!,
          SubnetIds: world.base.SubnetId!,
          ExecutionRoleArn: 'studio-analyst',
        })(world),
      property: 'ExecutionRoleArn',
      came: 'studio-analyst',
      cure: /the ARN of an IAM role/,
      lacks: ['came'],
    },
    {
      mistake: 'A subnet that does not exist',
      make: async (world) =>
        ours('domain.yaml', {
          DomainName: 'mine',
          VpcId: world.base.VpcId!,
          SubnetIds: 'subnet-00000000000000000',
        })(world),
      property: 'SubnetIds',
      came: 'subnet-00000000000000000',
      cure: /give|create|correct/,
      lacks: ['cure'],
    },
    {
      mistake: 'A provider that is not installed',
      make: example({ ProviderNamePrefix: 'vision' }),
      property: /export/i,
      came: 'vision-StudioDomainServiceToken',
      cure: /give|install/i,
      lacks: ['cure'],
    },
    {
      mistake: 'A template that is no YAML',
      make: stackOf('Resources:\n  Mine: [Type: {\n'),
      property: /Template format error/,
      came: /line \d/,
      cure: /YAML|JSON/,
    },
    {
      mistake: 'The path of a template where its text belongs',
      make: stackOf('cloudformation/domain.yaml'),
      property: /[tT]emplate/,
      came: 'cloudformation/domain.yaml',
      cure: /readFileSync/,
    },
    {
      mistake: 'A reference to nothing',
      make: stackOf({ Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { Ref: 'Nmae' } } } } }),
      property: /Unresolved resource dependencies/,
      came: 'Nmae',
      cure: /Resources block/,
    },
  ],
};
