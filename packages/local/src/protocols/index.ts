import type { Adapter } from './adapter.ts';
import { awsJson } from './aws-json.ts';
import type { Protocol } from './model.ts';
import { ec2, query } from './query.ts';
import { restJson } from './rest-json.ts';
import { restXml } from './rest-xml.ts';

export const adapters: Record<Protocol, Adapter> = {
  'aws-json': awsJson,
  'rest-json': restJson,
  'rest-xml': restXml,
  query,
  ec2,
};
