import type { AliasConfiguration } from '@aws-sdk/client-lambda';
import { requestId } from '../../request-id.ts';
import type { Call } from '../../service.ts';
import { functionNotFound, notFound, preconditionFailed, resourceConflict } from './errors.ts';
import { arnOf } from './names.ts';
import { type FunctionRecord, getFunction, type Operations, page } from './records.ts';

export const aliasOperations: Operations = {
  CreateAlias({ FunctionName, Name = '', FunctionVersion, Description = '', RoutingConfig }, call) {
    const { record, reference } = getFunction(call, FunctionName);
    const AliasArn = arnOf({ ...reference, qualifier: Name });
    if (record.aliases[Name]) throw resourceConflict(`Alias already exists: ${AliasArn}`);
    const alias = { AliasArn, Name, FunctionVersion, Description, RoutingConfig };
    return save(record, alias, call);
  },

  UpdateAlias({ FunctionName, Name, FunctionVersion, Description, RoutingConfig, RevisionId }, call) {
    const { record, alias } = getAlias(call, FunctionName, Name);
    if (RevisionId && RevisionId !== alias.RevisionId) throw preconditionFailed();
    return save(
      record,
      {
        ...alias,
        FunctionVersion: FunctionVersion ?? alias.FunctionVersion,
        Description: Description ?? alias.Description,
        RoutingConfig: RoutingConfig ?? alias.RoutingConfig,
      },
      call,
    );
  },

  GetAlias({ FunctionName, Name }, call) {
    return getAlias(call, FunctionName, Name).alias;
  },

  DeleteAlias({ FunctionName, Name }, call) {
    const { record } = getFunction(call, FunctionName);
    // One that is not there is deleted as well.
    delete record.aliases[Name!];
    delete record.policies[Name!];
    delete record.eventInvoke[Name!];
    return {};
  },

  ListAliases({ FunctionName, FunctionVersion, Marker, MaxItems }, call) {
    const { record } = getFunction(call, FunctionName);
    const all = Object.values(record.aliases).filter(
      (alias) => !FunctionVersion || alias.FunctionVersion === FunctionVersion,
    );
    const { items, token } = page(all, ({ Name }) => Name!, Marker, MaxItems);
    return { Aliases: items, NextMarker: token };
  },
};

function getAlias(call: Call, functionName: string | undefined, name: string | undefined) {
  const { record, reference } = getFunction(call, functionName);
  const alias = record.aliases[name!];
  if (!alias) throw notFound(`Cannot find alias arn: ${arnOf({ ...reference, qualifier: name })}`);
  return { record, alias };
}

function save(record: FunctionRecord, alias: AliasConfiguration, call: Call): AliasConfiguration {
  const weights = alias.RoutingConfig?.AdditionalVersionWeights ?? {};
  for (const version of [alias.FunctionVersion!, ...Object.keys(weights)]) {
    const exists = version === '$LATEST' || record.versions.some(({ Version }) => Version === version);
    if (!exists) throw functionNotFound(`${record.latest.FunctionArn}:${version}`);
  }
  const saved = {
    ...alias,
    RoutingConfig: Object.keys(weights).length > 0 ? alias.RoutingConfig : undefined,
    RevisionId: requestId(call.cloud.store),
  };
  record.aliases[alias.Name!] = saved;
  return saved;
}
