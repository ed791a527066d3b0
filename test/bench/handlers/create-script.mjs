import { CreateStudioLifecycleConfigCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';

/** The single call that a handler makes before it responds. */
export async function createScript({ Name, AppType, Content }) {
  const StudioLifecycleConfigContent = Buffer.from(Content).toString('base64');
  await new SageMakerClient().send(
    new CreateStudioLifecycleConfigCommand({
      StudioLifecycleConfigName: Name,
      StudioLifecycleConfigAppType: AppType,
      StudioLifecycleConfigContent,
    }),
  );
}
