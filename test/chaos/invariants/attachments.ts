import type { DomainRecord } from '../../../packages/local/src/services/sagemaker/records.ts';
import { stacksIn } from '../play.ts';
import type { Finding, Scene } from '../scene.ts';
import { account, region } from '../world.ts';

/**
 * What is attached to a domain is the union of what is asked for: of what the domain's own template lists, and of what
 * lifecycle configurations attach. A default is in the list.
 */
export function attachments({ world, seen, history }: Scene): Finding[] {
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
        if (!shown || isTakenOver(shown.DomainName, seen)) return [];
        const { LifecycleConfigArns = [], DefaultResourceSpec } = settingsIn(shown);
        const attached = Object.values(resources).filter(
          (one) => one.type === 'Custom::StudioLifecycleConfig' && targetsOf(one.properties).includes(physicalId!),
        );
        const asked = [
          ...(settingsIn(properties).LifecycleConfigArns ?? []),
          ...attached.map(({ attributes }) => String(attributes.StudioLifecycleConfigArn)),
        ];
        const where = `${name}'s ${logicalId} is ${physicalId}`;
        const [has, wanted] = [LifecycleConfigArns, asked].map((arns) => [...new Set(arns)].sort().join());
        const findings: Finding[] = [];
        if (has !== wanted) {
          const detail = `${where}, with ${has || 'nothing'}, not ${wanted || 'nothing'}`;
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

/**
 * The logical id was renamed. Where the same update changes settings and is rolled back, they stay: CloudFormation sends
 * the logical id that holds the domain again no Update.
 */
function isTakenOver(name: string | undefined, { requests }: Scene['seen']): boolean {
  const creations = requests.filter(
    ({ RequestType, ResourceProperties }) => RequestType === 'Create' && ResourceProperties.DomainName === name,
  );
  return new Set(creations.map(({ LogicalResourceId }) => LogicalResourceId)).size > 1;
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
