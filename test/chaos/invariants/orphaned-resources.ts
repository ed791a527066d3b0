import { ec2 } from '../../../packages/local/src/services/ec2/index.ts';
import { efs } from '../../../packages/local/src/services/efs/index.ts';
import type { DomainRecord } from '../../../packages/local/src/services/sagemaker/records.ts';
import type { Observer } from '../observer.ts';
import type { Finding, Scene } from '../scene.ts';
import { account, region } from '../world.ts';

const tag = 'ManagedByAmazonSageMakerResource';

/** Of a domain that is gone, only what its template retained is left. */
export async function orphanedResources({ world, seen }: Scene): Promise<Finding[]> {
  const { FileSystems = [] } = await world.call(efs, 'DescribeFileSystems', {});
  const { SecurityGroups = [] } = await world.call(ec2, 'DescribeSecurityGroups', {
    Filters: [{ Name: 'tag-key', Values: [tag] }],
  });
  const things = [
    ...FileSystems.map(({ FileSystemId, Tags }) => ({ id: FileSystemId!, tags: Tags ?? [] })),
    ...SecurityGroups.map(({ GroupId, Tags }) => ({ id: GroupId!, tags: Tags ?? [] })),
  ];
  const domains = world.store.table<DomainRecord>('sagemaker', { account, region }, 'domain');
  return things.flatMap(({ id, tags }) => {
    const domain =
      tags
        .find(({ Key }) => Key === tag)
        ?.Value?.split('/')
        .at(-1) ?? '';
    if (domains.has(domain) || isRetained(domain, seen)) return [];
    return [{ rule: 'a deleted domain has left something', detail: `${id} of ${domain}` }];
  });
}

/** Its deletion was asked for with a template that retains the home file system. */
function isRetained(domainId: string, { requests }: Observer): boolean {
  return requests.some(
    ({ RequestType, PhysicalResourceId, ResourceProperties: { HomeEfsFileSystem } }) =>
      RequestType === 'Delete' && PhysicalResourceId === domainId && HomeEfsFileSystem === 'Retain',
  );
}
