import { awsCustomResource, builtZip, bundled, type Code, released, sdkLayer } from '../handlers/zips.ts';

/** A function that is measured, and the request that it gets. */
export interface Subject {
  name: string;
  code: Code;
  layers: Code[];
  /** Megabytes, as installed; a peer gets more only where it does not start with as many. */
  memorySize: number;
  /** ResourceProperties of a Create, for a new name of a lifecycle configuration. */
  properties(name: string): Record<string, unknown>;
  /** What it has to respond. */
  status: 'SUCCESS' | 'FAILED';
}

const script = (Name: string) => ({ Name, AppType: 'JupyterLab', Content: '#!/bin/bash\necho hello\n' });

/** What the others are compared with. */
export const baseline = 'one PUT and nothing else';

/** Ours and the peers, each as small a package as it can be. */
export async function subjects(): Promise<Subject[]> {
  const ours = builtZip('studio-lifecycle-config');
  const peer = async (name: string, file: string, define?: Record<string, string>): Promise<Subject> => ({
    name,
    code: await bundled(file, define),
    layers: [],
    memorySize: name.startsWith('cfn-lambda') ? 512 : 256,
    properties: script,
    status: 'SUCCESS',
  });
  const responding = await Promise.all(
    ['cfn-response', 'cfn-custom-resource', 'cfn-lambda'].flatMap((name) => [
      peer(`${name}, no call`, `${name}.mjs`, { CALLS: 'false' }),
      peer(`${name}, one call`, `${name}.mjs`, { CALLS: 'true' }),
    ]),
  );
  return [
    await peer(baseline, 'bare.mjs'),
    {
      name: 'Custom::StudioLifecycleConfig, a bad request',
      code: ours,
      layers: [],
      memorySize: 256,
      properties: (name) => ({ ...script(name), AppType: 'Notebook' }),
      status: 'FAILED',
    },
    {
      name: 'Custom::StudioLifecycleConfig, as installed',
      code: ours,
      layers: [],
      memorySize: 256,
      properties: script,
      status: 'SUCCESS',
    },
    ...responding,
    {
      name: "the CDK's AwsCustomResource, one call",
      code: released(awsCustomResource),
      layers: [sdkLayer()],
      memorySize: 256,
      properties: awsCustomResourceCall,
      status: 'SUCCESS',
    },
  ];
}

/** The same creation, as the construct writes it into a template. */
function awsCustomResourceCall(name: string): Record<string, unknown> {
  const { Content, ...rest } = script(name);
  const parameters = {
    StudioLifecycleConfigName: rest.Name,
    StudioLifecycleConfigAppType: rest.AppType,
    StudioLifecycleConfigContent: Buffer.from(Content).toString('base64'),
  };
  const call = {
    service: '@aws-sdk/client-sagemaker',
    action: 'CreateStudioLifecycleConfig',
    parameters,
    physicalResourceId: { id: name },
  };
  return { Create: JSON.stringify(call), InstallLatestAwsSdk: 'false' };
}
