import {
  type CreateStudioLifecycleConfigRequest,
  CreateStudioLifecycleConfigRequest$,
  type DescribeStudioLifecycleConfigResponse,
  StudioLifecycleConfigAppType,
} from '@aws-sdk/client-sagemaker';
import {
  fromConstrainedApi,
  list,
  nameOfHolder,
  oneOf,
  type PropsOf,
  type Resource,
  serve,
  string,
  structure,
  type,
} from '@studio-resources/core';
import { allowedDomainsPermissions, domainsIn, refusalOfDomains } from '@studio-resources/sagemaker/allowed-domains';
import { actionsOn, listActions } from '@studio-resources/sagemaker/client/permissions';
import { createStudioLifecycleConfigConstraints } from '@studio-resources/sagemaker/constraints';
import {
  type AttachmentState,
  attach,
  attachmentStatus,
  detach,
  observeAttachment,
} from '@studio-resources/sagemaker/lifecycle-config/attach';
import { attachmentModes, checkAttachments } from '@studio-resources/sagemaker/lifecycle-config/attachments';
import { deleteVersion, revertRename } from '@studio-resources/sagemaker/lifecycle-config/delete-version';
import {
  contentProblem,
  createLifecycleConfig,
  findLifecycleConfig,
  findVersion,
  isLifecycleConfigName,
  isSameScript,
  lifecycleConfigStart,
  listVersions,
  normalizeScript,
  successorOf,
} from '@studio-resources/sagemaker/lifecycle-config/lifecycle-config';
import { transferRenamed } from '@studio-resources/sagemaker/lifecycle-config/renamed';
import { isOwned } from '@studio-resources/sagemaker/ownership';
import { creating, inListedDomains, onAllButOthers, onOwn } from '@studio-resources/sagemaker/provider-permissions';
import { domainSettings } from '@studio-resources/sagemaker/settings/attach-to';
import { attachmentPermissions } from '@studio-resources/sagemaker/settings/permissions';
import { tagsWithStack, updateTags } from '@studio-resources/sagemaker/tags';

const appTypes = Object.values(StudioLifecycleConfigAppType);

const schema = fromConstrainedApi<CreateStudioLifecycleConfigRequest>({
  shape: CreateStudioLifecycleConfigRequest$,
  constraints: createStudioLifecycleConfigConstraints,
})
  .omit('StudioLifecycleConfigName', 'StudioLifecycleConfigContent', 'StudioLifecycleConfigAppType')
  .with({
    /** The start of the name. Two hashes follow, of the resource and of the script. */
    Name: lifecycleConfigStart,
    /** The script as plain text, not base64. Line endings of Windows become those of Linux. */
    Content: type((value, place) => {
      const content = string().read(value, place);
      if (content === undefined) return undefined;
      const problem = contentProblem(normalizeScript(content));
      return problem ? place.wrong(problem) : content;
    }),
    /** The app type that runs it. */
    AppType: oneOf(...appTypes),
    /** The domains, user profiles and spaces to attach it to. Attachments of others stay. */
    AttachTo: list(
      structure({
        DomainId: string(),
        /** A user profile of the domain. If this and SpaceName are omitted, the domain itself. */
        UserProfileName: string().optional(),
        /** A space of the domain. */
        SpaceName: string().optional(),
        /** For a domain: whether the settings for users or for shared spaces. If omitted, those for users. */
        Settings: oneOf(...domainSettings).optional(),
        /**
         * `Listed`: users can choose it. `Default`: it runs when they choose none. `BuiltIn`: it runs before that. If
         * omitted, the first that is possible there.
         */
        As: oneOf(...attachmentModes).optional(),
      }),
    ).default([]),
  })
  .check(checkAttachments);

type Props = PropsOf<typeof schema>;

interface State {
  config: DescribeStudioLifecycleConfigResponse;
  /** The progress of the attachments. Undefined in a deletion, which does not need it. */
  attachment?: AttachmentState;
}

/**
 * A script that apps run when they start. It is attached without changing other attachments, and a new version replaces
 * the old one everywhere. A logical id that is renamed takes the script over, with its attachments.
 */
export const studioLifecycleConfig: Resource<Props, State> = {
  type: 'Custom::StudioLifecycleConfig',
  schema,
  // The API cannot change it. A changed script gets another name, so that both can exist during the replacement.
  immutable: (props, old) => [
    'Name',
    'AppType',
    ...(isSameScript(props.Content, old.Content) ? [] : (['Content'] as const)),
  ],
  nameProperties: ['Name', 'Content', 'AppType'],
  // A script may have a token in it.
  sensitive: ['Content'],
  permissions: [
    ...allowedDomainsPermissions,
    ...actionsOn('studio-lifecycle-config', 'DescribeStudioLifecycleConfig', 'ListTags'),
    ...creating('studio-lifecycle-config', 'CreateStudioLifecycleConfig'),
    ...onOwn('studio-lifecycle-config', 'DeleteStudioLifecycleConfig', 'AddTags', 'DeleteTags'),
    ...listActions('ListStudioLifecycleConfigs', 'ListDomains', 'ListUserProfiles', 'ListSpaces', 'ListApps'),
    ...attachmentPermissions,
    ...actionsOn('space', 'DescribeSpace'),
    ...onAllButOthers('space', 'UpdateSpace'),
    ...inListedDomains('space', 'UpdateSpace'),
    ...actionsOn('app', 'DescribeApp'),
    ...onAllButOthers('app', 'DeleteApp'),
    ...inListedDomains('app', 'DeleteApp'),
  ],
  ownsId: isLifecycleConfigName,

  authorize: ({ AttachTo }, ctx) => refusalOfDomains(domainsIn(AttachTo), ctx),

  async find(props, ctx) {
    return (await findVersion(props, ctx))?.name;
  },

  async create({ Tags, ...script }, ctx) {
    const tags = await tagsWithStack(Tags, ctx);
    await transferRenamed(script, ctx);
    const held = await findVersion(script, ctx);
    if (!held) return createLifecycleConfig(script, tags, ctx);
    await updateTags(held.arn, tags);
    return held.name;
  },

  async read(id, props, ctx) {
    const config = await findLifecycleConfig(id);
    if (!config || ctx.requestType === 'Delete') return config && { config };
    const versions = await listVersions(ctx, id);
    const own = versions.find(({ name }) => name === id) ?? { name: id, arn: config.StudioLifecycleConfigArn! };
    return { config, attachment: await observeAttachment(own, versions, props, ctx) };
  },

  async update(id, props, old, ctx) {
    const Tags = await tagsWithStack(props.Tags, ctx);
    const config = await findLifecycleConfig(id);
    if (!config)
      throw new Error(
        `Updating lifecycle configuration ${id}: it does not exist; it was deleted outside of this stack`,
      );
    await detach(config.StudioLifecycleConfigArn!, props, old);
    await updateTags(config.StudioLifecycleConfigArn!, Tags, old.Tags);
  },

  async advance({ attachment }, props, ctx, old) {
    if (attachment) await attach(attachment, props, old, ctx);
  },

  async delete(id, props, ctx) {
    const config = await findLifecycleConfig(id);
    if (config && !(await isOwned(config.StudioLifecycleConfigArn!, ctx))) {
      const successor = await successorOf(config.StudioLifecycleConfigArn!, ctx);
      const versions = successor ? await listVersions(successor, id) : [];
      // The logical id was renamed and its script changed: the version goes once the new one has replaced it.
      if (versions.find(({ name }) => name === id)?.supersededBy) return deleteVersion(id, versions, props, ctx);
      const why = successor
        ? `${nameOfHolder(successor)} holds it`
        : 'it does not have the tags of this stack and logical id';
      ctx.log.info(`The lifecycle configuration is retained: ${why}`, { id });
      return 'retained';
    }
    const versions = await listVersions(ctx, id);
    const own = versions.find(({ name }) => name === id);
    const isOfRename = own?.previous !== undefined || own?.isOfRename;
    if (isOfRename && (await ctx.isRollingBack(true))) return revertRename(own, versions, props, ctx);
    return deleteVersion(id, versions, props, ctx);
  },

  status: ({ attachment }) => (attachment ? attachmentStatus(attachment) : 'ready'),

  attributes: ({ config }) => ({
    StudioLifecycleConfigArn: config.StudioLifecycleConfigArn ?? '',
    StudioLifecycleConfigName: config.StudioLifecycleConfigName ?? '',
    StudioLifecycleConfigAppType: config.StudioLifecycleConfigAppType ?? '',
  }),

  // Several times the longest delay that was observed in SageMaker's lists and descriptions.
  visibleWithin: 30,

  pace: {
    create: { expectedSeconds: 25, pollIntervalSeconds: 2 },
    update: { expectedSeconds: 25, pollIntervalSeconds: 2 },
    delete: { expectedSeconds: 10, pollIntervalSeconds: 2 },
  },
};

export const handler = serve(studioLifecycleConfig);
