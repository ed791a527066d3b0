import type { Principal } from '../../principal.ts';
import type { Home } from '../stack.ts';

/** Who looks, and where. */
export interface LookupCaller extends Home {
  readonly principal: Principal;
}
