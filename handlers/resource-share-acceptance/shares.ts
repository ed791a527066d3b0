import {
  AcceptResourceShareInvitationCommand,
  DisassociateResourceShareCommand,
  paginateGetResourceShareInvitations,
  paginateGetResourceShares,
  paginateListResources,
  RAMClient,
  type Resource,
  type ResourceShare,
  type ResourceShareInvitation,
} from '@aws-sdk/client-ram';
import { type Context, isTransient } from '@studio-resources/core';
import { clientConfig, codeOf, ignoreErrors } from '@studio-resources/sagemaker/client/client';
import type { ShareNaming } from './properties.ts';

let client: RAMClient | undefined;

/** RAM's client, created at the first call, because the environment variables set its endpoint. */
function ram(): RAMClient {
  client ??= new RAMClient(clientConfig);
  return client;
}

/**
 * RAM responds with these errors, or with an empty list, for what does not exist or is not shared with this account.
 */
const notFoundCodes = ['UnknownResourceException', 'ResourceShareInvitationArnNotFoundException'];

/** Nothing was changed, and a retry can succeed: the owner may share at any moment. */
export class NotSharedYetError extends Error {
  /** The SDK marks retryable errors with this property. */
  readonly $retryable = { throttling: true };
}

/** The shares of other accounts that this account belongs to and that match. */
export async function findShares(naming: ShareNaming): Promise<ResourceShare[]> {
  const { ResourceShareArn, OwningAccountId, ResourceShareName } = naming;
  const filter =
    ResourceShareArn === undefined ? { name: ResourceShareName } : { resourceShareArns: [ResourceShareArn] };
  const shares = await collect(
    paginateGetResourceShares({ client: ram() }, { resourceOwner: 'OTHER-ACCOUNTS', ...filter }),
    ({ resourceShares }) => resourceShares,
  );
  return shares.filter(
    ({ status, owningAccountId }) =>
      // RAM lists deleted shares for a while.
      status !== 'DELETING' &&
      status !== 'DELETED' &&
      (OwningAccountId === undefined || owningAccountId === OwningAccountId),
  );
}

/** The resources of a share that this account can use. */
export function listResources(resourceShareArn: string): Promise<Resource[]> {
  return collect(
    paginateListResources(
      { client: ram() },
      { resourceOwner: 'OTHER-ACCOUNTS', resourceShareArns: [resourceShareArn] },
    ),
    ({ resources }) => resources,
  );
}

/** The invitations of this account to the share, the newest first. */
export async function findInvitations(naming: ShareNaming): Promise<ResourceShareInvitation[]> {
  const { ResourceShareArn, OwningAccountId, ResourceShareName } = naming;
  const filter = ResourceShareArn === undefined ? {} : { resourceShareArns: [ResourceShareArn] };
  const invitations = await collect(
    paginateGetResourceShareInvitations({ client: ram() }, filter),
    ({ resourceShareInvitations }) => resourceShareInvitations,
  );
  return invitations
    .filter(
      ({ senderAccountId, resourceShareName }) =>
        ResourceShareArn !== undefined ||
        (senderAccountId === OwningAccountId && resourceShareName === ResourceShareName),
    )
    .toSorted((a, b) => timeOf(b) - timeOf(a));
}

/** Accepts an invitation. A second acceptance is no error, so a retry is safe. */
export async function accept({ resourceShareInvitationArn, resourceShareArn }: ResourceShareInvitation): Promise<void> {
  try {
    await ram().send(new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn }));
  } catch (cause) {
    if (codeOf(cause) === 'ResourceShareInvitationAlreadyAcceptedException') return;
    const what = `Accepting the invitation to ${resourceShareArn}`;
    // The owner has withdrawn it, possibly to send another.
    if (notFoundCodes.includes(codeOf(cause)) || isTransient(cause)) throw new NotSharedYetError(what, { cause });
    throw new Error(`${what}: its owner has to share it again`, { cause });
  }
}

/** Leaves a share. Returns false when RAM does not allow it. */
export async function leave(resourceShareArn: string, { account, log }: Context): Promise<boolean> {
  const command = new DisassociateResourceShareCommand({ resourceShareArn, principals: [account] });
  try {
    // The disassociation may be in progress already.
    await ignoreErrors([...notFoundCodes, 'InvalidStateTransitionException'], ram().send(command));
    return true;
  } catch (error) {
    if (codeOf(error) !== 'OperationNotPermittedException') throw error;
    log.warn('RAM does not allow an account to leave this share, for example within an organization', { error });
    return false;
  }
}

async function collect<Page, Item>(
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => Item[] | undefined,
): Promise<Item[]> {
  const items: Item[] = [];
  const read = async () => {
    for await (const page of pages) items.push(...(itemsOf(page) ?? []));
  };
  await ignoreErrors(notFoundCodes, read());
  return items;
}

function timeOf({ invitationTimestamp }: ResourceShareInvitation): number {
  return invitationTimestamp?.getTime() ?? 0;
}
