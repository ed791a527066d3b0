import type * as Lambda from '@aws-sdk/client-lambda';
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

export const access: NonNullable<Definition<typeof Lambda>['access']> = {
  CreateFunction(input, call) {
    const [{ resource }] = onFunction(input, call) as [Access];
    return input.Tags ? [{ resource }, { action: 'lambda:TagResource', resource }] : [{ resource }];
  },
  Invoke: (input, call) => onFunction(input, call).map((one) => ({ ...one, action: 'lambda:InvokeFunction' })),
  ListFunctions: () => [{ resource: '*' }],
  TagResource: onTagged,
  UntagResource: onTagged,
  ListTags: onTagged,
  GetFunction: onFunction,
  GetFunctionConfiguration: onFunction,
  UpdateFunctionCode: onFunction,
  UpdateFunctionConfiguration: onFunction,
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
