import { base } from '../base.ts';
import { created, resource } from '../make.ts';
import type { Subject } from '../mistake.ts';

/** A domain that could be created, but for these properties. */
export function domain(changes: Record<string, unknown> = {}) {
  return resource('StudioDomain', {
    DomainName: 'mine',
    VpcId: base('VpcId'),
    SubnetIds: [base('SubnetId')],
    DefaultUserSettings: { ExecutionRole: base('RoleArn') },
    HomeEfsFileSystem: 'Delete',
    ...changes,
  });
}

const settings = (changes: Record<string, unknown>) =>
  domain({ DefaultUserSettings: { ExecutionRole: base('RoleArn'), ...changes } });

const idle = (IdleSettings: Record<string, unknown>) =>
  settings({ JupyterLabAppSettings: { AppLifecycleManagement: { IdleSettings } } });

const missing = undefined;

export const domains: Subject = {
  title: 'A domain',
  mistakes: [
    {
      mistake: 'AuthMod instead of AuthMode',
      make: created(domain({ AuthMod: 'IAM' })),
      property: 'AuthMod:',
      came: 'unknown property',
      cure: /did you mean AuthMode/,
    },
    {
      mistake: 'domainName in lower case',
      make: created(domain({ DomainName: missing, domainName: 'mine' })),
      property: 'domainName:',
      came: 'unknown property',
      cure: /did you mean DomainName/,
    },
    {
      mistake: 'A misspelt setting, four levels deep',
      make: created(idle({ LifecycleManagement: 'ENABLED', IdleTimeoutMinutes: 60 })),
      property: 'DefaultUserSettings.JupyterLabAppSettings.AppLifecycleManagement.IdleSettings.IdleTimeoutMinutes',
      came: 'unknown property',
      cure: /did you mean IdleTimeoutInMinutes/,
    },
    {
      mistake: 'ExecutionRole beside DefaultUserSettings, not in it',
      make: created(domain({ ExecutionRole: base('RoleArn'), DefaultUserSettings: missing })),
      property: 'DefaultUserSettings',
      came: /ExecutionRole: unknown property/,
      cure: /DefaultUserSettings: required|DefaultUserSettings\.ExecutionRole/,
    },
    {
      mistake: 'No DomainName',
      make: created(domain({ DomainName: missing })),
      property: 'DomainName',
      came: 'missing',
      cure: 'required',
    },
    {
      mistake: 'A word where a number belongs',
      make: created(idle({ LifecycleManagement: 'ENABLED', IdleTimeoutInMinutes: 'soon' })),
      property: 'IdleSettings.IdleTimeoutInMinutes',
      came: 'soon',
      cure: 'expected a number',
    },
    {
      mistake: 'A list where one structure belongs',
      make: created(domain({ DefaultUserSettings: [{ ExecutionRole: base('RoleArn') }] })),
      property: 'DefaultUserSettings',
      came: 'a list',
      cure: 'expected an object',
    },
    {
      mistake: 'Tags as a map',
      make: created(domain({ Tags: { Team: 'research' } })),
      property: 'Tags',
      came: 'an object',
      cure: /expected a list/,
    },
    {
      mistake: 'A tag of AWS’s own prefix',
      make: created(domain({ Tags: [{ Key: 'aws:team', Value: 'research' }] })),
      property: /tag/i,
      came: 'aws:team',
      cure: /choose another/,
    },
    {
      mistake: 'AuthMode: Iam',
      make: created(domain({ AuthMode: 'Iam' })),
      property: /[aA]uthMode/,
      came: 'Iam',
      cure: /\bSSO\b.*\bIAM\b|\bIAM\b.*\bSSO\b/,
    },
    {
      mistake: 'AppNetworkAccessType: Private',
      make: created(domain({ AppNetworkAccessType: 'Private' })),
      property: /[aA]ppNetworkAccessType/,
      came: 'Private',
      cure: /VpcOnly/,
    },
    {
      mistake: 'HomeEfsFileSystem: Keep',
      make: created(domain({ HomeEfsFileSystem: 'Keep' })),
      property: 'HomeEfsFileSystem',
      came: 'Keep',
      cure: /one of Retain, Delete/,
    },
    {
      mistake: 'DeleteContents: true',
      make: created(domain({ DeleteContents: true })),
      property: 'DeleteContents',
      came: 'true',
      cure: /one of Apps, All, None/,
    },
    {
      mistake: 'An idle timeout below the least',
      make: created(idle({ LifecycleManagement: 'ENABLED', IdleTimeoutInMinutes: 5 })),
      property: /[iI]dleTimeoutInMinutes/,
      came: /\b5\b/,
      cure: /\b60\b/,
    },
    {
      mistake: 'A DomainName with a blank and an underscore',
      make: created(domain({ DomainName: 'my data_science' })),
      property: /[dD]omainName/,
      came: 'my data_science',
      cure: /pattern|letters/,
    },
    {
      mistake: 'The name of a role where its ARN belongs',
      make: created(settings({ ExecutionRole: 'studio-analyst' })),
      property: 'DefaultUserSettings.ExecutionRole',
      came: 'studio-analyst',
      cure: /expected the ARN of an IAM role/,
    },
    {
      mistake: 'The name of a role for shared spaces',
      make: created(domain({ DefaultSpaceSettings: { ExecutionRole: 'studio-analyst' } })),
      property: 'DefaultSpaceSettings.ExecutionRole',
      came: 'studio-analyst',
      cure: /expected the ARN of an IAM role/,
    },
    {
      mistake: 'The ARN of a policy where a role’s belongs',
      make: created(settings({ ExecutionRole: 'arn:aws:iam::aws:policy/AmazonSageMakerFullAccess' })),
      property: 'DefaultUserSettings.ExecutionRole',
      came: 'AmazonSageMakerFullAccess',
      cure: /expected the ARN of an IAM role/,
    },
    {
      mistake: 'A role that the provider may not pass',
      make: created(settings({ ExecutionRole: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:role/stronger' } })),
      property: 'iam:PassRole',
      came: 'role/stronger',
      cure: /parameter ExecutionRoleArns/,
    },
    {
      mistake: 'A role that does not exist',
      make: created(settings({ ExecutionRole: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:role/studio-absent' } })),
      property: 'DefaultUserSettings.ExecutionRole',
      came: 'role/studio-absent',
      cure: /ensure that the role exists/,
    },
    {
      mistake: 'A role that does not trust SageMaker',
      make: created(
        settings({ ExecutionRole: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:role/studio-untrusting' } }),
      ),
      property: 'DefaultUserSettings.ExecutionRole',
      came: 'role/studio-untrusting',
      cure: /allows principal 'sagemaker/,
    },
    {
      mistake: 'A VPC that does not exist',
      make: created(domain({ VpcId: 'vpc-00000000000000000' })),
      property: 'VpcId',
      came: 'vpc-00000000000000000',
      cure: /give one of this account and Region/,
    },
    {
      mistake: 'A subnet that does not exist',
      make: created(domain({ SubnetIds: ['subnet-00000000000000000'] })),
      property: 'SubnetIds[0]',
      came: 'subnet-00000000000000000',
      cure: /give one of this account and Region/,
    },
    {
      mistake: 'A subnet of another VPC',
      make: created(domain({ SubnetIds: [base('OtherSubnetId')] })),
      property: 'SubnetIds[0]',
      came: /subnet-[0-9a-f]{17}/,
      cure: /give those that belong together/,
    },
    {
      mistake: 'The VPC where its subnets belong',
      make: created(domain({ SubnetIds: [base('VpcId')] })),
      property: 'SubnetIds[0]',
      came: /vpc-[0-9a-f]{17}/,
      cure: /give one of this account and Region/,
    },
    {
      mistake: 'A security group that does not exist',
      make: created(settings({ SecurityGroups: ['sg-00000000000000000'] })),
      property: 'DefaultUserSettings.SecurityGroups[0]',
      came: 'sg-00000000000000000',
      cure: /give one of this account and Region/,
    },
    {
      mistake: 'A KMS key that does not exist',
      make: created(domain({ KmsKeyId: '00000000-0000-4000-8000-000000000000' })),
      property: 'KmsKeyId',
      came: '00000000-0000-4000-8000-000000000000',
      cure: /give one of this account and Region/,
    },
    {
      mistake: 'No DefaultUserSettings',
      make: created(domain({ DefaultUserSettings: missing })),
      property: 'DefaultUserSettings',
      came: 'missing',
      cure: 'required',
    },
  ],
};
