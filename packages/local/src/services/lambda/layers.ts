import type * as Lambda from '@aws-sdk/client-lambda';
import { regionalArn } from '../../arn.ts';
import type { Call } from '../../service.ts';
import { invalidParameter, notFound } from './errors.ts';
import { readPackage } from './package.ts';
import { lastModified, type Operations, page } from './records.ts';

/** A version of a layer, with its zip. */
export interface LayerVersionRecord {
  layer: string;
  arn: string;
  version: number;
  zip: Uint8Array;
  sha256: string;
  shown: Pick<
    Lambda.PublishLayerVersionResponse,
    'Description' | 'CreatedDate' | 'CompatibleRuntimes' | 'CompatibleArchitectures' | 'LicenseInfo'
  >;
  /** Functions that have it go on with it; it is no longer found by others. */
  deleted?: true;
}

interface LayerRecord {
  name: string;
  arn: string;
  /** Numbers are not used twice, also after a deletion. */
  versions: LayerVersionRecord[];
}

interface Place {
  account: string;
  region: string;
}

const mostLayers = 5;

function layersOf(call: Call, of?: Place): Map<string, LayerRecord> {
  return call.table('layers', of);
}

export const layerOperations: Operations = {
  async PublishLayerVersion({ LayerName = '', Content = {}, ...more }, call) {
    const { name } = parseLayer(LayerName, call);
    const { zip, sha256 } = await readPackage(Content, call);
    const arn = regionalArn('lambda', `layer:${name}`, call);
    const layer = layersOf(call).get(name) ?? { name, arn, versions: [] };
    layersOf(call).set(name, layer);
    const number = layer.versions.length + 1;
    const { Description = '', CompatibleRuntimes, CompatibleArchitectures, LicenseInfo } = more;
    const shown = { Description, CompatibleRuntimes, CompatibleArchitectures, LicenseInfo };
    const version: LayerVersionRecord = {
      layer: arn,
      arn: `${arn}:${number}`,
      version: number,
      zip,
      sha256,
      shown: { ...shown, CreatedDate: lastModified(call) },
    };
    layer.versions.push(version);
    return describe(version);
  },

  GetLayerVersion: ({ LayerName = '', VersionNumber }, call) => describe(getVersion(LayerName, VersionNumber, call)),

  GetLayerVersionByArn({ Arn = '' }, call) {
    const version = findByArn(Arn, call);
    if (!version) throw notFound('The resource you requested does not exist.');
    return describe(version);
  },

  ListLayers({ Marker, MaxItems }, call) {
    const live = [...layersOf(call).values()].filter(({ versions }) => versions.some(({ deleted }) => !deleted));
    const { items, token } = page(live, ({ name }) => name, Marker, MaxItems);
    const Layers = items.map(({ name, arn, versions }) => ({
      LayerName: name,
      LayerArn: arn,
      LatestMatchingVersion: summaryOf(versions.findLast(({ deleted }) => !deleted)!),
    }));
    return { Layers, NextMarker: token };
  },

  ListLayerVersions({ LayerName = '', Marker, MaxItems }, call) {
    const { name, ...place } = parseLayer(LayerName, call);
    const live = (layersOf(call, place).get(name)?.versions ?? []).filter(({ deleted }) => !deleted);
    const keyOf = ({ version }: LayerVersionRecord) => String(1e9 - version);
    const { items, token } = page(live, keyOf, Marker, MaxItems);
    return { LayerVersions: items.map(summaryOf), NextMarker: token };
  },

  /** Deleting what is not there succeeds, as in AWS. */
  DeleteLayerVersion({ LayerName = '', VersionNumber }, call) {
    const { name } = parseLayer(LayerName, call);
    const version = layersOf(call)
      .get(name)
      ?.versions.find((one) => one.version === VersionNumber);
    if (version) version.deleted = true;
    return {};
  },
};

/** Checks a function's layers, and gives them as its configuration shows them. Throws InvalidParameterValueException. */
export function layersFor(arns: readonly string[], call: Call): Lambda.Layer[] {
  if (arns.length > mostLayers) throw invalidParameter(`Functions may not have more than ${mostLayers} layers`);
  return arns.map((arn) => {
    const version = findByArn(arn, call);
    if (!version) throw invalidParameter(`Layer version ${arn} does not exist.`);
    return { Arn: arn, CodeSize: version.zip.byteLength };
  });
}

/** What a function's layers put into `/opt`, the later over the earlier. */
export function layerPackages(layers: readonly Lambda.Layer[] = [], call: Call): { sha256: string; zip: Uint8Array }[] {
  return layers.flatMap(({ Arn = '' }) => {
    const version = findByArn(Arn, call, { deletedToo: true });
    return version ? [{ sha256: version.sha256, zip: version.zip }] : [];
  });
}

/** Reads a layer's name or its ARN. */
function parseLayer(text: string, call: Call): Place & { name: string } {
  const [, region, account, name] = /^arn:[^:]+:lambda:([^:]+):(\d{12}):layer:([\w-]{1,140})$/.exec(text) ?? [];
  if (region && account && name) return { region, account, name };
  return { region: call.region, account: call.account, name: text };
}

function findByArn(arn: string, call: Call, { deletedToo = false } = {}): LayerVersionRecord | undefined {
  const [, layer, number] = /^(arn:[^:]+:lambda:[^:]+:\d{12}:layer:[\w-]+):(\d+)$/.exec(arn) ?? [];
  if (layer === undefined) return undefined;
  const { name, ...place } = parseLayer(layer, call);
  const version = layersOf(call, place).get(name)?.versions[Number(number) - 1];
  return version && (deletedToo || !version.deleted) ? version : undefined;
}

function getVersion(layerName: string, number: number | undefined, call: Call): LayerVersionRecord {
  const { name, ...place } = parseLayer(layerName, call);
  const version = layersOf(call, place)
    .get(name)
    ?.versions.find((one) => one.version === number && !one.deleted);
  if (version) return version;
  throw notFound('The resource you requested does not exist.');
}

function summaryOf({ arn, version, shown }: LayerVersionRecord): Lambda.LayerVersionsListItem {
  return { LayerVersionArn: arn, Version: version, ...shown };
}

function describe(record: LayerVersionRecord): Lambda.GetLayerVersionResponse {
  const { layer, zip, sha256 } = record;
  return { ...summaryOf(record), LayerArn: layer, Content: { CodeSha256: sha256, CodeSize: zip.byteLength } };
}
