import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { list } from './pages.ts';
import {
  type AppImageConfigRecord,
  all,
  arnOf,
  inUse,
  invalid,
  isVisible,
  type Operations,
  tableOf,
} from './records.ts';
import { checkTags, forgetTags, tagNew } from './tags.ts';
import { matchesTimes } from './time-filter.ts';
import { visibleFrom } from './visibility.ts';

const kinds = ['KernelGatewayImageConfig', 'JupyterLabAppImageConfig', 'CodeEditorAppImageConfig'] as const;

/** A config is for one kind of app. */
function configIn(request: SageMaker.UpdateAppImageConfigRequest) {
  const given = kinds.filter((kind) => request[kind] !== undefined);
  if (given.length > 1) throw invalid(`Only one of ${kinds.join(', ')} can be specified.`);
  return Object.fromEntries(given.map((kind) => [kind, request[kind]]));
}

function get(name: string | undefined, call: Call): AppImageConfigRecord {
  const config = tableOf('app-image-config', call).get(name ?? '');
  if (config) return config;
  throw missing(name);
}

function missing(name: string | undefined): AwsError {
  return new AwsError('ResourceNotFound', `AppImageConfig ${name} does not exist.`);
}

/** They have no status: what is asked for is done at once. */
export const appImageConfigOperations: Operations = {
  CreateAppImageConfig(request, call) {
    checkTags(request.Tags);
    const { AppImageConfigName = '', Tags } = request;
    const config = configIn(request);
    const configs = tableOf('app-image-config', call);
    if (configs.has(AppImageConfigName)) throw inUse('The ID or Name specified is already in use.');
    const arn = arnOf('app-image-config', AppImageConfigName, call);
    const CreationTime = new Date(call.clock.now());
    configs.set(AppImageConfigName, {
      key: AppImageConfigName,
      arn,
      shown: { AppImageConfigName, AppImageConfigArn: arn, ...config, CreationTime, LastModifiedTime: CreationTime },
      visibleAt: visibleFrom('app-image-config', call),
      step: 0,
    });
    tagNew(arn, Tags, call);
    return { AppImageConfigArn: arn };
  },

  DescribeAppImageConfig(request, call) {
    const config = get(request.AppImageConfigName, call);
    if (!isVisible(config, call)) throw missing(request.AppImageConfigName);
    return config.shown;
  },

  ListAppImageConfigs(request, call) {
    const part = request.NameContains ?? '';
    const configs = all(
      'app-image-config',
      call,
      ({ key, shown }) => key.includes(part) && matchesTimes(request, shown),
    );
    const { SortOrder = 'Descending' } = request;
    const { items, NextToken } = list({ ...request, SortOrder }, configs, ({ shown }) => shown, call);
    return { AppImageConfigs: items, NextToken };
  },

  /** Whether AWS merges or replaces a config is not documented; here it is replaced. */
  UpdateAppImageConfig(request, call) {
    const config = get(request.AppImageConfigName, call);
    const { AppImageConfigName, AppImageConfigArn, CreationTime } = config.shown;
    const changed = configIn(request);
    const kept = Object.keys(changed).length > 0 ? changed : configIn(config.shown);
    const LastModifiedTime = new Date(call.clock.now());
    config.shown = { AppImageConfigName, AppImageConfigArn, ...kept, CreationTime, LastModifiedTime };
    return { AppImageConfigArn };
  },

  DeleteAppImageConfig(request, call) {
    const config = get(request.AppImageConfigName, call);
    tableOf('app-image-config', call).delete(config.key);
    forgetTags(config.arn, call);
    return {};
  },
};
