import type { Request } from '../cloud-events.ts';
import type { Call, Service } from '../service.ts';
import { partitionOf } from './partition.ts';
import { requestTags } from './request-tags.ts';
import { resourcesOf } from './resources.ts';
import type { Right } from './right.ts';

interface Tagging {
  action: string | ((operation: string) => string);
  /** The condition key that says what is being created. */
  key?: string;
  /** What is tagged, where it is not simply what the operation itself is about. */
  resources?: (request: Request, call: Call) => string[] | Promise<string[]>;
}

/** What tags given at creation need besides, by IAM prefix. */
const taggings: Record<string, Tagging> = {
  codecommit: { action: 'codecommit:TagResource' },
  codepipeline: { action: 'codepipeline:TagResource' },
  ec2: {
    action: 'ec2:CreateTags',
    key: 'ec2:CreateAction',
    resources: ({ input }, call) => specifiedTypes(input).map((type) => anyOf('ec2', type, call)),
  },
  ecr: { action: 'ecr:TagResource' },
  elasticfilesystem: {
    action: 'elasticfilesystem:TagResource',
    key: 'elasticfilesystem:CreateAction',
    resources: ({ operation }, call) => [
      anyOf('elasticfilesystem', operation === 'CreateAccessPoint' ? 'access-point' : 'file-system', call),
    ],
  },
  events: { action: 'events:TagResource' },
  iam: { action: (operation) => `iam:Tag${operation.slice('Create'.length)}` },
  logs: {
    action: 'logs:TagResource',
    resources: ({ input }, call) => resourcesOf('logs:TagResource', input, call),
  },
  ram: { action: 'ram:TagResource', resources: (_, call) => [anyOf('ram', 'resource-share', call)] },
  sagemaker: { action: 'sagemaker:AddTags', key: 'sagemaker:TaggingAction' },
  secretsmanager: { action: 'secretsmanager:TagResource' },
  sns: { action: 'sns:TagResource' },
  ssm: { action: 'ssm:AddTagsToResource' },
  states: { action: 'states:TagResource' },
};

/** The rights to tag what a call creates, if it gives tags; `own` are those that the call needs without them. */
export async function taggingRights(service: Service, request: Request, own: Right[], call: Call): Promise<Right[]> {
  const { operation, input } = request;
  const tagging = taggings[service.iamPrefix];
  const creates = /^(Create|Put)/.test(operation) && operation !== 'CreateTags';
  if (!tagging || !creates || !requestTags(input)) return [];
  const action = typeof tagging.action === 'string' ? tagging.action : tagging.action(operation);
  const context: Record<string, string> = tagging.key ? { [tagging.key]: operation } : {};
  if (tagging.resources) {
    const resources = await tagging.resources(request, call);
    return resources.map((resource) => ({ action, resource, context }));
  }
  const main = own.filter((right) => right.action === `${service.iamPrefix}:${operation}`);
  return main.map((right) => ({ action, resource: right.resource, context: { ...right.context, ...context } }));
}

function specifiedTypes({ TagSpecifications: specifications = [] }: Record<string, unknown>): string[] {
  return (specifications as { ResourceType?: string }[]).map(({ ResourceType: type }) => type ?? '*');
}

function anyOf(service: string, type: string, { account, region }: Call): string {
  return `arn:${partitionOf(region)}:${service}:${region}:${account}:${type}/*`;
}
