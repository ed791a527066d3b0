import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { partitionOf } from '../../iam/partition.ts';
import { alphanumerics } from '../../random.ts';
import type { Call } from '../../service.ts';
import { boundaryGroup, removeBoundaryGroup } from './boundary-group.ts';
import { grantDomainKey } from './domain-key.ts';
import { checkDomain } from './domain-rules.ts';
import { startHome } from './home.ts';
import { imageAccessProblem } from './image-access.ts';
import { mustBeInVpc, securityGroupProblem, subnetProblem } from './network.ts';
import { list } from './pages.ts';
import { checkQuota } from './quotas.ts';
import { all, arnOf, type DomainRecord, get, getVisible, inUse, type Operations, tableOf } from './records.ts';
import { roleProblem, rolesMustBeAssumable } from './roles.ts';
import { checkUserGroup, securityGroupsIn, withDomainDefaults } from './settings.ts';
import { type Endings, enter, mustBeSettled } from './statuses.ts';
import { checkTags, tagNew } from './tags.ts';
import { visibleFrom } from './visibility.ts';

function urlOf(domainId: string, { region }: Call): string {
  return `https://${domainId}.studio.${region}.sagemaker.aws`;
}

/** What IAM Identity Center knows the domain by. */
function singleSignOn({ cloud, account, region }: Call) {
  return {
    SingleSignOnManagedApplicationInstanceId: `ins-${alphanumerics(cloud.store, 16)}`,
    SingleSignOnApplicationArn: `arn:${partitionOf(region)}:sso::${account}:application/sagemaker/apl-${alphanumerics(cloud.store, 16)}`,
  };
}

function newDomain(DomainId: string, request: SageMaker.CreateDomainRequest, call: Call): DomainRecord {
  const arn = arnOf('domain', DomainId, call);
  const { Tags, HomeEfsFileSystemKmsKeyId, KmsKeyId = HomeEfsFileSystemKmsKeyId, ...given } = request;
  const now = new Date(call.clock.now());
  return {
    key: DomainId,
    arn,
    shown: {
      ...given,
      DomainId,
      DomainArn: arn,
      DomainName: request.DomainName!,
      ...(KmsKeyId !== undefined && { KmsKeyId, HomeEfsFileSystemKmsKeyId: KmsKeyId }),
      ...(request.AuthMode === 'SSO' && singleSignOn(call)),
      AppNetworkAccessType: request.AppNetworkAccessType ?? 'PublicInternetOnly',
      HomeEfsFileSystemCreation: request.HomeEfsFileSystemCreation ?? 'Enabled',
      TagPropagation: request.TagPropagation ?? 'DISABLED',
      DefaultUserSettings: withDomainDefaults(request.DefaultUserSettings ?? {}),
      Url: urlOf(DomainId, call),
      Status: 'Pending',
      CreationTime: now,
      LastModifiedTime: now,
    },
    visibleAt: visibleFrom('domain', call),
    step: 0,
    nextUid: 200_001,
  };
}

export const domainOperations: Operations = {
  async CreateDomain(request, call) {
    checkTags(request.Tags);
    checkDomain(request);
    checkUserGroup('create Domain', request.DefaultUserSettings);
    rolesMustBeAssumable(request, call);
    if (request.VpcId !== undefined) await mustBeInVpc(request.VpcId, request.SubnetIds ?? [], call);
    const DomainId = `d-${alphanumerics(call.cloud.store, 12)}`;
    await grantDomainKey(request.KmsKeyId ?? request.HomeEfsFileSystemKmsKeyId, DomainId, call);
    // From here on nothing waits, so that of two such requests only one is carried out.
    const named = all('domain', call, ({ shown }) => shown.DomainName === request.DomainName)[0];
    if (named) throw inUse(`Domain [${named.arn}] already exists with the name ${request.DomainName}.`);
    checkQuota('Total domains', tableOf('domain', call).size, call);
    const domain = newDomain(DomainId, request, call);
    tableOf('domain', call).set(domain.key, domain);
    tagNew(domain.arn, request.Tags, call);
    enter('domain', domain, 'Pending', call);
    if (domain.shown.HomeEfsFileSystemCreation === 'Enabled' && request.VpcId !== undefined) {
      startHome('Pending', 'makeHome', domain, call);
    }
    return { DomainId: domain.key, DomainArn: domain.arn, Url: domain.shown.Url };
  },

  DescribeDomain(request, call) {
    return getVisible('domain', request.DomainId!, call).shown;
  },

  ListDomains(request, call) {
    const domains = tableOf('domain', call).values();
    const { items, NextToken } = list(request, domains, ({ shown }) => detailsOf(shown), call);
    return { Domains: items, NextToken };
  },

  DeleteDomain(request, call) {
    const { DomainId, RetentionPolicy } = request;
    const domain = get('domain', DomainId!, call);
    mustBeSettled('domain', domain, 'delete');
    for (const [kind, contents] of [
      ['user-profile', 'UserProfile(s)'],
      ['space', 'Space(s)'],
    ] as const) {
      if (all(kind, call, ({ shown }) => shown.DomainId === DomainId).length > 0) {
        throw inUse(`Unable to delete Domain [${domain.arn}] because ${contents} are associated with it.`);
      }
    }
    domain.retention = RetentionPolicy?.HomeEfsFileSystem ?? 'Retain';
    enter('domain', domain, 'Deleting', call);
    if (domain.retention === 'Delete' && domain.shown.HomeEfsFileSystemId !== undefined) {
      startHome('Deleting', 'unmountHome', domain, call);
    }
    return {};
  },
};

function detailsOf(shown: DomainRecord['shown']): SageMaker.DomainDetails {
  const { DomainArn, DomainId, DomainName, Status, CreationTime, LastModifiedTime, Url } = shown;
  return { DomainArn, DomainId, DomainName, Status, CreationTime, LastModifiedTime, Url };
}

/** The problem that the steps of the status found. */
function takeProblem(domain: DomainRecord): string | undefined {
  const { problem: trouble } = domain;
  delete domain.problem;
  return trouble;
}

/** Why a domain cannot be as it is set up: something that it names is no longer there, or never was. */
async function setupProblem({ shown }: DomainRecord, call: Call): Promise<string | undefined> {
  const { VpcId, SubnetIds = [], DefaultUserSettings, DefaultSpaceSettings, DomainSettings } = shown;
  return (
    roleProblem([DefaultUserSettings, DefaultSpaceSettings, DomainSettings], call) ??
    (await subnetProblem(VpcId, SubnetIds, call)) ??
    (await securityGroupProblem(securityGroupsIn(DefaultUserSettings, DefaultSpaceSettings, DomainSettings), call)) ??
    (await imageAccessProblem(DefaultUserSettings, call)) ??
    (await imageAccessProblem(DefaultSpaceSettings, call))
  );
}

/**
 * A domain fails as in AWS, for causes that a test can make: an execution role, a subnet or a security group that is not there
 * (or not any more) when a status ends; a subnet without a free address for the mount target; in a deletion, a file
 * system that still has other mount targets.
 */
export const domainEndings: Endings['domain'] = {
  async Pending(key, call) {
    const domain = get('domain', key, call);
    const problem = takeProblem(domain) ?? (await setupProblem(domain, call));
    if (problem === undefined) await boundaryGroup(domain, call);
    return problem;
  },
  async Updating(key, call) {
    const domain = get('domain', key, call);
    const problem = takeProblem(domain) ?? (await setupProblem(domain, call));
    if (problem === undefined) await boundaryGroup(domain, call);
    return problem;
  },
  async Deleting(key, call) {
    const domain = get('domain', key, call);
    const problem = takeProblem(domain);
    if (problem === undefined) await removeBoundaryGroup(domain, call);
    return problem;
  },
};
