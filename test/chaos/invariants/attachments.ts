import type { DomainRecord } from '../../../packages/local/src/services/sagemaker/records.ts';
import type { Sent } from '../observer.ts';
import { stacksIn } from '../play.ts';
import type { Finding, Scene } from '../scene.ts';
import { unmanagedDomains } from '../unmanaged-domain.ts';
import { account, region } from '../world.ts';
import { answerOf, keyOf } from './answers.ts';
import { isUndone } from './holders.ts';
import { isHolderRefusal } from './refusals.ts';

/**
 * What is attached to a domain is the union of what is asked for: of what the domain's own template lists, and of what
 * lifecycle configurations attach. A default is in the list. What was taken over has at least that: what its holder
 * before had listed stays, since no template has taken it out.
 */
export function attachments(scene: Scene): Finding[] {
  const { world, seen, history } = scene;
  // A call whose caller has stopped waiting may be carried out after a newer one.
  if (seen.hasFatalFault || history.faults.some(({ on, fault }) => on === 'call' && fault === 'slow')) return [];
  const domains = world.store.table<DomainRecord>('sagemaker', { account, region }, 'domain');
  return stacksIn(world).flatMap(({ name, resources }) => {
    // What a failed operation has left half done is asked for by no template.
    if (Object.values(resources).some(({ status }) => !/^(CREATE|UPDATE)_COMPLETE$/.test(status))) return [];
    return Object.values(resources)
      .filter(({ type }) => type === 'Custom::StudioDomain')
      .flatMap(({ logicalId, physicalId, properties }) => {
        const shown = domains.get(physicalId ?? '')?.shown;
        if (!shown) return [];
        const claims = claimsSince(shown, scene).filter((claim) => !isRefused(claim, scene));
        if (claims.length > 0 && isUnknown(claims, scene)) return [];
        const { LifecycleConfigArns = [], DefaultResourceSpec } = settingsIn(shown);
        const attached = Object.values(resources).filter(
          (one) => one.type === 'Custom::StudioLifecycleConfig' && targetsOf(one.properties).includes(physicalId!),
        );
        const asked = [
          ...(settingsIn(properties).LifecycleConfigArns ?? []),
          ...attached.map(({ attributes }) => String(attributes.StudioLifecycleConfigArn)),
        ];
        const where = `${name}'s ${logicalId} is ${physicalId}`;
        const shownArns = LifecycleConfigArns.filter(
          (arn) => asked.includes(arn) || !isOfUndone(arn, physicalId, scene),
        );
        const [has, wanted] = [shownArns, asked].map((arns) => new Set(arns));
        const findings: Finding[] = [];
        if (claims.length > 0 ? !wanted!.isSubsetOf(has!) : spelled(has!) !== spelled(wanted!)) {
          const detail = `${where}, with ${spelled(has!)}, not ${spelled(wanted!)}`;
          findings.push({ rule: 'what is attached is not the union of what is asked for', detail });
        }
        const { LifecycleConfigArn: byDefault } = DefaultResourceSpec ?? {};
        if (byDefault !== undefined && !LifecycleConfigArns.includes(byDefault)) {
          findings.push({ rule: 'a default is not in its list', detail: `${where}, with the default ${byDefault}` });
        }
        return findings;
      });
  });
}

function spelled(arns: ReadonlySet<string>): string {
  return [...arns].sort().join() || 'nothing';
}

/** The requests to create a domain of that name since it exists: each of them may have taken it over, or adopted it. */
function claimsSince({ DomainName, CreationTime }: DomainRecord['shown'], { seen: { requests } }: Scene): Sent[] {
  const creations = requests.filter(
    ({ RequestType, ResourceProperties }) => RequestType === 'Create' && ResourceProperties.DomainName === DomainName,
  );
  const isBefore = ({ time }: Sent) => Date.parse(time) <= CreationTime!.getTime();
  // A request may be delivered again.
  const before = new Set(creations.filter(isBefore).map(({ RequestId }) => RequestId));
  const since = creations.filter(({ RequestId }) => !before.has(RequestId));
  return [...new Map(since.map((one) => [one.RequestId, one])).values()];
}

/**
 * Another logical id took the lifecycle configuration over in an operation that was rolled back, and attached it to the
 * domain: that stays, since CloudFormation sends the former holder no Update.
 */
function isOfUndone(arn: string, domainId: string | undefined, { world, seen }: Scene): boolean {
  const name = arn.split('/').at(-1);
  return seen.requests.some((request) => {
    if (request.RequestType !== 'Create' || !targetsOf(request.ResourceProperties).includes(domainId)) return false;
    const first = seen.answers.find(({ key }) => key === keyOf(request));
    return first !== undefined && answerOf(first)?.PhysicalResourceId === name && isUndone(request, world);
  });
}

/** Another one held it, so the request has changed nothing. */
function isRefused(request: Sent, scene: Scene): boolean {
  const first = scene.seen.answers.find(({ key }) => key === keyOf(request));
  return first !== undefined && isHolderRefusal(request, first, scene);
}

/**
 * Of what was taken over, it is unknown what it has to have where
 * - the takeover was rolled back: the settings that it has changed stay, since CloudFormation sends the holder before no
 *   Update;
 * - no stack created it: several may have adopted it, and write to it.
 */
function isUnknown(claims: Sent[], { world }: Scene): boolean {
  return claims.some(
    (claim) => claim.ResourceProperties.DomainName === unmanagedDomains.adopted || isUndone(claim, world),
  );
}

interface ServerSettings {
  LifecycleConfigArns?: string[];
  DefaultResourceSpec?: { LifecycleConfigArn?: string };
}

function settingsIn(domain: object): ServerSettings {
  const { DefaultUserSettings } = domain as { DefaultUserSettings?: { JupyterServerAppSettings?: ServerSettings } };
  return DefaultUserSettings?.JupyterServerAppSettings ?? {};
}

function targetsOf(properties: object): (string | undefined)[] {
  const { AttachTo = [] } = properties as { AttachTo?: { DomainId?: string }[] };
  return AttachTo.map(({ DomainId }) => DomainId);
}
