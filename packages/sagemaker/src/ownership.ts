import { createHash } from 'node:crypto';
import { AddTagsCommand, DeleteTagsCommand, type Tag } from '@aws-sdk/client-sagemaker';
import {
  type Context,
  type Holder,
  isDirectHolder,
  nameOfHolder,
  oneOf,
  type Type,
  type,
} from '@studio-resources/core';
import { refusalOfAdoption } from './allowed-domains.ts';
import { sagemaker } from './client/client.ts';
import { ownProvider, providerIn, providerTag } from './provider.ts';
import { listTags } from './tags.ts';

const stackIdTag = 'studio-resources:stack-id';
const logicalIdTag = 'studio-resources:logical-id';
/** The holder before the present one, to which a rollback gives the resource back. */
const previousStackIdTag = 'studio-resources:previous-stack-id';
const previousLogicalIdTag = 'studio-resources:previous-logical-id';

/** The tags that show which stack and logical id hold a resource, and which provider's functions created it. */
export function ownershipTags({ stackId, logicalResourceId }: Holder): Tag[] {
  return [
    { Key: stackIdTag, Value: stackId },
    { Key: logicalIdTag, Value: logicalResourceId },
    { Key: providerTag, Value: ownProvider() },
  ];
}

/** The holder that these tags name; undefined where they name none. */
export function holderIn(tags: ReadonlyMap<string, string>): Holder | undefined {
  return holderFrom(tags.get(stackIdTag), tags.get(logicalIdTag));
}

/** The holder from which these tags say that it was taken over. */
export function previousHolderIn(tags: ReadonlyMap<string, string>): Holder | undefined {
  return holderFrom(tags.get(previousStackIdTag), tags.get(previousLogicalIdTag));
}

function holderFrom(stackId: string | undefined, logicalResourceId: string | undefined): Holder | undefined {
  return stackId && logicalResourceId ? { stackId, logicalResourceId } : undefined;
}

export function isSameHolder(a: Holder | undefined, b: Holder | undefined): boolean {
  return a?.stackId === b?.stackId && a?.logicalResourceId === b?.logicalResourceId;
}

/** Whether the request's stack and logical id hold the resource with that ARN. Undefined when it is gone. */
export async function isOwned(arn: string, holder: Holder): Promise<boolean | undefined> {
  const tags = await listTags(arn);
  return tags && isSameHolder(holderIn(tags), holder);
}

/** Whether another resource of the same stack holds the resource with that ARN. */
export async function isOwnedBySameStack(arn: string, { stackId, logicalResourceId }: Holder): Promise<boolean> {
  const tags = await listTags(arn);
  const holder = tags && holderIn(tags);
  // With TagPropagation, SageMaker copies the domain's own tags to what users create. Those prove nothing.
  return holder?.stackId === stackId && holder.logicalResourceId !== logicalResourceId;
}

/** A hash of the holder, as hexadecimal digits, for names and ids. */
export function holderHash({ stackId, logicalResourceId }: Holder, length: number): string {
  return createHash('sha256').update(`${stackId} ${logicalResourceId}`).digest('hex').slice(0, length);
}

/** The values of the property `AdoptExisting`. */
export type AdoptExisting = boolean | 'IfExists';

/**
 * `true`: the resource has to exist. `IfExists`: it is created where it does not. `false`: it must not exist, unless the
 * stack created it under another logical id.
 */
export function adoptExisting(): Type<AdoptExisting, false> {
  const choices = oneOf('true', 'false', 'IfExists');
  const { read, words } = choices;
  return type(
    (value, place) => {
      const text = typeof value === 'boolean' || typeof value === 'string' ? String(value) : value;
      const choice = read(typeof text === 'string' && /^(true|false)$/i.test(text) ? text.toLowerCase() : text, place);
      return choice === undefined || choice === 'IfExists' ? choice : choice === 'true';
    },
    words,
    choices,
  );
}

/**
 * Throws when `adopt` is true, for a name that no resource has: it is mistyped, or the resource is gone. The
 * error lists the names that exist.
 */
export async function assertMayCreate(
  what: string,
  adopt: AdoptExisting,
  namesThatExist: () => Promise<readonly (string | undefined)[]>,
): Promise<void> {
  if (adopt !== true) return;
  const names = await namesThatExist();
  const known = names.length === 0 ? 'there is none at all' : `there are ${names.toSorted().join(', ')}`;
  throw new Error(
    `Adopting ${what}: there is none of that name; ${known}. ` +
      'Correct the name, or set AdoptExisting: IfExists to create it where it does not exist',
  );
}

/** What a request may do with a resource that exists: `owned` holds it already, `adopt` leaves its tags as they are. */
export type Claim = 'owned' | 'transfer' | 'adopt';

export interface Claimed {
  /** As messages name it: `domain studio`. */
  what: string;
  arn: string;
  adopt: AdoptExisting;
  /** The domain that it is in, or that it is. Without one, what no stack created is refused. */
  DomainId?: string;
  /** Propagated tags prove nothing: of a space, those of its domain. */
  propagated?: ReadonlyMap<string, string>;
}

/** What a Create may do with a resource that exists under the requested name, and its holder. Undefined when it is gone. */
async function claim(
  { arn, propagated, ...claimed }: Claimed,
  ctx: Context,
): Promise<{ kind: Claim; holder?: Holder } | undefined> {
  const tags = await listTags(arn);
  if (!tags) return undefined;
  const named = holderIn(tags);
  // What was created before the domain was taken over has the tags of its holder then.
  const ofDomain = propagated ? [holderIn(propagated), previousHolderIn(propagated)] : [];
  const isPropagated = ofDomain.some((each) => each && isSameHolder(each, named));
  const holder = isPropagated ? undefined : named;
  return { kind: await claimFrom(holder, { ...claimed, provider: providerIn(tags) }, ctx), holder };
}

/**
 * What a request may do with a resource that has this holder.
 *
 * - What this stack holds under a logical id that its template no longer has is taken over: the logical id was renamed.
 * - What another stack has given up, by DeletionPolicy: Retain, is taken over with `AdoptExisting`.
 * - What has no holder was not created by this project. It is adopted with `AdoptExisting`, where it is in a domain that
 *   the provider's parameters open, and never deleted.
 * - What the resources of another provider created is theirs.
 *
 * @throws Error when another logical id holds it, or when it takes `AdoptExisting`; the message says what to do
 */
export async function claimFrom(
  holder: Holder | undefined,
  { what, adopt, DomainId, provider }: Pick<Claimed, 'what' | 'adopt' | 'DomainId'> & { provider?: string },
  ctx: Context,
): Promise<Claim> {
  if (!holder) {
    if (DomainId === undefined) {
      throw new Error(`Creating ${what}: it exists, and no stack created it. Choose another name`);
    }
    const refusal = adopt ? await refusalOfAdoption(DomainId, ctx) : undefined;
    if (refusal !== undefined) throw new Error(`Adopting ${what}: ${refusal}`);
    if (adopt) return 'adopt';
    throw new Error(
      `Creating ${what}: it exists, and this stack did not create it. ` +
        'Choose another name, or set AdoptExisting: true to adopt it',
    );
  }
  const name = nameOfHolder(holder);
  if (provider !== undefined && provider !== ownProvider() && !isSameHolder(holder, ctx)) {
    throw new Error(
      `Creating ${what}: it exists, and ${name} created it by provider ${provider}, which alone may change it. ` +
        'Choose another name',
    );
  }
  switch (await ctx.holderStatus(holder)) {
    case 'self':
      return 'owned';
    case 'renamed':
      ctx.log.info('Its logical id was renamed, so the resource is taken over', { what, from: name });
      return 'transfer';
    case 'sibling':
      throw new Error(
        `Creating ${what}: ${holder.logicalResourceId} of this stack holds it. Remove one of the two from the template`,
      );
    case 'other':
      if (isDirectHolder(holder) || isDirectHolder(ctx)) {
        throw new Error(`Creating ${what}: ${name} holds it. Choose another name, or delete it there first`);
      }
      throw new Error(
        `Creating ${what}: ${name} holds it. To move it here, set DeletionPolicy: Retain on it there, remove it from ` +
          'that template, and then set AdoptExisting: true here',
      );
    default:
      if (!adopt) {
        throw new Error(
          `Creating ${what}: it exists; ${name} created it, and no longer holds it. ` +
            'Choose another name, or set AdoptExisting: true to take it over',
        );
      }
      ctx.log.info('Another stack no longer holds the resource, so it is taken over', { what, from: name });
      return 'transfer';
  }
}

/**
 * Takes over or adopts an existing resource, as `claim` allows, once `update` has changed it to what the template says:
 * where that fails, its holder stays. What the request owns already is not updated. Gives false when it is gone.
 */
export async function adopt(
  claimed: Claimed,
  update: (holder: Holder | undefined) => Promise<void>,
  ctx: Context,
): Promise<boolean> {
  const found = await claim(claimed, ctx);
  if (!found || found.kind === 'owned') return found !== undefined;
  await update(found.holder);
  if (found.kind === 'transfer') await transferOwnership(claimed.arn, found.holder, ctx);
  return true;
}

/** Writes the request's stack and logical id as the holder, and notes the previous one for a rollback. */
export async function transferOwnership(
  ResourceArn: string,
  previous: Holder | undefined,
  ctx: Context,
): Promise<void> {
  if (previous) noteTakeover(ResourceArn, previous, ctx);
  await sagemaker().send(new AddTagsCommand({ ResourceArn, Tags: transferTags(previous, ctx) }));
}

/** A holder, and what a request has taken over from it: hashes of ARNs, since a fleet takes over hundreds. */
interface Takeover {
  readonly from: Holder;
  readonly arns: string[];
}

function takeoversOf({ notes }: Context): Takeover[] {
  notes.takeovers ??= [];
  return notes.takeovers as Takeover[];
}

function noteTakeover(arn: string, from: Holder, ctx: Context): void {
  if (takenFrom(arn, ctx)) return;
  const known = takeoversOf(ctx).find((each) => isSameHolder(each.from, from));
  if (known) known.arns.push(arnHash(arn));
  else takeoversOf(ctx).push({ from, arns: [arnHash(arn)] });
}

/** The holder from which this request has taken the resource over. */
function takenFrom(arn: string, ctx: Context): Holder | undefined {
  return takeoversOf(ctx).find(({ arns }) => arns.includes(arnHash(arn)))?.from;
}

function arnHash(arn: string): string {
  return createHash('sha256').update(arn).digest('hex').slice(0, 12);
}

export function transferTags(previous: Holder | undefined, ctx: Holder): Tag[] {
  if (!previous) return ownershipTags(ctx);
  return [
    ...ownershipTags(ctx),
    { Key: previousStackIdTag, Value: previous.stackId },
    { Key: previousLogicalIdTag, Value: previous.logicalResourceId },
  ];
}

/**
 * Whether a Delete may delete a resource. `retained`: another logical id holds it, or none; or the stack is rolling back,
 * and the logical id from which it was taken over holds it again. Undefined when it is gone.
 */
export async function release(what: string, arn: string, ctx: Context): Promise<'delete' | 'retained' | undefined> {
  const tags = await listTags(arn);
  if (!tags) return undefined;
  const holder = holderIn(tags);
  if (!isSameHolder(holder, ctx)) {
    const why = holder ? `${nameOfHolder(holder)} holds it` : 'no stack created it';
    ctx.log.info(`The resource is retained: ${why}`, { what });
    return 'retained';
  }
  return (await returnOwnership(what, arn, tags, ctx)) ? 'retained' : 'delete';
}

/** Whether a request undoes a takeover: in a rollback, or the deletion of a stack that was never created completely. */
function undoesTakeover(ctx: Context): Promise<boolean> {
  const known = undoing.get(ctx);
  if (known) return known;
  const asked = ctx
    .isRollingBack(true)
    .then(async (isRollingBack) => isRollingBack || !(await ctx.hasCompleted(false)));
  undoing.set(ctx, asked);
  // The next pass asks again.
  asked.catch(() => undoing.delete(ctx));
  return asked;
}

/** By request: a fleet asks for each of its members. */
const undoing = new WeakMap<Context, Promise<boolean>>();

/**
 * Where a request undoes a takeover, makes the logical id from which a resource was taken over its holder again. Gives
 * whether it did. Where CloudFormation does not say whether the stack is rolling back, nothing is deleted.
 *
 * A creation that was cancelled undoes its own takeover, whatever the stack does by then and whatever the tags say: another
 * logical id may have taken the resource over and given it back meanwhile.
 */
export async function returnOwnership(
  what: string,
  ResourceArn: string,
  tags: ReadonlyMap<string, string>,
  ctx: Context,
): Promise<boolean> {
  const own = takenFrom(ResourceArn, ctx);
  const previous = own ?? previousHolderIn(tags);
  if (!previous || !(own || (await undoesTakeover(ctx)))) return false;
  await sagemaker().send(new AddTagsCommand({ ResourceArn, Tags: ownershipTags(previous) }));
  const TagKeys = [previousStackIdTag, previousLogicalIdTag];
  await sagemaker().send(new DeleteTagsCommand({ ResourceArn, TagKeys }));
  ctx.log.info(`The takeover is undone, so ${nameOfHolder(previous)} holds the resource again`, { what });
  return true;
}
