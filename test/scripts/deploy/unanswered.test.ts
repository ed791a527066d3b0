import { CloudFormationClient, type CloudFormationClientConfig } from '@aws-sdk/client-cloudformation';
import { validateTemplate } from '../../../scripts/deploy/template.ts';

const config: CloudFormationClientConfig = {
  region: 'us-east-1',
  // Nothing serves that port.
  endpoint: 'http://127.0.0.1:9',
  credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  maxAttempts: 1,
};
// In these words, whatever the machine that runs the tests has configured.
const lacking = (message: string) => () => Promise.reject(new Error(message));

test.each<[what: string, CloudFormationClientConfig, error: RegExp]>([
  ['that does not answer', config, /^Validating a\.yaml: connect ECONNREFUSED .*check --endpoint or AWS_ENDPOINT_URL/],
  ['of no Region', { ...config, region: lacking('Region is missing') }, /: Region is missing\. Add --region R/],
  [
    'without credentials',
    { ...config, credentials: lacking('Could not load credentials from any providers') },
    /: Could not load credentials from any providers\. Add --profile N/,
  ],
])('a CloudFormation %s is an error that names the option', async (_what, own, error) => {
  const client = new CloudFormationClient(own);
  await expect(validateTemplate(client, 'a.yaml', { TemplateBody: '{}' })).rejects.toThrow(error);
});
