import { AwsError } from '../../errors.ts';
import { hexId } from '../../random.ts';
import type { Call } from '../../service.ts';
import { blockOf, overlap } from './cidr.ts';
import { all, get, tableOf, tagsOf } from './kind.ts';
import { internetGateways, routeTables, subnets, vpcs } from './kinds.ts';
import type { Operations, SubnetRecord, VpcRecord } from './records.ts';
import { makeSubnet } from './subnet.ts';
import { makeVpc } from './vpc.ts';
import { zonesOf } from './zones.ts';

/** "Default VPC components" in the user guide of VPC. */
const vpcBlock = '172.31.0.0/16';
const subnetPrefix = 20;

export const defaultVpcOperations: Operations = {
  CreateDefaultVpc(_, call) {
    if (findDefault(call)) {
      const message = 'A Default VPC already exists for this account in this region.';
      throw new AwsError('DefaultVpcAlreadyExists', message);
    }
    const vpc = makeVpc(vpcBlock, { IsDefault: true, InstanceTenancy: 'default' }, call);
    vpc.attributes.enableDnsHostnames = true;
    for (const { ZoneName } of zonesOf(call.region)) makeDefaultSubnet(vpc, ZoneName, call);
    connect(vpc, call);
    const { attributes, ...Vpc } = vpc;
    return { Vpc: { ...Vpc, State: 'pending', Tags: tagsOf(vpc.VpcId, call) } };
  },

  CreateDefaultSubnet({ AvailabilityZone, AvailabilityZoneId }, call) {
    const zones = zonesOf(call.region);
    const zone = zones.find(({ ZoneName, ZoneId }) => ZoneName === AvailabilityZone || ZoneId === AvailabilityZoneId);
    if (!zone) {
      const message = `Value (${AvailabilityZone ?? AvailabilityZoneId}) for parameter availabilityZone is invalid.`;
      throw new AwsError('InvalidParameterValue', message);
    }
    const vpc = findDefault(call);
    if (!vpc)
      throw new AwsError('DefaultVpcDoesNotExist', 'There is no default VPC in which to carry out the request.');
    const inZone = ({ DefaultForAz, AvailabilityZone }: SubnetRecord) =>
      DefaultForAz === true && AvailabilityZone === zone.ZoneName;
    const present = all(subnets, call, inZone)[0];
    if (present) {
      const message = `'${present.SubnetId}' is already the default subnet in ${zone.ZoneName}.`;
      throw new AwsError('DefaultSubnetAlreadyExistsInAvailabilityZone', message);
    }
    return { Subnet: makeDefaultSubnet(vpc, zone.ZoneName, call) };
  },
};

function findDefault(call: Call): VpcRecord | undefined {
  return all(vpcs, call, ({ IsDefault }) => IsDefault === true)[0];
}

/** A subnet of 4,096 addresses, in the first block of the VPC that is free, whose instances get public addresses. */
function makeDefaultSubnet({ VpcId }: VpcRecord, AvailabilityZone: string, call: Call) {
  const taken = all(subnets, call, (one) => one.VpcId === VpcId).map(({ CidrBlock }) => blockOf(CidrBlock));
  const blocks = Array.from({ length: 16 }, (_, index) => `172.31.${index * 16}.0/${subnetPrefix}`);
  const CidrBlock = blocks.find((block) => !taken.some((one) => overlap(one, blockOf(block))));
  if (CidrBlock === undefined) {
    throw new AwsError('InsufficientFreeAddressesInSubnet', `The default VPC ${VpcId} has no free block of addresses.`);
  }
  return makeSubnet({ VpcId, CidrBlock, AvailabilityZone }, { DefaultForAz: true, MapPublicIpOnLaunch: true }, call);
}

/** An internet gateway, to which the main route table leads. */
function connect({ VpcId }: VpcRecord, call: Call): void {
  const InternetGatewayId = hexId(call.cloud.store, 'igw');
  const Attachments = [{ VpcId, State: 'attached' as const }];
  tableOf(internetGateways, call).set(InternetGatewayId, { InternetGatewayId, OwnerId: call.account, Attachments });
  const isMain = (table: { VpcId: string; Associations: { Main?: boolean }[] }) =>
    table.VpcId === VpcId && table.Associations.some(({ Main }) => Main);
  const main = get(routeTables, all(routeTables, call, isMain)[0]!.RouteTableId, call);
  main.Routes.push({
    DestinationCidrBlock: '0.0.0.0/0',
    GatewayId: InternetGatewayId,
    Origin: 'CreateRoute',
    State: 'active',
  });
}
