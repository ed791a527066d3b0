import { membersIn } from '../fleets.ts';
import type { Finding, Scene } from '../scene.ts';
import type { DomainShape } from '../shapes.ts';
import { answerOf, isCancelled, isOvertaken, keyOf } from './answers.ts';

/** What CloudFormation is told to be made, or changed, is in service when it is told: what needs it begins at once. */
export function readiness(scene: Scene): Finding[] {
  const { answers, requests } = scene.seen;
  return requests.flatMap((request) => {
    const first = answers.find(({ key }) => key === keyOf(request));
    const { Status, PhysicalResourceId, Data } = (first && answerOf(first)) ?? {};
    if (!first || request.RequestType === 'Delete' || Status !== 'SUCCESS') return [];
    // They make nothing that has a status.
    if (['Custom::HomeSeed', 'Custom::StudioSetup'].includes(request.ResourceType)) return [];
    // A newer request may have started another change.
    if (isOvertaken(request, first, requests) || isCancelled(request, scene)) return [];
    const members = membersIn(request.ResourceProperties);
    // A fleet says which of its members failed.
    const isKnown = (id: string) => members?.has(id) && String(Data?.Failed).includes(id.split('/')[1]!);
    return [...(members?.keys() ?? [String(PhysicalResourceId)])].flatMap((id) => {
      const status = first.statuses.get(id);
      if (status === 'InService' || isKnown(id) || isChangedAgain(status, scene)) return [];
      const what = `${request.RequestType} ${request.LogicalResourceId} of ${request.time}`;
      return [{ rule: 'an answer came before its time', detail: `${what}: ${id} was ${status}` }];
    });
  });
}

/** It was in service, and since it was looked at another change has begun: by what is attached to it, or a late call. */
function isChangedAgain(status: string | undefined, { history }: Scene): boolean {
  if (!/^updat/i.test(status ?? '')) return false;
  if (history.faults.some(({ fault }) => ['duplicate', 'slow', 'failed'].includes(fault))) return true;
  return history.stacks.flat().some((step) => step.do === 'deploy' && step.shape.domains.some(hasAttachments));
}

function hasAttachments({ image, script }: DomainShape): boolean {
  return image !== undefined || script !== undefined;
}
