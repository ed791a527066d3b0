import {
  type CreateDomainRequest,
  type DescribeDomainResponse,
  UpdateDomainCommand,
  UpdateDomainRequest$,
} from '@aws-sdk/client-sagemaker';
import type { Log } from '@studio-resources/core';
import { unlessBusy } from '../client/busy.ts';
import { sagemaker } from '../client/clients.ts';
import { notYetHeld, settingsChange } from '../settings/settings-change.ts';
import { changeTags } from '../tags.ts';
import { findDomain } from './domain.ts';

/** What the API documents as the value of a member that is left out. */
const defaults = {
  AppNetworkAccessType: 'PublicInternetOnly',
  ExecutionRoleSessionNameMode: 'STATIC',
  HomeEfsFileSystemCreation: 'Enabled',
  NotebookOutputOption: 'Disabled',
  TagPropagation: 'DISABLED',
  UserGroup: 'R_STUDIO_USER',
};

/**
 * Changes a domain in place from `old` to `input`, settings first: if SageMaker refuses them, nothing has changed. What
 * the domain holds already is not sent.
 */
export async function changeDomain(
  domain: DescribeDomainResponse,
  input: Partial<CreateDomainRequest>,
  old: Partial<CreateDomainRequest>,
  log: Log,
): Promise<void> {
  const { DomainId, DomainArn, Status } = domain;
  const { changed, kept } = settingsChange(UpdateDomainRequest$, updatable(input), updatable(old), defaults);
  if (kept.length > 0) log.warn('Nothing in the API clears these settings, so they keep their values', { kept });
  // A domain whose last update failed need not hold what it shows.
  const sent = Status === 'InService' ? notYetHeld(changed, updatable(domain)) : changed;
  if ('AppNetworkAccessType' in sent) {
    // SageMaker refuses it without these two, unchanged as they are.
    Object.assign(sent, { VpcId: input.VpcId, SubnetIds: input.SubnetIds });
  }
  if (Object.keys(sent).length > 0) {
    const update = () => sagemaker().send(new UpdateDomainCommand({ ...sent, DomainId }));
    await unlessBusy(`Updating domain ${DomainId}`, domain, update, () => findDomain(DomainId!));
  }
  await changeTags(DomainArn!, input.Tags, old.Tags);
}

/** The members under the names that UpdateDomain has for them. */
function updatable({ DomainSettings, ...rest }: Partial<CreateDomainRequest>): object {
  if (!DomainSettings) return rest;
  const { RStudioServerProDomainSettings, ...settings } = DomainSettings;
  const renamed = { RStudioServerProDomainSettingsForUpdate: RStudioServerProDomainSettings };
  return { ...rest, DomainSettingsForUpdate: { ...settings, ...renamed } };
}
