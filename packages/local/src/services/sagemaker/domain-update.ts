import type * as SageMaker from '@aws-sdk/client-sagemaker';
import type { AppStatus } from '@aws-sdk/client-sagemaker';
import type { Call } from '../../service.ts';
import { checkDomain } from './domain-rules.ts';
import { startHome } from './home.ts';
import { mustBeInVpc } from './network.ts';
import { all, type DomainRecord, get, invalid, type Operations } from './records.ts';
import { rolesMustBeAssumable } from './roles.ts';
import { checkUserGroup, merge, mergeDomainSettings } from './settings.ts';
import { enter, mustBeSettled } from './statuses.ts';

type Shown = DomainRecord['shown'];

/** The domain as the update leaves it. */
function updated(old: Shown, request: SageMaker.UpdateDomainRequest): Shown {
  const { DefaultUserSettings, DefaultSpaceSettings, DomainSettingsForUpdate, DomainId, ...rest } = request;
  return merge<Shown>(old, {
    ...rest,
    ...(DefaultUserSettings && { DefaultUserSettings }),
    ...(DefaultSpaceSettings && { DefaultSpaceSettings }),
    ...(DomainSettingsForUpdate && {
      DomainSettings: mergeDomainSettings(old.DomainSettings, DomainSettingsForUpdate),
    }),
  } as Shown);
}

/** Some changes are only made while no app is in one of these statuses. */
function mustHaveNoApp(domain: DomainRecord, statuses: AppStatus[], call: Call): void {
  const { DomainId, DomainArn } = domain.shown;
  const found = all('app', call, ({ shown }) => shown.DomainId === DomainId && statuses.includes(shown.Status))[0];
  if (!found) return;
  const { Status } = found.shown;
  throw invalid(
    `Unable to update Domain [${DomainArn}] with ${Status} App. Delete all ${Status} apps in the domain including shared Apps for [domain-shared] User Profile, and try again.`,
  );
}

function checkChange(domain: DomainRecord, request: SageMaker.UpdateDomainRequest, call: Call): void {
  const { shown } = domain;
  const { AppNetworkAccessType, SubnetIds, VpcId, DomainSettingsForUpdate } = request;
  if (AppNetworkAccessType === 'VpcOnly' && (VpcId === undefined || SubnetIds === undefined)) {
    throw invalid('VpcId and Subnet IDs are required for updating domains to VpcOnly mode.');
  }
  if (AppNetworkAccessType !== undefined && AppNetworkAccessType !== shown.AppNetworkAccessType) {
    const rstudio = DomainSettingsForUpdate?.RStudioServerProDomainSettingsForUpdate;
    if (rstudio || shown.DomainSettings?.RStudioServerProDomainSettings) {
      throw invalid('AppNetworkAccessType cannot be updated for Rstudio enabled domains.');
    }
    mustHaveNoApp(domain, ['InService', 'Pending', 'Deleting'], call);
  }
  if (SubnetIds && shown.SubnetIds?.some((id) => !SubnetIds.includes(id))) {
    mustHaveNoApp(domain, ['InService', 'Pending', 'Deleting'], call);
  }
  const identity = DomainSettingsForUpdate?.ExecutionRoleIdentityConfig;
  if (identity !== undefined && identity !== (shown.DomainSettings?.ExecutionRoleIdentityConfig ?? 'DISABLED')) {
    mustHaveNoApp(domain, ['InService', 'Pending'], call);
  }
  if (VpcId !== undefined && shown.VpcId !== undefined && VpcId !== shown.VpcId) {
    throw invalid('VpcId can only be added to a domain that was created without one.');
  }
  if (request.HomeEfsFileSystemCreation === 'Disabled' && shown.HomeEfsFileSystemCreation === 'Enabled') {
    throw invalid('HomeEfsFileSystemCreation cannot be changed from Enabled to Disabled.');
  }
}

export const domainUpdateOperations: Operations = {
  /** What a failed update set stays set; the next update says what holds. */
  async UpdateDomain(request, call) {
    const domain = get('domain', request.DomainId!, call);
    const vpc = request.VpcId ?? domain.shown.VpcId;
    if (request.SubnetIds && vpc !== undefined) await mustBeInVpc(vpc, request.SubnetIds, call);
    // From here on nothing waits, so that of two such requests only one is carried out.
    mustBeSettled('domain', domain, 'update');
    checkChange(domain, request, call);
    const { DefaultUserSettings } = domain.shown;
    checkUserGroup(`update Domain [${domain.arn}]`, request.DefaultUserSettings, DefaultUserSettings);
    const shown = updated(domain.shown, request);
    checkDomain(shown);
    rolesMustBeAssumable(request, call);
    domain.shown = shown;
    enter('domain', domain, 'Updating', call);
    const wantsHome = shown.HomeEfsFileSystemCreation === 'Enabled' && shown.VpcId !== undefined;
    if (wantsHome && shown.HomeEfsFileSystemId === undefined) {
      startHome('Updating', 'makeHome', domain, call);
    } else if (wantsHome && request.SubnetIds) {
      startHome('Updating', 'mountHome', domain, call);
    }
    return { DomainArn: domain.arn };
  },
};
