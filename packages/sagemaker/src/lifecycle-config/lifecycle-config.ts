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
import type { Context } from '@studio-resources/core';
import { sagemaker, sagemakerOnce } from '../client/clients.ts';
import { ifFound } from '../client/failures.ts';
import { sideBySide } from '../client/map-concurrent.ts';
import { startDeletion } from '../client/start-deletion.ts';
import { areOurs, ownershipTags, tagsOf } from '../ownership.ts';
import { encoded, type LifecycleScript, lifecycleConfigName, ownerMark } from './lifecycle-config-names.ts';

/** One of a resource's lifecycle configurations. There are several while one takes the place of another. */
export interface Version {
  name: string;
  arn: string;
  /** The name of the one that has taken its place. It is only still there because apps run with it. */
  supersededBy?: string;
}

const supersededBy = 'studio-resources:superseded-by';

export function findLifecycleConfig(name: string): Promise<DescribeStudioLifecycleConfigResponse | undefined> {
  return ifFound(sagemaker().send(new DescribeStudioLifecycleConfigCommand({ StudioLifecycleConfigName: name })));
}

/** Makes it, without attaching it; returns its name. */
export async function createLifecycleConfig(
  script: LifecycleScript & { AppType: StudioLifecycleConfigAppType },
  tags: readonly Tag[],
  ctx: Context,
): Promise<string> {
  const StudioLifecycleConfigName = lifecycleConfigName(script, ctx);
  await sagemakerOnce().send(
    new CreateStudioLifecycleConfigCommand({
      StudioLifecycleConfigName,
      StudioLifecycleConfigContent: encoded(script.Content),
      StudioLifecycleConfigAppType: script.AppType,
      Tags: [...tags, ...ownershipTags(ctx)],
    }),
  );
  return StudioLifecycleConfigName;
}

/** Starts deleting one that nothing uses. */
export function deleteLifecycleConfig(name: string): Promise<void> {
  const command = new DeleteStudioLifecycleConfigCommand({ StudioLifecycleConfigName: name });
  return startDeletion(`lifecycle configuration ${name}`, () => sagemaker().send(command));
}

/** All that the resource has made, and still has. */
export async function versionsOf(ctx: Context): Promise<Version[]> {
  const NameContains = ownerMark(ctx);
  const found: { name: string; arn: string }[] = [];
  const pages = paginateListStudioLifecycleConfigs({ client: sagemaker(), pageSize: 100 }, { NameContains });
  for await (const { StudioLifecycleConfigs = [] } of pages) {
    for (const { StudioLifecycleConfigName, StudioLifecycleConfigArn } of StudioLifecycleConfigs) {
      found.push({ name: StudioLifecycleConfigName!, arn: StudioLifecycleConfigArn! });
    }
  }
  const all = await sideBySide(found, async (each) => {
    const tags = await tagsOf(each.arn);
    return tags && areOurs(tags, ctx) ? [{ ...each, supersededBy: tags.get(supersededBy) }] : [];
  });
  return all.flat();
}

/** Notes that another one has taken its place, or, without one, that it is the one in use again. */
export async function markSuperseded({ arn: ResourceArn }: Version, by: string | undefined): Promise<void> {
  if (by === undefined) await sagemaker().send(new DeleteTagsCommand({ ResourceArn, TagKeys: [supersededBy] }));
  else await sagemaker().send(new AddTagsCommand({ ResourceArn, Tags: [{ Key: supersededBy, Value: by }] }));
}
