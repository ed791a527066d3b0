/**
 * Replaces the SDK's chain of credential providers when the handlers are bundled. A Lambda function has its role's
 * credentials in the environment only; the rest of the chain would be a third of every zip.
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
