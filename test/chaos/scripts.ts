import { sagemaker } from '../../packages/local/src/services/sagemaker/index.ts';
import type { World } from './world.ts';

/** The names of lifecycle configurations of the account, which no stack manages and domains may list. */
export const unmanagedScripts: readonly string[] = ['first', 'second'];

/** Creates them; gives their ARNs. */
export async function makeScripts({ call }: World): Promise<string[]> {
  const arns: string[] = [];
  for (const StudioLifecycleConfigName of unmanagedScripts) {
    const { StudioLifecycleConfigArn } = await call(sagemaker, 'CreateStudioLifecycleConfig', {
      StudioLifecycleConfigName,
      StudioLifecycleConfigContent: Buffer.from('true').toString('base64'),
      StudioLifecycleConfigAppType: 'JupyterServer',
    });
    arns.push(StudioLifecycleConfigArn!);
  }
  return arns;
}
