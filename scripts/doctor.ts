/** `npm run doctor` examines an installation of provider.yaml, and says how to mend it. It changes nothing. */
import { asksForHelp } from '../packages/local/src/command-line.ts';
import { isLocal } from './conform/options.ts';
import { examine } from './doctor/examine.ts';
import { type DoctorOptions, doctorHelp, readOptions } from './doctor/options.ts';
import { isGood, reportLines } from './doctor/report.ts';
import { clientsOf } from './start/clients.ts';

async function main({ endpoint, profile, stack, ...options }: DoctorOptions): Promise<number> {
  const region = options.region ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1';
  const isOwn = isLocal(endpoint) && process.env.AWS_ACCESS_KEY_ID === undefined;
  const credentials = { accessKeyId: '000000000000', secretAccessKey: 'local' };
  const clients = clientsOf({ endpoint, profile, region, ...(isOwn && { credentials }) });
  console.log(`The stack ${stack} in ${region}`);
  const examined = await examine(clients, { region, stack });
  console.log(reportLines(examined).join('\n'));
  return isGood(examined) ? 0 : 1;
}

try {
  const args = process.argv.slice(2);
  if (asksForHelp(args)) console.log(doctorHelp);
  else process.exitCode = await main(readOptions(args));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
