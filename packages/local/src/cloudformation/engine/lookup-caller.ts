import type { Principal } from '../../principal.ts';
import type { Home } from '../stack.ts';

/** Who looks, and where. */
export interface Looking extends Home {
  readonly principal: Principal;
}
