import type * as Lambda from '@aws-sdk/client-lambda';
import { lambdaClient } from './lambda-function.ts';
import { nativeType } from './native-type.ts';
import { asIn, number, optional, required, struct, text } from './property.ts';
import { undefinedIfNotFound } from './service-client.ts';

const permission = nativeType({
  type: 'AWS::Lambda::Permission',
  properties: {
    Action: required(text),
    EventSourceToken: optional(text),
    FunctionName: required(text),
    Principal: required(text),
    PrincipalOrgID: optional(text),
    SourceAccount: optional(text),
    SourceArn: optional(text),
  },
  async create(values, context) {
    const StatementId = context.inventName(100);
    await lambdaClient(context)('AddPermission', { ...values, StatementId });
    return { physicalId: StatementId, attributes: { Id: StatementId } };
  },
  async delete(StatementId, { FunctionName }, context) {
    await undefinedIfNotFound(lambdaClient(context)('RemovePermission', { FunctionName, StatementId }));
  },
});

const eventInvokeConfig = nativeType({
  type: 'AWS::Lambda::EventInvokeConfig',
  properties: {
    DestinationConfig: optional(
      struct({
        OnFailure: optional(asIn<Lambda.OnFailure>()),
        OnSuccess: optional(asIn<Lambda.OnSuccess>()),
      }),
    ),
    FunctionName: required(text, 'replaces'),
    MaximumEventAgeInSeconds: optional(number),
    MaximumRetryAttempts: optional(number),
    Qualifier: required(text, 'replaces'),
  },
  async create(values, context) {
    await lambdaClient(context)('PutFunctionEventInvokeConfig', values);
    return { physicalId: context.inventName(), attributes: {} };
  },
  async update({ physicalId, values }, context) {
    await lambdaClient(context)('PutFunctionEventInvokeConfig', values);
    return { physicalId, attributes: {} };
  },
  async delete(_, { FunctionName, Qualifier }, context) {
    await undefinedIfNotFound(lambdaClient(context)('DeleteFunctionEventInvokeConfig', { FunctionName, Qualifier }));
  },
});

const version = nativeType({
  type: 'AWS::Lambda::Version',
  properties: {
    CodeSha256: optional(text, 'replaces'),
    Description: optional(text, 'replaces'),
    FunctionName: required(text, 'replaces'),
  },
  async create(values, context) {
    const { FunctionArn, Version } = await lambdaClient(context)('PublishVersion', values);
    return { physicalId: FunctionArn!, attributes: { FunctionArn, Version } };
  },
  async delete(arn, _, context) {
    await undefinedIfNotFound(lambdaClient(context)('DeleteFunction', { FunctionName: arn }));
  },
});

const alias = nativeType({
  type: 'AWS::Lambda::Alias',
  properties: {
    Description: optional(text),
    FunctionName: required(text, 'replaces'),
    FunctionVersion: required(text),
    Name: required(text, 'replaces'),
  },
  async create(values, context) {
    const { AliasArn } = await lambdaClient(context)('CreateAlias', values);
    return { physicalId: AliasArn!, attributes: { AliasArn } };
  },
  async update({ physicalId, values: { Description = '', ...values } }, context) {
    await lambdaClient(context)('UpdateAlias', { ...values, Description });
    return { physicalId, attributes: { AliasArn: physicalId } };
  },
  async delete(_, { FunctionName, Name }, context) {
    await undefinedIfNotFound(lambdaClient(context)('DeleteAlias', { FunctionName, Name }));
  },
});

export const lambdaAccessTypes = [permission, eventInvokeConfig, version, alias];
