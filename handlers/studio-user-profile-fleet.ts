import { type Context, isDirectHolder, isTransient, type Resource, serve } from '@studio-resources/core';
import { allowedDomainsPermissions, refusalOfDomains } from '@studio-resources/sagemaker/allowed-domains';
import { BusyError } from '@studio-resources/sagemaker/client/client';
import {
  actionsOn,
  listActions,
  onBuckets,
  onObjects,
  passRole,
  viaS3,
} from '@studio-resources/sagemaker/client/permissions';
import { deletionChoices } from '@studio-resources/sagemaker/contents/deletable';
import { findDomain } from '@studio-resources/sagemaker/domain/domain';
import { isDomainId } from '@studio-resources/sagemaker/domain/domain-id';
import { holderHash } from '@studio-resources/sagemaker/ownership';
import { assertCleared } from '@studio-resources/sagemaker/settings/not-cleared';
import { userProfilePermissions } from '@studio-resources/sagemaker/user-profile/permissions';
import { diffUserSettings } from '@studio-resources/sagemaker/user-profile/user-profile';
import {
  deleteFleet,
  type FleetDeletion,
  isDeleting,
  listOwnedProfiles,
  readFleetDeletion,
  statusOfDeletion,
} from './studio-user-profile-fleet/deletion.ts';
import {
  attributesOfFleet,
  type Fleet,
  missingDomain,
  readFleet,
  statusOfFleet,
  summaryOfFleet,
} from './studio-user-profile-fleet/fleet.ts';
import type { Member, Roster } from './studio-user-profile-fleet/member.ts';
import { progress } from './studio-user-profile-fleet/progress.ts';
import { noteChanged } from './studio-user-profile-fleet/progress-notes.ts';
import { type Props, schema } from './studio-user-profile-fleet/properties.ts';
import { failureReport } from './studio-user-profile-fleet/report.ts';
import { previousRoster, rosterOf } from './studio-user-profile-fleet/roster.ts';

/** The state of the fleet, or of its deletion. */
type State = Fleet | FleetDeletion;

/** Many user profiles of one domain, inline or from a file, with as many concurrent calls as the service accepts. */
export const studioUserProfileFleet: Resource<Props, State> = {
  type: 'Custom::StudioUserProfileFleet',
  schema,
  immutable: ['DomainId'],
  nameProperties: ['DomainId'],
  permissions: [
    ...allowedDomainsPermissions,
    ...userProfilePermissions,
    ...actionsOn('domain', 'DescribeDomain'),
    ...listActions('ListUserProfiles'),
    passRole,
    // For the members file. With ListBucket, S3 says that an object is missing, instead of AccessDenied.
    ...onBuckets('ListBucket'),
    ...onObjects('GetObject', 'GetObjectVersion'),
    { action: 'kms:Decrypt', resource: 'arn:*:kms:*:*:key/*', condition: viaS3 },
  ],
  ownsId: (id) => /^d-[a-z0-9-]+\/fleet-[0-9a-f]{16}$/.test(id),

  authorize: ({ DomainId }, ctx) => refusalOfDomains([DomainId], ctx),

  async find({ DomainId }, ctx) {
    // A Delete's properties may not fit the schema.
    if (!isDomainId(String(DomainId))) return undefined;
    // Of a direct invocation, an earlier one may have created the fleet. What that did must outlast a failure of this one.
    if (ctx.requestType === 'Create' && !isDirectHolder(ctx)) return undefined;
    if (ctx.requestType === 'Delete') return idOf(DomainId, ctx);
    return (await listOwnedProfiles(DomainId, ctx)).length > 0 ? idOf(DomainId, ctx) : undefined;
  },

  /** The resource has no thing of its own: `advance` creates the profiles. This only rejects what can never succeed. */
  async create(props, ctx) {
    try {
      await check(props, ctx);
    } catch (error) {
      if (!isTransient(error)) throw error;
      throw new BusyError(`Creating a fleet in domain ${props.DomainId}`, { cause: error });
    }
    return idOf(props.DomainId, ctx);
  },

  async read(id, props, ctx) {
    const DomainId = domainIn(id);
    if (!isDeleting(id, ctx)) return readFleet(DomainId, props, ctx);
    return id === idOf(DomainId, ctx) ? readFleetDeletion(id, DomainId, ctx) : undefined;
  },

  async update(id, props, old, ctx) {
    const roster = await check(props, ctx);
    const before = await previousRoster(old, ctx);
    const digests = new Map(before?.members.map(({ key, digest }) => [key, digest]));
    const changed = roster.members.filter(({ key, digest }) => digests.get(key) !== digest);
    await assertMembersCleared(changed, before?.members ?? [], ctx);
    const keys = changed.map(({ key }) => key);
    noteChanged(domainIn(id), keys, ctx);
    const { refusal } = await readFleet(domainIn(id), props, ctx);
    if (refusal !== undefined) throw new Error(`Updating ${id}: ${refusal}`);
  },

  async advance(state, props, ctx, old) {
    if (!('remaining' in state)) await progress(state, props.DeleteContents, ctx, old);
  },

  async delete(id, props, ctx) {
    // The profiles belong to another resource.
    if (id !== idOf(domainIn(id), ctx)) return 'retained';
    await deleteFleet(id, domainIn(id), deletionChoices(props).contents, ctx);
    return undefined;
  },

  status: (state) => ('remaining' in state ? statusOfDeletion(state) : statusOfFleet(state)),

  attributes: (state) => ('remaining' in state ? {} : attributesOfFleet(state)),

  summary: (state) => ('remaining' in state ? undefined : summaryOfFleet(state)),

  // Several times the longest delay that was observed in SageMaker's lists.
  visibleWithin: 30,

  pace: {
    create: { expectedSeconds: 120, pollIntervalSeconds: 5 },
    update: { expectedSeconds: 60, pollIntervalSeconds: 5 },
    delete: { expectedSeconds: 60, pollIntervalSeconds: 5 },
  },
};

export const handler = serve(studioUserProfileFleet);

/** Reads the desired members. Throws, before anything is changed, when the resource can never succeed. */
async function check(props: Props, ctx: Context): Promise<Roster> {
  const roster = await rosterOf(props, ctx);
  if (props.AllOrNothing && roster.invalid.length > 0) {
    throw new Error(
      `Reading ${props.MembersS3Uri}: ${failureReport(roster.invalid)}. AllOrNothing is set, so nothing is done`,
    );
  }
  if (!(await findDomain(props.DomainId))) throw new Error(missingDomain(props.DomainId));
  return roster;
}

/** Throws when changed members no longer have settings that the API cannot clear, unless the stack rolls back. */
async function assertMembersCleared(changed: readonly Member[], before: readonly Member[], ctx: Context) {
  const old = new Map(before.map((member) => [member.key, member.desired]));
  for (const { name, key, desired } of changed) {
    const { notCleared } = diffUserSettings(desired, old.get(key) ?? {});
    await assertCleared(`user profile ${name}`, notCleared, ctx);
  }
}

/** The physical id: the domain, and a hash of the stack's resource. */
function idOf(DomainId: string, ctx: Context): string {
  return `${DomainId}/fleet-${holderHash(ctx, 16)}`;
}

function domainIn(id: string): string {
  return id.split('/')[0]!;
}
