import type * as EC2 from '@aws-sdk/client-ec2';
import { AwsError } from '../../errors.ts';
import { matches } from './filters.ts';
import type { Operations } from './records.ts';

/** The Regions that an account has without opting in, and how the ids of their zones begin. */
const regions: Record<string, string> = {
  'us-east-1': 'use1',
  'us-east-2': 'use2',
  'us-west-1': 'usw1',
  'us-west-2': 'usw2',
  'ap-northeast-1': 'apne1',
  'ap-northeast-2': 'apne2',
  'ap-northeast-3': 'apne3',
  'ap-south-1': 'aps1',
  'ap-southeast-1': 'apse1',
  'ap-southeast-2': 'apse2',
  'ca-central-1': 'cac1',
  'eu-central-1': 'euc1',
  'eu-north-1': 'eun1',
  'eu-west-1': 'euw1',
  'eu-west-2': 'euw2',
  'eu-west-3': 'euw3',
  'sa-east-1': 'sae1',
};

/** Those that an account has to enable first: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html */
const optInRegions = [
  ...['af-south-1', 'ap-east-1', 'ap-east-2', 'ap-south-2', 'ap-southeast-3', 'ap-southeast-4', 'ap-southeast-5'],
  ...['ap-southeast-6', 'ap-southeast-7', 'ca-west-1', 'eu-central-2', 'eu-south-1', 'eu-south-2', 'il-central-1'],
  ...['me-central-1', 'me-south-1', 'mx-central-1'],
];

export interface Zone extends EC2.AvailabilityZone {
  ZoneName: string;
  ZoneId: string;
}

/** The zones of a Region: three, lettered from a. */
export function zonesOf(region: string): Zone[] {
  return ['a', 'b', 'c'].map((letter, index) => ({
    ZoneName: region + letter,
    ZoneId: `${regions[region] ?? region}-az${index + 1}`,
    RegionName: region,
    GroupName: `${region}-zg-1`,
    NetworkBorderGroup: region,
    ZoneType: 'availability-zone',
    State: 'available',
    OptInStatus: 'opt-in-not-required',
    Messages: [],
  }));
}

const zoneFilters = {
  'region-name': (zone: Zone) => zone.RegionName,
  'zone-name': (zone: Zone) => zone.ZoneName,
  'zone-id': (zone: Zone) => zone.ZoneId,
  'zone-type': (zone: Zone) => zone.ZoneType,
  'group-name': (zone: Zone) => zone.GroupName,
  'opt-in-status': (zone: Zone) => zone.OptInStatus,
  state: (zone: Zone) => zone.State,
};

const regionFilters = {
  endpoint: (region: EC2.Region) => region.Endpoint,
  'region-name': (region: EC2.Region) => region.RegionName,
  'opt-in-status': (region: EC2.Region) => region.OptInStatus,
};

export const zoneOperations: Operations = {
  DescribeAvailabilityZones({ ZoneNames, ZoneIds, Filters = [] }, { region }) {
    const zones = zonesOf(region);
    for (const name of ZoneNames ?? []) {
      if (!zones.some(({ ZoneName }) => ZoneName === name)) {
        throw new AwsError('InvalidParameterValue', `Invalid availability zone: [${name}]`);
      }
    }
    return {
      AvailabilityZones: zones.filter(
        (zone) =>
          (!ZoneNames || ZoneNames.includes(zone.ZoneName)) &&
          (!ZoneIds || ZoneIds.includes(zone.ZoneId)) &&
          Filters.every((filter) => matches(filter, zone, zoneFilters, {})),
      ),
    };
  },

  DescribeRegions({ RegionNames, AllRegions, Filters = [] }, _call) {
    const described = (RegionName: string, OptInStatus: string) => ({
      ...{ RegionName, Endpoint: `ec2.${RegionName}.amazonaws.com`, OptInStatus },
    });
    const all = [
      ...Object.keys(regions).map((name) => described(name, 'opt-in-not-required')),
      // Those that are named may be disabled ones.
      ...(AllRegions || RegionNames ? optInRegions.map((name) => described(name, 'not-opted-in')) : []),
    ];
    for (const name of RegionNames ?? []) {
      if (!all.some(({ RegionName }) => RegionName === name))
        throw new AwsError('InvalidParameterValue', `Invalid region name: ${name}`);
    }
    return {
      Regions: all.filter(
        (region) =>
          (!RegionNames || RegionNames.includes(region.RegionName)) &&
          Filters.every((filter) => matches(filter, region, regionFilters, {})),
      ),
    };
  },
};
