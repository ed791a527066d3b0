import type { Resource } from '../resource.ts';

/**
 * The same resource, but none of its functions is begun once `stop` is aborted: the request is answered then, and
 * whatever were made would be in no answer. Such a call never ends, and so the work that it is a part of ends there.
 */
export function abortable<Props extends object, State>(
  resource: Resource<Props, State>,
  stop: AbortSignal,
): Resource<Props, State> {
  const unlessStopped = <A extends unknown[], R>(call: ((...args: A) => Promise<R>) | undefined) =>
    call && ((...args: A) => (stop.aborted ? new Promise<R>(() => {}) : call.apply(resource, args)));
  return {
    ...resource,
    find: unlessStopped(resource.find),
    create: unlessStopped(resource.create) ?? resource.create,
    read: unlessStopped(resource.read),
    remainingAfterDelete: unlessStopped(resource.remainingAfterDelete),
    update: unlessStopped(resource.update),
    advance: unlessStopped(resource.advance),
    delete: unlessStopped(resource.delete),
  };
}
