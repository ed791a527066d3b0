import type * as Lambda from '@aws-sdk/client-lambda';
import { regionalArn } from '../../arn.ts';
import type { Access, Call, Definition } from '../../service.ts';
import { arnOf, parseReference } from './names.ts';

interface OnFunction {
  FunctionName?: string;
  Qualifier?: string;
}

/** A call about one function needs the right on its ARN, whichever way the caller named it. */
function onFunction({ FunctionName, Qualifier }: OnFunction, call: Call): Access[] {
  return [{ resource: arnOf(parseReference(FunctionName ?? '', call, Qualifier)) }];
}

function onAlias({ FunctionName, Name }: { FunctionName?: string; Name?: string }, call: Call): Access[] {
  return [{ resource: arnOf(parseReference(FunctionName ?? '', call, Name)) }];
}

function onTagged({ Resource }: { Resource?: string }): Access[] {
  return [{ resource: Resource ?? '' }];
}

interface OnLayer {
  LayerName?: string;
  VersionNumber?: number;
}

function onLayer({ LayerName = '' }: OnLayer, call: Call): Access[] {
  const resource = LayerName.startsWith('arn:') ? LayerName : regionalArn('lambda', `layer:${LayerName}`, call);
  return [{ resource }];
}

function onLayerVersion({ VersionNumber, ...input }: OnLayer, call: Call): Access[] {
  return onLayer(input, call).map(({ resource }) => ({ resource: `${resource}:${VersionNumber}` }));
}

/** The condition key about the layers that a function gets. */
function layersIn({ Layers = [] }: { Layers?: string[] }): Record<string, string[]> {
  return Layers.length > 0 ? { 'lambda:Layer': Layers } : {};
}

export const access: NonNullable<Definition<typeof Lambda>['access']> = {
  CreateFunction(input, call) {
    const [{ resource }] = onFunction(input, call) as [Access];
    const tagging = input.Tags ? [{ action: 'lambda:TagResource', resource }] : [];
    return [{ resource, context: layersIn(input) }, ...tagging];
  },
  PublishLayerVersion: onLayer,
  ListLayerVersions: onLayer,
  GetLayerVersion: onLayerVersion,
  DeleteLayerVersion: onLayerVersion,
  GetLayerVersionByArn: ({ Arn = '' }) => [{ action: 'lambda:GetLayerVersion', resource: Arn }],
  ListLayers: () => [{ resource: '*' }],
  Invoke: (input, call) => onFunction(input, call).map((one) => ({ ...one, action: 'lambda:InvokeFunction' })),
  ListFunctions: () => [{ resource: '*' }],
  TagResource: onTagged,
  UntagResource: onTagged,
  ListTags: onTagged,
  GetFunction: onFunction,
  GetFunctionConfiguration: onFunction,
  UpdateFunctionCode: onFunction,
  UpdateFunctionConfiguration: (input, call) =>
    onFunction(input, call).map((one) => ({ ...one, context: layersIn(input) })),
  DeleteFunction: onFunction,
  PublishVersion: onFunction,
  ListVersionsByFunction: onFunction,
  CreateAlias: onAlias,
  UpdateAlias: onAlias,
  GetAlias: onAlias,
  DeleteAlias: onAlias,
  ListAliases: onFunction,
  AddPermission: onFunction,
  RemovePermission: onFunction,
  GetPolicy: onFunction,
  PutFunctionEventInvokeConfig: onFunction,
  UpdateFunctionEventInvokeConfig: onFunction,
  GetFunctionEventInvokeConfig: onFunction,
  DeleteFunctionEventInvokeConfig: onFunction,
  ListFunctionEventInvokeConfigs: onFunction,
  PutFunctionConcurrency: onFunction,
  GetFunctionConcurrency: onFunction,
  DeleteFunctionConcurrency: onFunction,
};
