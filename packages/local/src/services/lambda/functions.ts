import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { AwsError } from '../../errors.ts';
import { findRoleTrusting } from '../../iam/trust.ts';
import type { Executor } from '../../lambda/executor.ts';
import { requestId } from '../../request-id.ts';
import type { Call } from '../../service.ts';
import { encryptVariables } from './encryption.ts';
import { invalidParameter, resourceConflict } from './errors.ts';
import { checkFileSystems } from './file-systems.ts';
import { layersFor } from './layers.ts';
import { arnOf, parseReference } from './names.ts';
import { takePackage } from './package.ts';
import {
  checkChangeable,
  dropUnusedPackages,
  type FunctionRecord,
  functionsOf,
  getFunction,
  getVersion,
  lastModified,
  type Operations,
  page,
} from './records.ts';
import { appliedSettings, checkSettings, loggingConfig } from './settings.ts';
import { publish, shown } from './versions.ts';
import { vpcConfig } from './vpc.ts';

/** How long a function is Pending, or its update InProgress: virtual milliseconds, longer where a VPC is joined. */
const settling = { plain: 2_000, vpc: 15_000 };

export function functionOperations(executor: Executor): Operations {
  return {
    async CreateFunction(input, call) {
      const reference = parseReference(input.FunctionName ?? '', call);
      if (reference.qualifier || reference.account !== call.account || reference.region !== call.region) {
        throw invalidParameter('FunctionName must name a function of this account and Region, without a qualifier.');
      }
      const { name } = reference;
      checkSettings(input);
      if (!input.Runtime || !input.Handler) {
        throw invalidParameter(
          'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
        );
      }
      await checkRunnable(input.Runtime, executor);
      if (functionsOf(call).has(name)) throw resourceConflict(`Function already exist: ${name}`);
      checkRole(input.Role, call);
      const VpcConfig = await vpcConfig(input.VpcConfig, call);
      await checkFileSystems(input.FileSystemConfigs, VpcConfig, call);
      const code = await takePackage(input.Code ?? {}, call);
      const latest: FunctionConfiguration = {
        FunctionName: name,
        FunctionArn: arnOf(reference),
        Description: '',
        Timeout: 3,
        MemorySize: 128,
        EphemeralStorage: { Size: 512 },
        TracingConfig: { Mode: 'PassThrough' },
        LoggingConfig: loggingConfig({}, name),
        ...appliedSettings(input, name),
        ...(input.Layers && { Layers: layersFor(input.Layers, call) }),
        ...code,
        VpcConfig,
        LastModified: lastModified(call),
        Version: '$LATEST',
        RevisionId: requestId(call.cloud.store),
        PackageType: 'Zip',
        Architectures: input.Architectures ?? ['x86_64'],
        SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
        State: 'Pending',
        StateReason: 'The function is being created.',
        StateReasonCode: 'Creating',
      };
      const encrypted = await encryptVariables({}, latest, call);
      if (functionsOf(call).has(name)) throw resourceConflict(`Function already exist: ${name}`);
      const record: FunctionRecord = {
        name,
        latest,
        versions: [],
        nextVersion: 1,
        aliases: {},
        policies: {},
        eventInvoke: {},
        encrypted,
        tags: input.Tags ?? {},
      };
      functionsOf(call).set(name, record);
      settle(record, call);
      return input.Publish ? shown(publish(record, call)) : shown(latest);
    },

    GetFunction({ FunctionName, Qualifier }, call) {
      const { record, reference } = getFunction(call, FunctionName, Qualifier);
      const { reservedConcurrency, tags } = record;
      return {
        Configuration: shown(getVersion(record, reference), reference.qualifier),
        Code: { RepositoryType: 'S3' },
        Tags: Object.keys(tags).length > 0 ? tags : undefined,
        Concurrency:
          reservedConcurrency === undefined ? undefined : { ReservedConcurrentExecutions: reservedConcurrency },
      };
    },

    GetFunctionConfiguration({ FunctionName, Qualifier }, call) {
      const { record, reference } = getFunction(call, FunctionName, Qualifier);
      return shown(getVersion(record, reference), reference.qualifier);
    },

    async UpdateFunctionCode(input, call) {
      checkSettings({ PublishTo: input.PublishTo });
      const { record } = getFunction(call, input.FunctionName);
      checkChangeable(record, input.RevisionId);
      const code = await takePackage(input, call);
      const changed = { ...code, Architectures: input.Architectures ?? record.latest.Architectures };
      if (input.DryRun) return shown({ ...record.latest, ...changed });
      update(record, changed, call);
      return input.Publish ? shown(publish(record, call)) : shown(record.latest);
    },

    async UpdateFunctionConfiguration(input, call) {
      const { record } = getFunction(call, input.FunctionName);
      checkSettings(input);
      if (input.Runtime) await checkRunnable(input.Runtime, executor);
      checkChangeable(record, input.RevisionId);
      if (input.Role && input.Role !== record.latest.Role) checkRole(input.Role, call);
      const VpcConfig = input.VpcConfig && (await vpcConfig(input.VpcConfig, call));
      const { FileSystemConfigs = record.latest.FileSystemConfigs } = input;
      await checkFileSystems(FileSystemConfigs, VpcConfig ?? record.latest.VpcConfig, call);
      const changes = {
        ...appliedSettings(input, record.name),
        ...(VpcConfig && { VpcConfig }),
        ...(input.Layers && { Layers: layersFor(input.Layers, call) }),
      };
      const encrypted =
        input.KMSKeyArn || input.Environment || input.Role
          ? await encryptVariables(record, { ...record.latest, ...changes }, call)
          : record.encrypted;
      checkChangeable(record, input.RevisionId);
      record.encrypted = encrypted;
      update(record, changes, call);
      return shown(record.latest);
    },

    DeleteFunction({ FunctionName, Qualifier }, call) {
      const { record, reference } = getFunction(call, FunctionName, Qualifier);
      const { qualifier } = reference;
      if (qualifier) {
        deleteVersion(record, getVersion(record, reference));
      } else {
        functionsOf(call, reference).delete(record.name);
        executor.forget(record.latest.FunctionArn!);
      }
      dropUnusedPackages(call);
      return { StatusCode: 204 };
    },

    ListFunctions({ FunctionVersion, Marker, MaxItems }, call) {
      const listed = [...functionsOf(call).values()].flatMap(({ latest, versions }) =>
        FunctionVersion === 'ALL' ? [shown(latest, '$LATEST'), ...versions.map((one) => shown(one))] : [shown(latest)],
      );
      const { items, token } = page(listed, ({ FunctionArn }) => FunctionArn!, Marker, MaxItems);
      return { Functions: items, NextMarker: token };
    },
  };
}

/** What a function becomes once Lambda has brought a creation or an update in. */
export function settleTask(executor: Executor) {
  return ({ name, revisionId }: { name: string; revisionId: string }, call: Call) => {
    const record = functionsOf(call).get(name);
    // Deleted meanwhile, and perhaps made again.
    if (record?.latest.RevisionId !== revisionId) return;
    for (const configuration of [record.latest, ...record.versions]) {
      if (configuration.State === 'Pending') activate(configuration);
    }
    activate(record.latest);
    record.latest.RevisionId = requestId(call.cloud.store);
    record.running = undefined;
    executor.forget(record.latest.FunctionArn!);
    dropUnusedPackages(call);
  };
}

function activate(configuration: FunctionConfiguration): void {
  configuration.State = 'Active';
  configuration.LastUpdateStatus = 'Successful';
  for (const gone of [
    'StateReason',
    'StateReasonCode',
    'LastUpdateStatusReason',
    'LastUpdateStatusReasonCode',
  ] as const) {
    delete configuration[gone];
  }
}

function settle({ name, latest }: FunctionRecord, call: Call): void {
  const { plain, vpc } = settling;
  call.later(latest.VpcConfig?.VpcId ? vpc : plain, 'settle', { name, revisionId: latest.RevisionId });
}

function update(record: FunctionRecord, changes: Partial<FunctionConfiguration>, call: Call): void {
  record.running = record.latest;
  record.latest = {
    ...record.latest,
    ...changes,
    LastModified: lastModified(call),
    RevisionId: requestId(call.cloud.store),
    LastUpdateStatus: 'InProgress',
    LastUpdateStatusReason: 'The function is being created.',
  };
  settle(record, call);
}

async function checkRunnable(runtime: string, executor: Executor): Promise<void> {
  const refusal = await executor.refusal(runtime);
  if (refusal) throw invalidParameter(refusal);
}

function checkRole(role: string | undefined, call: Call): void {
  if (role?.split(':')[4] !== call.account) {
    throw new AwsError('AccessDeniedException', 'Cross-account pass role is not allowed.', { status: 403 });
  }
  if (!findRoleTrusting(call.cloud.store, role, 'lambda.amazonaws.com')) {
    throw invalidParameter('The role defined for the function cannot be assumed by Lambda.');
  }
}

function deleteVersion(record: FunctionRecord, { Version }: FunctionConfiguration): void {
  if (Version === '$LATEST') {
    throw invalidParameter('$LATEST version cannot be deleted without deleting the function.');
  }
  const alias = Object.values(record.aliases).find(
    ({ FunctionVersion, RoutingConfig }) =>
      FunctionVersion === Version || Version! in (RoutingConfig?.AdditionalVersionWeights ?? {}),
  );
  if (alias) throw resourceConflict(`Version ${Version} is referenced by alias ${alias.Name}: change the alias first.`);
  record.versions = record.versions.filter((one) => one.Version !== Version);
}
