import { createHash } from 'node:crypto';
import {
  AddTagsCommand,
  CreateStudioLifecycleConfigCommand,
  DeleteStudioLifecycleConfigCommand,
  DeleteTagsCommand,
  DescribeStudioLifecycleConfigCommand,
  type DescribeStudioLifecycleConfigResponse,
  paginateListStudioLifecycleConfigs,
  type StudioLifecycleConfigAppType,
  type Tag,
} from '@aws-sdk/client-sagemaker';
import { type Context, type Holder, shown, string, type } from '@studio-resources/core';
import {
  mapConcurrent,
  requestDeletion,
  sagemaker,
  sagemakerWithoutRetries,
  undefinedIfNotFound,
} from '../client/client.ts';
import { holderIn, isOwned, isSameHolder, ownershipTags, previousHolderIn } from '../ownership.ts';
import { listTags } from '../tags.ts';
import { isStudioName, studioNameForm } from '../user-profile/user-profile.ts';

/** One lifecycle configuration of a resource. There are several while one replaces another. */
export interface Version {
  name: string;
  arn: string;
  /** The name of the version that has replaced it. It still exists because apps run with it. */
  supersededBy?: string;
  /** The logical id that held it before a rename. */
  previous?: Holder;
  /** It was created together with a rename, whose rollback deletes it. */
  isOfRename?: boolean;
}

const supersededBy = 'studio-resources:superseded-by';
const ofRename = 'studio-resources:created-in-rename';

export function findLifecycleConfig(name: string): Promise<DescribeStudioLifecycleConfigResponse | undefined> {
  return undefinedIfNotFound(
    sagemaker().send(new DescribeStudioLifecycleConfigCommand({ StudioLifecycleConfigName: name })),
  );
}

/** Creates it, without attaching it. Returns its name. */
export async function createLifecycleConfig(
  script: LifecycleScript & { AppType: StudioLifecycleConfigAppType },
  tags: readonly Tag[],
  ctx: Context,
): Promise<string> {
  const StudioLifecycleConfigName = lifecycleConfigName(script, ctx);
  const content = normalizeScript(script.Content);
  if (/\r/.test(script.Content)) {
    const name = StudioLifecycleConfigName;
    ctx.log.info('Content has line endings of Windows, which Linux cannot run, so they are replaced', { name });
  }
  // Only the Create of a logical id can be a rename.
  const held = ctx.requestType === 'Create' ? await listVersions(ctx, StudioLifecycleConfigName) : [];
  const isOfRename = held.some(({ previous }) => previous !== undefined);
  await sagemakerWithoutRetries().send(
    new CreateStudioLifecycleConfigCommand({
      StudioLifecycleConfigName,
      StudioLifecycleConfigContent: toBase64(content),
      StudioLifecycleConfigAppType: script.AppType,
      Tags: [...tags, ...ownershipTags(ctx), ...(isOfRename ? [{ Key: ofRename, Value: 'true' }] : [])],
    }),
  );
  return StudioLifecycleConfigName;
}

/** Calls the deletion of a configuration that nothing uses. */
export function deleteLifecycleConfig(name: string): Promise<void> {
  const command = new DeleteStudioLifecycleConfigCommand({ StudioLifecycleConfigName: name });
  return requestDeletion(`lifecycle configuration ${name}`, () => sagemaker().send(command), {
    isGone: async () => !(await findLifecycleConfig(name)),
  });
}

/**
 * Lists all versions that a resource holds and that still exist: those that it has created, and those that it has taken
 * over from a logical id that was renamed, whose names begin as `name` does.
 */
export async function listVersions(holder: Holder, name: string): Promise<Version[]> {
  const start = startOf(name);
  const [created, named] = [await listNames(ownerInfix(holder)), await listNames(`${start}-`)];
  const found = [
    ...created,
    ...named.filter((each) => !each.name.includes(ownerInfix(holder)) && isStart(start, each)),
  ];
  const all = await mapConcurrent(found, async ({ name, arn }) => {
    const tags = await listTags(arn);
    if (!tags || !isSameHolder(holderIn(tags), holder)) return [];
    const isOfRename = tags.has(ofRename);
    return [{ name, arn, supersededBy: tags.get(supersededBy), previous: previousHolderIn(tags), isOfRename }];
  });
  return all.flat();
}

/** The version with that script which the resource holds. */
export async function findVersion(script: LifecycleScript, holder: Holder): Promise<Version | undefined> {
  const own = lifecycleConfigName(script, holder);
  if (!isLifecycleConfigName(own)) return undefined;
  const config = await findLifecycleConfig(own);
  const arn = config?.StudioLifecycleConfigArn;
  if (arn && (await isOwned(arn, holder))) return { name: own, arn };
  const versions = await listVersions(holder, own);
  return versions.find(({ name }) => name.endsWith(own.slice(-9)));
}

/** All of that name and app type, of any holder. */
export async function listNamed({ Name, AppType }: LifecycleScript): Promise<{ name: string; arn: string }[]> {
  const named = await listNames(`${Name}-`);
  return named.filter((each) => each.appType === AppType && isStart(Name, each));
}

/** Those whose name has that part. SageMaker refuses to look for one that begins or ends with a hyphen. */
async function listNames(part: string): Promise<{ name: string; arn: string; appType?: string }[]> {
  const NameContains = part.replace(/^-+|-+$/g, '');
  const pages = paginateListStudioLifecycleConfigs({ client: sagemaker(), pageSize: 100 }, { NameContains });
  const all = await Array.fromAsync(pages, ({ StudioLifecycleConfigs = [] }) => StudioLifecycleConfigs);
  const listed = all.flat().map((each) => ({
    name: each.StudioLifecycleConfigName!,
    arn: each.StudioLifecycleConfigArn!,
    appType: each.StudioLifecycleConfigAppType,
  }));
  return listed.filter(({ name }) => name.includes(part));
}

/** The part of a name before its two hashes. */
function startOf(name: string): string {
  return name.replace(hashSuffix, '');
}

function isStart(start: string, { name }: { name: string }): boolean {
  return isLifecycleConfigName(name) && startOf(name) === start;
}

/** The holder that has taken a configuration over from this one; undefined when none has. */
export async function successorOf(arn: string, ctx: Holder): Promise<Holder | undefined> {
  const tags = await listTags(arn);
  return tags && isSameHolder(previousHolderIn(tags), ctx) ? holderIn(tags) : undefined;
}

/** Tags it as superseded by another version, or, without one, removes that tag. */
export async function markSuperseded({ arn: ResourceArn }: Version, by: string | undefined): Promise<void> {
  if (by === undefined) await sagemaker().send(new DeleteTagsCommand({ ResourceArn, TagKeys: [supersededBy] }));
  else await sagemaker().send(new AddTagsCommand({ ResourceArn, Tags: [{ Key: supersededBy, Value: by }] }));
}

/** The properties of a lifecycle configuration that cannot be changed. */
export interface LifecycleScript {
  Name: string;
  AppType: string;
  Content: string;
}

type Owner = Pick<Context, 'stackId' | 'logicalResourceId'>;

/** SageMaker's limit on the base64 text, in characters. */
const maxEncodedLength = 16_384;

const hashSuffix = /-[0-9a-f]{8}-[0-9a-f]{8}$/;

/** SageMaker's limit of 63 characters, minus the two hashes. */
const maxNameLength = 63 - '-12345678-12345678'.length;

/**
 * The name in SageMaker. It contains a hash of the script, because another script needs another name, and a hash of the
 * owner. So names of two stacks never collide, and a list can find the owner's other versions.
 */
export function lifecycleConfigName({ Name, AppType, Content }: LifecycleScript, owner: Owner): string {
  return `${Name}${ownerInfix(owner)}${hash(AppType, normalizeScript(Content ?? ''))}`;
}

/** The part that the names of all versions of one resource have in common, and no other names have. */
export function ownerInfix({ stackId, logicalResourceId }: Owner): string {
  return `-${hash(stackId, logicalResourceId)}-`;
}

export function isLifecycleConfigName(name: string): boolean {
  return hashSuffix.test(name) && isStudioName(name);
}

/** The start of the names of a resource's versions, as a template gives it. */
export const lifecycleConfigStart = type(
  (value, place) => {
    const name = string().read(value, place);
    if (name === undefined || (name.length <= maxNameLength && isStudioName(name))) return name;
    return place.wrong(
      `expected 1 to ${maxNameLength} letters, digits and hyphens, beginning and ending with a letter or a digit; got ${shown(name)}`,
    );
  },
  'string',
  { form: studioNameForm, max: maxNameLength },
);

/** The script with Linux line endings, and without a byte order mark. */
export function normalizeScript(content: string): string {
  return content.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n');
}

/** Whether two scripts differ in line endings at most. Old properties are unchecked. */
export function isSameScript(a: unknown, b: unknown): boolean {
  return normalizeScript(String(a ?? '')) === normalizeScript(String(b ?? ''));
}

/** What is wrong with a normalized script; undefined when it is valid. */
export function contentProblem(content: string): string | undefined {
  if (content.trim() === '') return 'expected a script, got nothing';
  if (isBase64Script(content)) return 'is base64 already; give the script as plain text, such as its file has';
  const { length } = toBase64(content);
  if (length <= maxEncodedLength) return undefined;
  const bytes = Buffer.byteLength(content);
  return (
    `has ${bytes} bytes, which are ${length} characters in base64, ${length - maxEncodedLength} more than the ${maxEncodedLength} that ` +
    `SageMaker takes; it can have ${(maxEncodedLength / 4) * 3} bytes. Let it download the rest from S3`
  );
}

/** Whether it is the base64 text of a script, as SageMaker's API takes it, and not a script. */
function isBase64Script(content: string): boolean {
  const text = content.replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/]{8,}={0,2}$/.test(text) || text.length % 4 !== 0) return false;
  const decoded = Buffer.from(text, 'base64').toString();
  // A word such as `shutdown` decodes to what is no text.
  return /^[\t\n\r\x20-\x7e\u00a0-\ufffc]+$/.test(decoded) && /^#!|\s/.test(decoded);
}

export function toBase64(content: string): string {
  return Buffer.from(content).toString('base64');
}

function hash(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 8);
}
