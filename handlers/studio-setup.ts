import { createHash } from 'node:crypto';
import type { DescribeAppResponse } from '@aws-sdk/client-sagemaker';
import { type Context, type Resource, serve } from '@studio-resources/core';
import { openSession, type Session } from '@studio-resources/jupyter';
import { allowedDomainsPermissions, refusalOfDomains } from '@studio-resources/sagemaker/allowed-domains';
import { actionsOn, onObjects, viaS3 } from '@studio-resources/sagemaker/client/permissions';
import { inListedDomains, onAllButOthers } from '@studio-resources/sagemaker/provider-permissions';
import { isSameName } from '@studio-resources/sagemaker/user-profile/user-profile';
import { type CommandSet, readCommandSet } from './studio-setup/commands.ts';
import { assertCaller, assertNew, forServer, newServer } from './studio-setup/new-server.ts';
import { readSteps, runCommands, type Step, statusOf } from './studio-setup/progress.ts';
import { type Props, schema } from './studio-setup/properties.ts';
import { directoryOf } from './studio-setup/script.ts';
import {
  appTypeOf,
  createPresignedUrl,
  findApp,
  getTarget,
  isRunning,
  nameOf,
  serverPath,
  startApp,
  type Target,
} from './studio-setup/target.ts';

/** The observed state of a Jupyter server, and the commands to run there. */
interface State {
  target: Target;
  work: CommandSet;
  attempt: string;
  /** Whether the resource may start the app. */
  isStarting: boolean;
  /** The stack is rolling back, and the server does not run, so the earlier commands cannot be verified. */
  isUnchanged: boolean;
  app?: DescribeAppResponse;
  session?: Session;
  steps?: Step[];
}

/**
 * Runs commands in a user's Jupyter server, without the user. It works only in domains with `AuthMode: IAM`. Commands that
 * have succeeded in that server's home do not run again, not even for another logical id. A deletion undoes nothing.
 */
export const studioSetup: Resource<Props, State> = {
  type: 'Custom::StudioSetup',
  schema,
  immutable: (props, old) => [
    'DomainId',
    'SpaceName',
    // The user profile that opens a space does not identify the space.
    ...(props.SpaceName !== undefined || isSameName(props.UserProfileName, old.UserProfileName)
      ? []
      : (['UserProfileName'] as const)),
    ...(appTypeOf(props) === appTypeOf(old) ? [] : (['AppType'] as const)),
  ],
  // The id contains these. An update back to an earlier server reverts a replacement that was never completed.
  nameProperties: ['DomainId', 'UserProfileName', 'SpaceName', 'AppType'],
  // A command may have a token in it.
  sensitive: ['Commands'],
  permissions: [
    ...allowedDomainsPermissions,
    ...actionsOn('domain', 'DescribeDomain'),
    ...actionsOn('user-profile', 'DescribeUserProfile'),
    ...onAllButOthers('user-profile', 'CreatePresignedDomainUrl'),
    ...inListedDomains('user-profile', 'CreatePresignedDomainUrl'),
    ...actionsOn('space', 'DescribeSpace'),
    ...actionsOn('app', 'DescribeApp', 'CreateApp'),
    ...onObjects('GetObject'),
    // For a bucket with a customer managed key.
    { action: 'kms:Decrypt', resource: 'arn:*:kms:*:*:key/*', condition: viaS3 },
  ],
  ownsId: (id) => /^d-[a-z0-9-]+\/(space\/)?[^/]+\/Jupyter(Server|Lab)$/.test(id),

  async authorize({ DomainId }, ctx) {
    if (ctx.requestType !== 'Delete') assertCaller(ctx);
    return refusalOfDomains([DomainId], ctx);
  },

  async create(props, ctx) {
    if (!(await isUpdateRollback(ctx))) await prepare(props, ctx);
    const { DomainId, UserProfileName, SpaceName } = props;
    return [DomainId, SpaceName === undefined ? UserProfileName : `space/${SpaceName}`, appTypeOf(props)].join('/');
  },

  async read(_, props, ctx) {
    // A deletion undoes nothing.
    if (ctx.requestType === 'Delete') return undefined;
    const isRollback = await isUpdateRollback(ctx);
    // A refused rollback leaves everything as it is.
    if (isRollback && (await refusalOfDomains([props.DomainId], ctx))) return undefined;
    const target = await getTarget(props);
    const app = await findApp(target);
    const work = await readCommandSet(forServer(props, app, ctx));
    const isUnchanged = !isRunning(app) && isRollback;
    const state = { target, work, app, attempt: attemptOf(ctx), isStarting: props.StartApp, isUnchanged };
    if (app?.Status !== 'InService') return state;
    const session = await openSession(await createPresignedUrl(target), serverPath(target));
    if (!(await session.isReady())) return state;
    return { ...state, session, steps: await readSteps(session, work, attemptOf(ctx)) };
  },

  async update(_, props, __, ctx) {
    if (!(await isUpdateRollback(ctx))) await prepare(props, ctx);
  },

  async advance({ target, work, app, session, steps, isStarting, attempt }, _, ctx) {
    if (session && steps) return runCommands(session, work, attempt, ctx.log);
    if (isStarting && (!app || app.Status === 'Deleted')) await startApp(target);
  },

  async delete(id, _, ctx) {
    ctx.log.info('Nothing is undone: what was set up stays in the home directory, and the app runs on', { id });
    return 'retained';
  },

  status({ target, work, attempt, app, isStarting, isUnchanged, steps }) {
    if (isUnchanged) return 'ready';
    if (steps) return statusOf(steps, work, attempt);
    if (app?.Status === 'InService') return { pending: `${nameOf(target)} to answer` };
    if (isRunning(app) || app?.Status === 'Deleting') return { pending: `${nameOf(target)}, which is ${app?.Status}` };
    if (isStarting && app?.Status !== 'Failed') return { pending: `${nameOf(target)} to start` };
    return { failed: notRunning(target, app) };
  },

  attributes: ({ app, work, steps }) => ({
    AppArn: app?.AppArn ?? '',
    Directory: directoryOf(work),
    ExitStatuses: (steps ?? []).map(({ state }) => state).join(','),
  }),

  onEvent: newServer,

  pace: {
    create: { expectedSeconds: 20, pollIntervalSeconds: 5 },
    update: { expectedSeconds: 10, pollIntervalSeconds: 5 },
  },
};

export const handler = serve(studioSetup);

/** Checks everything that can be checked in advance, and then starts the app if StartApp is set. */
async function prepare(props: Props, ctx: Context): Promise<void> {
  const target = await getTarget(props);
  await readCommandSet(props);
  const app = await findApp(target);
  assertNew(app, nameOf(target), ctx);
  if (isRunning(app) || app?.Status === 'Deleting') return;
  if (!props.StartApp) throw new Error(notRunning(target, app));
  await startApp(target);
}

function notRunning(target: Target, app?: DescribeAppResponse): string {
  const why = app?.FailureReason ? `: ${app.FailureReason}` : '';
  const how = app?.Status === 'Failed' ? `is Failed${why}` : 'does not run';
  return `Setting up ${nameOf(target)}: it ${how}. Set StartApp: true to have it started, or open it in Studio first`;
}

/** A rollback must not fail because the server no longer runs. */
async function isUpdateRollback({ requestType, isRollingBack }: Context): Promise<boolean> {
  return requestType === 'Update' && isRollingBack();
}

/** A duplicate request runs nothing again. Another request runs failed commands again. */
function attemptOf({ stackId, requestId }: Context): string {
  return createHash('sha256').update(`${stackId} ${requestId}`).digest('hex').slice(0, 16);
}
