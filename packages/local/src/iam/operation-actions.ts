import type { Service } from '../service.ts';

/** The operations whose action is not called as they are. */
const irregular: Record<string, Record<string, string>> = {
  lambda: { Invoke: 'InvokeFunction', InvokeWithResponseStream: 'InvokeFunction' },
};

/** The action that an operation needs, such as `lambda:InvokeFunction` for `Invoke`. */
export function actionOf(service: Service, operation: string): string {
  return `${service.iamPrefix}:${irregular[service.iamPrefix]?.[operation] ?? operation}`;
}
