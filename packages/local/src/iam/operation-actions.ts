import type { Service } from '../service.ts';

/** The operations whose action is not called as they are. */
const irregular: Record<string, Record<string, string>> = {
  lambda: { Invoke: 'InvokeFunction', InvokeWithResponseStream: 'InvokeFunction' },
};

/** The action that an operation needs, such as `lambda:InvokeFunction` for `Invoke`. */
export function actionOf(service: Service, operation: string): string {
  return `${service.iamPrefix}:${irregular[service.iamPrefix]?.[operation] ?? operation}`;
}

/** The actions that tags given at creation need as well, and the condition key that says what is being created. */
const tagging: Record<string, { action: (operation: string) => string; key?: string }> = {
  ec2: { action: () => 'ec2:CreateTags', key: 'ec2:CreateAction' },
  elasticfilesystem: { action: () => 'elasticfilesystem:TagResource', key: 'elasticfilesystem:CreateAction' },
  iam: { action: (operation) => `iam:Tag${operation.slice('Create'.length)}` },
  lambda: { action: () => 'lambda:TagResource' },
  logs: { action: () => 'logs:TagResource' },
  sagemaker: { action: () => 'sagemaker:AddTags', key: 'sagemaker:TaggingAction' },
  ssm: { action: () => 'ssm:AddTagsToResource' },
};

/** The action that an operation needs on what it creates when it is given tags; undefined if there is none. */
export function taggingActionOf(
  service: Service,
  operation: string,
): { action: string; context: Record<string, string> } | undefined {
  const known = tagging[service.iamPrefix];
  if (!known || !/^(Create|Put)/.test(operation) || operation === 'CreateTags') return undefined;
  return { action: known.action(operation), context: known.key ? { [known.key]: operation } : {} };
}
