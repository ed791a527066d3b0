import { AwsError } from '../../errors.ts';
import { partitionOf } from '../../iam/partition.ts';
import type { Call } from '../../service.ts';
import { getOwnShare, type Operations, page } from './records.ts';

/** Kinds of resources that can be shared, of the services that the local cloud has. */
const kinds = [
  {
    resourceType: 'sagemaker:Pipeline',
    serviceName: 'sagemaker',
    arn: /^arn:[\w-]+:sagemaker:[\w-]+:\d{12}:pipeline\/.+/,
  },
] as const;

const readActions = [
  'sagemaker:DescribePipeline',
  'sagemaker:DescribePipelineDefinitionForExecution',
  'sagemaker:DescribePipelineExecution',
  'sagemaker:ListPipelineExecutionSteps',
  'sagemaker:ListPipelineExecutions',
  'sagemaker:ListPipelineParametersForExecution',
  'sagemaker:Search',
];
const starting = [
  'sagemaker:RetryPipelineExecution',
  'sagemaker:StartPipelineExecution',
  'sagemaker:StopPipelineExecution',
];

interface Managed {
  name: string;
  resourceType: string;
  isDefault: boolean;
  actions: string[];
}

/** AWS's managed permissions for them. */
const managed: Managed[] = [
  {
    name: 'AWSRAMDefaultPermissionSageMakerPipeline',
    resourceType: 'sagemaker:Pipeline',
    isDefault: true,
    actions: readActions,
  },
  {
    name: 'AWSRAMPermissionSageMakerPipelineAllowExecution',
    resourceType: 'sagemaker:Pipeline',
    isDefault: false,
    actions: [...readActions, ...starting],
  },
];

const since = new Date('2023-06-22T00:00:00Z');

function arnOf({ name }: Managed, call: Call): string {
  return `arn:${partitionOf(call.region)}:ram::aws:permission/${name}`;
}

function summaryOf(permission: Managed, call: Call) {
  return {
    arn: arnOf(permission, call),
    version: '1',
    defaultVersion: true,
    name: permission.name,
    resourceType: permission.resourceType,
    status: 'ATTACHABLE' as const,
    creationTime: since,
    lastUpdatedTime: since,
    isResourceTypeDefault: permission.isDefault,
    permissionType: 'AWS_MANAGED' as const,
    featureSet: 'STANDARD' as const,
  };
}

function getPermission(arn: string | undefined, call: Call): Managed {
  const found = managed.find((one) => arnOf(one, call) === arn);
  if (found) return found;
  throw new AwsError('UnknownResourceException', `Permission ${arn} could not be found.`);
}

/** The kind of a resource, by its ARN. Throws for what is no ARN, and for what cannot be shared. */
export function resourceTypeOf(arn: string): string {
  if (!/^arn:[\w-]+:[\w-]+:[\w-]*:\d{0,12}:.+/.test(arn)) {
    throw new AwsError('MalformedArnException', `The specified Amazon Resource Name (ARN) ${arn} is not valid.`);
  }
  const kind = kinds.find((one) => one.arn.test(arn));
  if (kind) return kind.resourceType;
  const known = kinds.map(({ resourceType }) => resourceType).join(', ');
  throw new AwsError(
    'InvalidParameterException',
    `The resource ${arn} cannot be shared. The local cloud shares: ${known}`,
  );
}

/** What a share allows: the permissions given, and for the other kinds of its resources the default. One for each kind. */
export function permissionsFor(given: string[], resourceArns: string[], call: Call): string[] {
  const types = given.map((arn) => getPermission(arn, call).resourceType);
  if (new Set(types).size < types.length) {
    const message = 'You can associate only one permission with a resource share for each resource type.';
    throw new AwsError('InvalidParameterException', message);
  }
  const others = new Set(resourceArns.map(resourceTypeOf).filter((type) => !types.includes(type)));
  const defaults = managed.filter(({ isDefault, resourceType }) => isDefault && others.has(resourceType));
  return [...given, ...defaults.map((one) => arnOf(one, call))];
}

/** What permissions allow on a resource. */
export function actionsOf(permissionArns: string[], resourceArn: string, call: Call): string[] {
  const type = resourceTypeOf(resourceArn);
  const permissions = permissionArns.map((arn) => getPermission(arn, call));
  return permissions.filter(({ resourceType }) => resourceType === type).flatMap(({ actions }) => actions);
}

export const permissionOperations: Operations = {
  ListResourceTypes({ nextToken, maxResults, resourceRegionScope }) {
    const all = kinds.map(({ resourceType, serviceName }) => ({
      resourceType,
      serviceName,
      resourceRegionScope: 'REGIONAL' as const,
    }));
    const { items, token } = page(
      resourceRegionScope === 'GLOBAL' ? [] : all,
      ({ resourceType }) => resourceType,
      nextToken,
      maxResults,
    );
    return { resourceTypes: items, nextToken: token };
  },

  ListPermissions({ resourceType, permissionType, nextToken, maxResults }, call) {
    const wanted = resourceType?.toLowerCase();
    const all = managed
      .filter((one) => wanted === undefined || one.resourceType.toLowerCase() === wanted)
      .filter(() => permissionType !== 'CUSTOMER_MANAGED')
      .map((one) => summaryOf(one, call));
    const { items, token } = page(all, ({ arn }) => arn!, nextToken, maxResults);
    return { permissions: items, nextToken: token };
  },

  GetPermission({ permissionArn }, call) {
    const permission = getPermission(permissionArn, call);
    const document = { Effect: 'Allow', Action: permission.actions };
    return { permission: { ...summaryOf(permission, call), permission: JSON.stringify(document) } };
  },

  ListResourceSharePermissions({ resourceShareArn, nextToken, maxResults }, call) {
    const { permissionArns } = getOwnShare(resourceShareArn, call);
    const all = permissionArns.map((arn) => summaryOf(getPermission(arn, call), call));
    const { items, token } = page(all, ({ arn }) => arn!, nextToken, maxResults);
    return { permissions: items, nextToken: token };
  },

  AssociateResourceSharePermission({ resourceShareArn, permissionArn, replace }, call) {
    const share = getOwnShare(resourceShareArn, call);
    const { resourceType } = getPermission(permissionArn, call);
    const others = share.permissionArns.filter((arn) => getPermission(arn, call).resourceType !== resourceType);
    if (others.length < share.permissionArns.length && !replace && !share.permissionArns.includes(permissionArn!)) {
      const message = `The resource share already has a permission for the resource type ${resourceType}.`;
      throw new AwsError('InvalidParameterException', message);
    }
    share.permissionArns = [...others, permissionArn!];
    return { returnValue: true };
  },

  DisassociateResourceSharePermission({ resourceShareArn, permissionArn }, call) {
    const share = getOwnShare(resourceShareArn, call);
    const { resourceType } = getPermission(permissionArn, call);
    const isUsed = share.associations.some(
      ({ type, entity, status }) =>
        type === 'RESOURCE' && /^ASSOCIAT/.test(status) && resourceTypeOf(entity) === resourceType,
    );
    if (isUsed) {
      const message = `The resource share has resources of the type ${resourceType}, which need a permission.`;
      throw new AwsError('OperationNotPermittedException', message);
    }
    share.permissionArns = share.permissionArns.filter((arn) => arn !== permissionArn);
    return { returnValue: true };
  },
};
