/** `npm run reference` writes handlers/README.md; `npm run check` says when it is no longer what the definitions say. */
import { writeFileSync } from 'node:fs';
import { page, pagePath } from './reference/page.ts';

writeFileSync(pagePath, await page());
