/** The form of a domain id. Ids that CloudFormation generates contain capital letters. */
export const domainIdForm = /^(?=.{3,63}$)d-(-*[a-z0-9]){1,61}$/;

export function isDomainId(id: string): boolean {
  return domainIdForm.test(id);
}
