import { DescribeSecurityGroupsCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { DescribeFileSystemsCommand, EFSClient } from '@aws-sdk/client-efs';
import { DescribeDomainCommand, ListDomainsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { listen } from '../../packages/local/src/server.ts';
import { account } from '../packages/local/authorised-cloud.ts';
import { region, Studio } from '../packages/local/studio.ts';

test("the SDK's own clients understand what Studio's services answer", async () => {
  const studio = await Studio.open();
  const listener = await listen(0);
  listener.serve(studio.cloud);
  const credentials = { accessKeyId: account, secretAccessKey: 'secret' };
  const options = { endpoint: listener.endpoint, region, credentials, maxAttempts: 1 };
  const [sagemaker, ec2, efs] = [new SageMakerClient(options), new EC2Client(options), new EFSClient(options)];
  try {
    const DomainId = await studio.domain({ Tags: [{ Key: 'team', Value: 'a' }] });
    const domain = await sagemaker.send(new DescribeDomainCommand({ DomainId }));
    expect(domain.Status).toBe('InService');
    expect(domain.CreationTime).toBeInstanceOf(Date);
    await expect(sagemaker.send(new DescribeDomainCommand({ DomainId: 'd-0aa' }))).rejects.toMatchObject({
      name: 'ResourceNotFound',
      $metadata: { httpStatusCode: 400 },
    });
    await expect(sagemaker.send(new ListDomainsCommand({ MaxResults: 101 }))).rejects.toMatchObject({
      name: 'ValidationException',
    });

    const FileSystemId = domain.HomeEfsFileSystemId!;
    const { FileSystems } = await efs.send(new DescribeFileSystemsCommand({ FileSystemId }));
    expect(FileSystems).toMatchObject([{ FileSystemId, NumberOfMountTargets: 2, LifeCycleState: 'available' }]);
    const missing = efs.send(new DescribeFileSystemsCommand({ FileSystemId: 'fs-0aaaaaaa' }));
    await expect(missing).rejects.toMatchObject({ name: 'FileSystemNotFound', $metadata: { httpStatusCode: 404 } });

    const Filters = [{ Name: 'group-name', Values: ['security-group-for-inbound-nfs-*'] }];
    const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
    expect(SecurityGroups![0]!.IpPermissions!.map(({ FromPort, ToPort }) => [FromPort, ToPort])).toEqual([
      [2049, 2049],
      [988, 988],
      [1018, 1023],
    ]);
    const instances = ec2.send(new RunInstancesCommand({ MinCount: 1, MaxCount: 1 }));
    await expect(instances).rejects.toMatchObject({ name: 'NotImplemented' });
  } finally {
    for (const client of [sagemaker, ec2, efs]) client.destroy();
    await listener.close();
    studio.cloud.close();
  }
});
