import type { Permission } from '@studio-resources/core';
import { accountPrincipal } from '../../packages/local/src/principal.ts';
import type { OperationName, Service } from '../../packages/local/src/service.ts';
import type { Answer, Sent } from '../subject.ts';
import { account, builtFunction, region } from './built-function.ts';
import { Interceptions, withInterceptions } from './interceptions.ts';
import type { Call } from './mock-service.ts';

/** A resource that is about one service: its built zip in a cloud at virtual time. */
export interface ServiceWorld<M extends object> {
  send(request: Sent): Promise<Answer>;
  /** The service as an account, with every right; that of the stack if left out. */
  as(account?: string): Call<M>;
  /** The operations that the handler called and that change something. */
  mutations(): string[];
  /** Refuses the handler's next call of an operation. */
  refuse(operation: OperationName<M>, code: string, message: string): void;
  /** Lets time pass until the condition holds. `what` names it in the error if it never does. */
  until(isSo: () => Promise<boolean>, what: string): Promise<void>;
  close(): Promise<void>;
}

/** Returns a function that makes worlds. */
export function builtWorld<M extends object>(
  name: string,
  resource: { permissions: readonly Permission[]; type: string },
  service: Service<M>,
  variables?: Record<string, string>,
): () => Promise<ServiceWorld<M>> {
  const start = builtFunction(name, resource, { variables });
  return async () => {
    const interceptions = new Interceptions();
    const { cloud, ...run } = await start([withInterceptions(service, interceptions)]);
    return {
      send: run.send,
      as(id = account) {
        const principal = accountPrincipal(id);
        return (operation, input) => cloud.cloud.invoke(service, operation, input, { principal, region });
      },
      mutations: () => run.mutations().map(({ operation }) => operation),
      refuse: (operation, code, message) => interceptions.refuse(operation, code, message),
      until: (isSo, what) => cloud.until(isSo, what),
      close: run.close,
    };
  };
}
