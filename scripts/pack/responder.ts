/**
 * Puts the responder's zip into what is packed of packages/core: a starter deploys this one, which works even where the
 * settings of its own bundle do not.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipOf } from '../bundle.ts';
import { root } from '../handlers.ts';

const { zip } = await zipOf('responder');
await writeFile(join(root, 'packages/core/dist/responder.zip'), zip);
