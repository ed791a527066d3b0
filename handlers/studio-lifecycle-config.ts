import {
  type CreateStudioLifecycleConfigRequest,
  CreateStudioLifecycleConfigRequest$,
  type DescribeStudioLifecycleConfigResponse,
  StudioLifecycleConfigAppType,
} from '@aws-sdk/client-sagemaker';
import {
  fromApi,
  list,
  oneOf,
  type PropsOf,
  type Resource,
  serve,
  string,
  structure,
  type,
} from '@studio-resources/core';
import { actionsOn, listActions } from '@studio-resources/sagemaker/client/permissions';
import {
  type AttachmentState,
  attach,
  attachmentStatus,
  detach,
  observeAttachment,
} from '@studio-resources/sagemaker/lifecycle-config/attach';
import {
  attachmentModes,
  checkAttachments,
  domainSettings,
} from '@studio-resources/sagemaker/lifecycle-config/attachments';
import { deleteVersion } from '@studio-resources/sagemaker/lifecycle-config/delete-version';
import {
  contentProblem,
  createLifecycleConfig,
  findLifecycleConfig,
  isLifecycleConfigName,
  lifecycleConfigName,
  listVersions,
  nameProblem,
  normalizeScript,
} from '@studio-resources/sagemaker/lifecycle-config/lifecycle-config';
import { checkTags, isOwned, updateTags } from '@studio-resources/sagemaker/tags';

const appTypes = Object.values(StudioLifecycleConfigAppType);

const schema = fromApi<CreateStudioLifecycleConfigRequest>(CreateStudioLifecycleConfigRequest$)
  .omit('StudioLifecycleConfigName', 'StudioLifecycleConfigContent', 'StudioLifecycleConfigAppType')
  .with({
    /** How the name begins; two hashes follow, of the resource and of the script. */
    Name: type((value, place) => {
      const name = string().read(value, place);
      const problem = name === undefined ? undefined : nameProblem(name);
      return problem ? place.wrong(problem) : name;
    }),
    /** The script itself, not in base64. */
    Content: type((value, place) => {
      const content = string().read(value, place);
      if (content === undefined) return undefined;
      const problem = contentProblem(normalizeScript(content));
      return problem ? place.wrong(problem) : normalizeScript(content);
    }),
    /** The apps that run it. */
    AppType: oneOf(...appTypes),
    /** The domains, user profiles and spaces that have it, beside what others attach to them. */
    AttachTo: list(
      structure({
        DomainId: string(),
        /** One profile of the domain; left out with SpaceName, the domain itself. */
        UserProfileName: string().optional(),
        /** One space of the domain. */
        SpaceName: string().optional(),
        /** Of a domain: the settings for users, unless those for shared spaces are meant. */
        Settings: oneOf(...domainSettings).optional(),
        /** Listed for users to choose, if left out; the one that runs if they choose none; or the one before that. */
        As: oneOf(...attachmentModes).optional(),
      }),
    ).default([]),
  })
  .check(checkAttachments);

type Props = PropsOf<typeof schema>;

interface State {
  config: DescribeStudioLifecycleConfigResponse;
  /** Where it is and is not attached yet. In a deletion, that is not asked. */
  attachment?: AttachmentState;
}

/** A script that apps run at their start, attached beside what others attach, and changed wherever it is used. */
export const studioLifecycleConfig: Resource<Props, State> = {
  type: 'Custom::StudioLifecycleConfig',
  schema,
  // The API changes nothing of it; and another script has another name, so that both can be there.
  immutable: ['Name', 'Content', 'AppType'],
  nameProperties: ['Name', 'Content', 'AppType'],
  permissions: [
    ...actionsOn('studio-lifecycle-config', 'CreateStudioLifecycleConfig', 'DescribeStudioLifecycleConfig'),
    ...actionsOn('studio-lifecycle-config', 'DeleteStudioLifecycleConfig', 'AddTags', 'DeleteTags', 'ListTags'),
    ...listActions('ListStudioLifecycleConfigs', 'ListDomains', 'ListUserProfiles', 'ListSpaces', 'ListApps'),
    ...actionsOn('domain', 'DescribeDomain', 'UpdateDomain'),
    ...actionsOn('user-profile', 'DescribeUserProfile', 'UpdateUserProfile'),
    ...actionsOn('space', 'DescribeSpace', 'UpdateSpace'),
    ...actionsOn('app', 'DescribeApp', 'DeleteApp'),
  ],
  ownsId: isLifecycleConfigName,

  async find(props, ctx) {
    const name = lifecycleConfigName(props, ctx);
    // A Delete may come with properties that no longer fit the schema.
    if (!isLifecycleConfigName(name)) return undefined;
    const config = await findLifecycleConfig(name);
    return config && (await isOwned(config.StudioLifecycleConfigArn!, ctx)) ? name : undefined;
  },

  async create({ Tags = [], ...script }, ctx) {
    checkTags(Tags);
    return createLifecycleConfig(script, Tags, ctx);
  },

  async read(id, props, ctx) {
    const config = await findLifecycleConfig(id);
    if (!config || ctx.requestType === 'Delete') return config && { config };
    const versions = await listVersions(ctx);
    const own = versions.find(({ name }) => name === id) ?? { name: id, arn: config.StudioLifecycleConfigArn! };
    return { config, attachment: await observeAttachment(own, versions, props, ctx) };
  },

  async update(id, props, old) {
    checkTags(props.Tags);
    const config = await findLifecycleConfig(id);
    if (!config)
      throw new Error(
        `Updating lifecycle configuration ${id}: it does not exist; it was deleted outside of this stack`,
      );
    await detach(config.StudioLifecycleConfigArn!, props, old);
    await updateTags(config.StudioLifecycleConfigArn!, props.Tags, old.Tags);
  },

  async advance({ attachment }, props, ctx, old) {
    if (attachment) await attach(attachment, props, old, ctx);
  },

  async delete(id, props, ctx) {
    const config = await findLifecycleConfig(id);
    if (config && !(await isOwned(config.StudioLifecycleConfigArn!, ctx))) {
      ctx.log.info('It lacks the tags of this stack and logical id: it is not ours, and is kept', { id });
      return 'retained';
    }
    return deleteVersion(id, await listVersions(ctx), props, ctx);
  },

  status: ({ attachment }) => (attachment ? attachmentStatus(attachment) : 'ready'),

  attributes: ({ config }) => ({
    StudioLifecycleConfigArn: config.StudioLifecycleConfigArn ?? '',
    StudioLifecycleConfigName: config.StudioLifecycleConfigName ?? '',
    StudioLifecycleConfigAppType: config.StudioLifecycleConfigAppType ?? '',
  }),

  // Many times what SageMaker's lists and descriptions have been seen to lag behind.
  visibleWithin: 30,

  pace: {
    create: { expectedSeconds: 25, pollIntervalSeconds: 2 },
    update: { expectedSeconds: 25, pollIntervalSeconds: 2 },
    delete: { expectedSeconds: 10, pollIntervalSeconds: 2 },
  },
};

export const handler = serve(studioLifecycleConfig);
